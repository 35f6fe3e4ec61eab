"""Every kind of mail, and what it says once all is called off, has a subject, first words, a text and an HTML part."""

from pathlib import Path

import pytest

from groupsite.models import DeliveryKind
from groupsite.services.letters import CALLED_OFF

MAILS = Path(__file__).parent.parent.parent / "templates" / "email"
LETTERS = [*(kind.value for kind in DeliveryKind), CALLED_OFF]


@pytest.mark.parametrize("part", ["subject.txt", "preheader.txt", "body.txt", "body.html"])
@pytest.mark.parametrize("kind", LETTERS)
def test_mail_kind_has_its_part(kind: str, part: str) -> None:
    assert (MAILS / kind / part).read_text().strip()


def test_no_folder_is_left_of_a_kind_that_is_gone() -> None:
    folders = {path.name for path in MAILS.iterdir() if path.is_dir() and not path.name.startswith("_")}
    assert folders == set(LETTERS)
