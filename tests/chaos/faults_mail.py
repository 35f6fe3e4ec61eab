"""F7 and F14: a mail server that refuses, stalls, drops and drips, and mails that cannot be written."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from tests.chaos.audit import ENDS, Audit, audit, read_book, read_rows
from tests.chaos.house import House
from tests.chaos.people import Person, crowd
from tests.chaos.size import Size
from tests.chaos.stage import Stage, set_up
from tests.chaos.weather import Weather, turn

LIMIT = 240.0
FAST = 30.0
"""A back-off of five minutes takes ten seconds, a lease four."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a reminder ends under one mood of the mail server, and how many copies there are of it."""

    state: str
    copies: int


OUTCOMES = {
    "calm": Outcome("sent", 1),
    "busy421": Outcome("sent", 1),
    "busy450": Outcome("sent", 1),
    "busy451": Outcome("sent", 1),
    "full452": Outcome("sent", 1),
    "grey": Outcome("sent", 1),
    "nobody": Outcome("suppressed", 0),
    "large": Outcome("failed", 0),
    "unwanted": Outcome("sent", 1),
    "drop": Outcome("sent", 2),
    "droptwice": Outcome("unknown", 2),
    "cut": Outcome("sent", 1),
    "stall": Outcome("sent", 2),
    "drip": Outcome("sent", 1),
}
QUICK = ("calm", "busy450", "nobody", "large", "drop", "droptwice", "cut")


def refused(house: House, size: Size) -> Audit:
    """F7, by recipient: each gets what her mail server's mood deserves, and nobody suffers from another one's."""
    moods = QUICK if size.is_small else tuple(OUTCOMES)
    with set_up(house, "f7", size.chance("f7"), speed=FAST) as stage:
        groups = {mood: _few(stage, mood) for mood in moods}
        stage.settle([one for some in groups.values() for one in some])
        stage.worker()
        with stage.ringing():
            stage.drain(seconds=LIMIT)
        found = audit(stage, extras_at_most=None, may_end=ENDS)
        _expect_outcomes(found, stage, groups)
        return found


def _few(stage: Stage, mood: str) -> list[Person]:
    count = 100 if mood == "calm" else 2
    return crowd(stage.chance, count, since=stage.now(), until=stage.now(), groups=1, mood=mood)


def _expect_outcomes(found: Audit, stage: Stage, groups: dict[str, list[Person]]) -> None:
    rows = {row.account: row for row in read_rows(stage)}
    copies = Counter(one.recipient for one in read_book(stage))
    for mood, some in groups.items():
        wanted = OUTCOMES[mood]
        for person in some:
            got = Outcome(rows[person.account].state, copies[person.address])
            found.expect(got == wanted, f"{person.address}: {got.state} with {got.copies} copies")
    tries = Counter(one.recipient for one in read_book(stage, "refused"))
    again = [one.address for one in groups.get("nobody", []) if tries[one.address] != 1]
    found.expect(not again, f"tried again though there is no such mailbox: {again}")
    with stage.connection() as connection:
        stopped = connection.execute("SELECT count(*) FROM suppression WHERE since IS NOT NULL").fetchone()
    found.expect(stopped == (len(groups.get("nobody", [])),), f"{stopped} addresses are stopped")


@dataclass(frozen=True, slots=True)
class Forecast:
    """Under bad weather: MAIL_URL, whether the sender rests because it is our fault, whether mail is taken all the same."""

    url: str = "smtp://127.0.0.1:{port}"
    rests: bool = False
    takes: bool = False


BAD_WEATHER = {
    Weather.WRONG_PASSWORD: Forecast("smtp://somebody:wrong@127.0.0.1:{port}", rests=True),
    Weather.NO_TLS: Forecast("smtp://127.0.0.1:{port}?tls=starttls", rests=True),
    Weather.BROKEN_TLS: Forecast("smtp://127.0.0.1:{port}?tls=starttls", rests=True),
    Weather.POLICY: Forecast(rests=True),
    Weather.GREETING_421: Forecast(),
    Weather.AWAY: Forecast(),
    Weather.SLOW_GREETING: Forecast(takes=True),
}


