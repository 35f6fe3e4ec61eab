from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from groupsite.domain.permissions import Belonging, Identity
from groupsite.domain.visits import SURE_FOR, idle_limit, is_sure
from groupsite.domain.words import Role

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def somebody(*roles: Role, is_admin: bool = False) -> Identity:
    belonging = Belonging(uuid4(), "Charlie", frozenset({Role.MEMBER, *roles}))
    return Identity(account_id=uuid4(), is_admin=is_admin, belongings={uuid4(): belonging})


@pytest.mark.parametrize(
    ("who", "minutes"),
    [(somebody(), 30), (somebody(is_admin=True), 15)]
    + [(somebody(role), 15) for role in Role if role is not Role.MEMBER],
)
def test_visit_ends_sooner_for_those_who_see_more_of_others(who: Identity, minutes: int) -> None:
    assert idle_limit(who, is_shared=False) == timedelta(minutes=minutes)
    assert idle_limit(who, is_shared=True) == timedelta(minutes=10)


def test_browser_is_sure_until_ten_minutes_are_over() -> None:
    assert is_sure(NOON - SURE_FOR + timedelta(seconds=1), NOON)
    assert not is_sure(NOON - SURE_FOR, NOON)
    assert not is_sure(None, NOON)
