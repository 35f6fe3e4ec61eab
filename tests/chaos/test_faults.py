"""A small run of some faults that `make chaos` injects, and the parts of it that must not be wrong themselves."""

from collections.abc import Iterator

import pytest

from tests.chaos import faults_mail, faults_races, faults_senders, faults_services
from tests.chaos.failpoints import Step, step_of
from tests.chaos.house import House, open_house
from tests.chaos.report import Scenario
from tests.chaos.size import small

SEED = 4
CHOSEN = [
    faults_senders.killed_at_a_point,
    faults_senders.stopped_past_its_lease,
    faults_services.database_troubled,
    faults_mail.refused,
    faults_races.raced,
]


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with open_house() as found:
        yield found


@pytest.mark.parametrize("scenario", CHOSEN, ids=lambda scenario: scenario.__name__)
def test_nobody_is_lost_and_no_copy_is_without_its_record(house: House, scenario: Scenario) -> None:
    found = scenario(house, small(SEED))
    assert found.faults == []
    assert found.lost == 0


@pytest.mark.parametrize(
    ("statement", "step"),
    [
        (
            "UPDATE delivery SET state=%s, fence=1 WHERE id IN (SELECT id FROM delivery FOR UPDATE SKIP LOCKED)",
            Step.CLAIM,
        ),
        ("UPDATE delivery SET attempt=%s, handed_over_at=%s WHERE delivery.id = %s", Step.LEAVING),
        ("WITH held AS (SELECT 1)\n UPDATE delivery\n SET handed_over_at = %s FROM held WHERE 1 = 1", Step.LEAVING),
        ("UPDATE delivery SET state=%s, sent_at=%s, lease_until=%s WHERE delivery.id = %s", Step.SENT),
        ("UPDATE delivery SET state=%s, handed_over_at=%s WHERE delivery.lease_until < %s", Step.OTHER),
        ("SELECT state, handed_over_at FROM delivery", Step.OTHER),
    ],
)
def test_statement_is_recognised_by_what_it_does(statement: str, step: Step) -> None:
    assert step_of(statement) is step
