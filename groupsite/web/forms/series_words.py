"""What a facilitator fills in about a series apart from its dates: name, matter, place and way in."""

from flask_wtf import FlaskForm

from groupsite.domain.join_info import DEFAULT_WINDOW_MINUTES, JoinInfo
from groupsite.domain.schedule import Venue
from groupsite.domain.words import WITH_A_PLACE, Kind, Modality, Reveal
from groupsite.services.series import SeriesWords
from groupsite.web.forms.answers import answer, text
from groupsite.web.forms.choices import KINDS, MODALITIES, REVEALS, one_of, pick
from groupsite.web.forms.conditions import OnlyWith
from groupsite.web.forms.quantities import whole
from groupsite.web.forms.texts import line, secure_link

FROM_ELSEWHERE = (Modality.ONLINE, Modality.HYBRID, Modality.PHONE)
LONGEST_WINDOW = 24 * 60


def _in_a_room() -> OnlyWith:
    return OnlyWith("modality", *WITH_A_PLACE)


def _from_elsewhere() -> OnlyWith:
    return OnlyWith("modality", *FROM_ELSEWHERE)


class WordsForm(FlaskForm):
    """Everything about a series but its dates. `words` is what it asks for."""

    title = line("Name of the meeting", needed="Please give the meeting a name.", longest=80)
    kind = pick("What it is about", KINDS, default=Kind.SHARING)
    modality = one_of("How people meet", MODALITIES, default=Modality.IN_PERSON)

    venue_name = line("Name of the place", first=_in_a_room())
    venue_address = line("Address", longest=120, first=_in_a_room())
    venue_access = line("Getting in", longest=300, first=_in_a_room())

    join_url = line("Link", longest=500, first=_from_elsewhere(), also=[secure_link])
    join_passcode = line("Passcode for the link", longest=60, first=_from_elsewhere())
    join_phone = line("Telephone number", longest=40, first=_from_elsewhere())
    join_access_code = line("Code for the telephone", longest=60, first=_from_elsewhere())
    reveal = one_of("Who sees these?", REVEALS, default=Reveal.MEMBERS)
    window_minutes = whole(
        "Minutes before the start",
        0,
        LONGEST_WINDOW,
        "minutes",
        first=OnlyWith("reveal", Reveal.WINDOW, needed="Please say how many minutes before."),
        default=DEFAULT_WINDOW_MINUTES,
    )

    @property
    def words(self) -> SeriesWords:
        return SeriesWords(text(self.title), Kind(self.kind.data), Modality(self.modality.data), self.venue, self.join)

    @property
    def venue(self) -> Venue | None:
        if self.modality.data not in WITH_A_PLACE or not (self.venue_name.data or self.venue_address.data):
            return None
        return Venue(text(self.venue_name), text(self.venue_address), text(self.venue_access))

    @property
    def join(self) -> JoinInfo | None:
        if self.modality.data not in FROM_ELSEWHERE:
            return None
        join = JoinInfo(
            url=text(self.join_url),
            phone=text(self.join_phone),
            passcode=text(self.join_passcode),
            access_code=text(self.join_access_code),
            reveal=Reveal(self.reveal.data),
            window_minutes=self._window,
        )
        return None if join.is_empty else join

    @property
    def _window(self) -> int:
        return answer(self.window_minutes, int) if self.reveal.data == Reveal.WINDOW else DEFAULT_WINDOW_MINUTES


def words_in(
    title: str, kind: Kind, modality: Modality, venue: Venue | None, join: JoinInfo | None
) -> dict[str, object]:
    """The answers that ask for these words: the form as it was filled in."""
    place, way_in = venue or Venue(""), join or JoinInfo()
    return {
        "title": title, "kind": kind, "modality": modality,
        "venue_name": place.name, "venue_address": place.address, "venue_access": place.access_notes,
        "join_url": way_in.url, "join_passcode": way_in.passcode, "join_phone": way_in.phone,
        "join_access_code": way_in.access_code, "reveal": way_in.reveal, "window_minutes": way_in.window_minutes,
    }  # fmt: skip
