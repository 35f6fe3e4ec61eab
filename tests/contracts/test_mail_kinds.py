"""Every kind of mail has a subject, a text and an HTML part."""

from pathlib import Path

import pytest

from groupsite.models import DeliveryKind

MAILS = Path(__file__).parent.parent.parent / "templates" / "email"


@pytest.mark.parametrize("part", ["subject.txt", "body.txt", "body.html"])
@pytest.mark.parametrize("kind", DeliveryKind)
def test_mail_kind_has_its_part(kind: DeliveryKind, part: str) -> None:
    assert (MAILS / kind.value / part).read_text().strip()


def test_no_folder_is_left_of_a_kind_that_is_gone() -> None:
    folders = {path.name for path in MAILS.iterdir() if path.is_dir() and not path.name.startswith("_")}
    assert folders == {kind.value for kind in DeliveryKind}