def server_refuses_all(house: House, size: Size) -> Audit:
    """F7, for everybody: the sender rests and says so, nobody is blamed, and all of it goes out when the weather turns."""
    weathers = [Weather.WRONG_PASSWORD] if size.is_small else list(BAD_WEATHER)
    with set_up(house, "f7_all", size.chance("f7 all"), speed=0.0) as stage:
        crowds = _an_hour_apart(stage, len(weathers))
        found_faults = []
        for weather, some in zip(weathers, crowds, strict=True):
            turn(stage.book, weather)
            before = stage.taken()
            stage.run_job("deliver", CHAOS_NOW=some[0].due_at.isoformat(), MAIL_URL=_url(stage, weather))
            found_faults += _faults_under(stage, weather, stage.taken() - before)
            turn(stage.book, Weather.FAIR)
            stage.run_job("deliver", CHAOS_NOW=(some[0].due_at + timedelta(minutes=30)).isoformat())
        found = audit(stage, extras_at_most=0)
        found.faults += found_faults
        found.expect(found.count("sent") == found.owed, f"{found.count('sent')} of {found.owed} sent")
        return found


def _an_hour_apart(stage: Stage, count: int) -> list[list[Person]]:
    crowds = []
    for number in range(count):
        moment = stage.now() + timedelta(hours=number)
        crowds.append(crowd(stage.chance, 15, since=moment, until=moment, groups=1, tag=f"{number}-"))
    stage.settle([one for some in crowds for one in some])
    stage.run_job("plan", *[some[0].due_at for some in crowds])
    return crowds


def _url(stage: Stage, weather: Weather) -> str:
    return BAD_WEATHER[weather].url.format(port=stage.port)


def _faults_under(stage: Stage, weather: Weather, taken: int) -> list[str]:
    with stage.connection() as connection:
        rests = connection.execute("SELECT count(*) FROM sender_pause WHERE resumed_at IS NULL").fetchone()
        blamed = connection.execute("SELECT count(*) FROM suppression").fetchone()
    forecast = BAD_WEATHER[weather]
    faults = [f"{weather}: {taken} mails were taken"] if bool(taken) != forecast.takes else []
    faults += [f"{weather}: pauses of the sender: {rests}"] if rests != (int(forecast.rests),) else []
    return faults + ([f"{weather}: {blamed} members are blamed"] if blamed != (0,) else [])


POISONS: dict[str, Callable[[Stage, Person], tuple[str, tuple[object, ...]]]] = {
    "an address with a line separator": lambda stage, one: (
        "UPDATE account SET email_sealed = %s WHERE id = %s",
        (stage.vault.seal("torn\u2028apart@chaos.invalid"), one.account),
    ),
    "a sealed address that nobody can open": lambda _stage, one: (
        "UPDATE account SET email_sealed = %s WHERE id = %s",
        (b"sealed elsewhere", one.account),
    ),
    "a zone that is none": lambda _stage, one: (
        "UPDATE account SET timezone = 'Atlantis/Centre' WHERE id = %s",
        (one.account,),
    ),
    "a title of many lines": lambda _stage, one: (
        "UPDATE occurrence SET title = %s WHERE series_id = %s",
        ("One\u2028two\u0085three\r\nBcc: somebody@chaos.invalid", one.group),
    ),
    "a note without an end": lambda _stage, one: (
        "UPDATE occurrence SET public_note = %s WHERE series_id = %s",
        ("Bring nothing. " * 500_000, one.group),
    ),
}
"""Each strikes one person, or the one group that she is in."""


def poisoned(house: House, size: Size) -> Audit:
    """F14: what cannot be written fails by itself, on record; everybody else is served in the same minutes."""
    with set_up(house, "f14", size.chance("f14"), speed=0.0) as stage:
        struck = {
            name: crowd(stage.chance, 1, since=stage.now(), until=stage.now(), groups=1, tag=f"p{number}-")[0]
            for number, name in enumerate(POISONS)
        }
        others = crowd(stage.chance, 60, since=stage.now(), until=stage.now(), groups=3)
        stage.settle([*struck.values(), *others])
        with stage.connection() as connection:
            for name, person in struck.items():
                statement, values = POISONS[name](stage, person)
                connection.execute(statement.encode(), values)
        stage.run_job("plan")
        stage.run_job("deliver")
        reached = {one.recipient for one in read_book(stage)}
        missed = [one.address for one in others if one.address not in reached]
        stage.run_job("deliver", *[stage.now() + timedelta(hours=hours) for hours in range(1, 13)])
        found = audit(stage, extras_at_most=0, may_end=("sent", "failed", "suppressed"))
        found.expect(not missed, f"{len(missed)} others were not reached at once")
        return found
