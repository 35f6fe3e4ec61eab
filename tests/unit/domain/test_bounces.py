"""Whose fault it is, by what mail servers say (RFC 3463), and how bad days of an address add up."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupsite.domain.bounces import (
    STOPS_AT,
    Fault,
    Step,
    enhanced_status,
    fault_of_reply,
    fault_of_status,
    fault_of_statuses,
    points,
    telling_status,
)

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        ("5.1.1", Fault.ADDRESS),
        ("5.1.2", Fault.ADDRESS),
        ("5.1.3", Fault.ADDRESS),
        ("5.1.6", Fault.ADDRESS),
        ("5.1.10", Fault.ADDRESS),
        ("4.1.1", Fault.MAILBOX),
        ("5.0.0", Fault.MAILBOX),
        ("5.1.0", Fault.MAILBOX),
        ("5.2.1", Fault.MAILBOX),
        ("5.2.2", Fault.MAILBOX),
        ("5.4.1", Fault.MAILBOX),
        ("5.4.4", Fault.MAILBOX),
        ("4.4.7", Fault.MAILBOX),
        ("5.1.7", Fault.POLICY),
        ("5.1.8", Fault.POLICY),
        ("5.7.1", Fault.POLICY),
        ("5.7.26", Fault.POLICY),
        ("4.7.0", Fault.POLICY),
        ("5.2.3", Fault.OTHER),
        ("5.3.4", Fault.OTHER),
        ("5.5.1", Fault.OTHER),
        ("5.6.0", Fault.OTHER),
    ],
)
def test_fault_of_status(status: str, fault: Fault) -> None:
    assert fault_of_status(status) is fault


def test_mildest_of_several_counts() -> None:
    assert fault_of_statuses(["5.1.1", "5.2.2"]) is Fault.MAILBOX
    assert fault_of_statuses(["5.1.1", "5.1.10"]) is Fault.ADDRESS
    assert fault_of_statuses(["5.1.1", "5.7.1"]) is Fault.POLICY


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("5.1.1 <ada@example.org>: Recipient address rejected", "5.1.1"),
        ("Sorry, no mailbox here by that name. (#5.1.1)", "5.1.1"),
        ("smtp; 550-5.1.1 The email account does not exist", "5.1.1"),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound", "5.1.10"),
        ("Connection from 5.1.1.2 refused", ""),
        ("host 192.5.1.1 said no", ""),
        ("Release 5.1.1.", "5.1.1"),
        ("5.1.1111", ""),
        ("no code at all", ""),
    ],
)
def test_enhanced_status_is_told_from_other_numbers(text: str, status: str) -> None:
    assert enhanced_status(text) == status


@pytest.mark.parametrize(
    ("status", "diagnostic", "telling"),
    [
        ("5.1.1", "smtp; 550 5.7.1 elsewhere", "5.1.1"),
        ("5.0.0", "smtp; 550 5.1.1 no such user", "5.1.1"),
        ("5.0.0", "smtp; 550 no such user", "5.0.0"),
        ("", "smtp; 452 try later", "4.0.0"),
        ("", "", "5.0.0"),
    ],
)
def test_report_that_says_nothing_is_read_in_the_reply_it_quotes(status: str, diagnostic: str, telling: str) -> None:
    assert telling_status(status, diagnostic) == telling


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("code", [530, 534, 535, 538])
def test_sign_in_is_never_the_members_fault(step: Step, code: int) -> None:
    assert fault_of_reply(step, code, "5.1.1") is Fault.AUTHENTICATION


@given(st.sampled_from(Step), st.integers(500, 599), st.integers(0, 9), st.integers(0, 99))
def test_address_is_blamed_only_for_what_is_said_of_it(step: Step, code: int, subject: int, detail: int) -> None:
    fault = fault_of_reply(step, code, f"5.{subject}.{detail}")
    if fault is Fault.ADDRESS:
        assert (step in {Step.RECIPIENT, Step.BODY}, subject, detail in {1, 2, 3, 6, 10}) == (True, 1, True)
    if subject == 7 and step is not Step.SIGN_IN:
        assert fault in {Fault.POLICY, Fault.AUTHENTICATION}


@given(st.text(max_size=300))
def test_any_text_has_a_status_or_none(text: str) -> None:
    status = enhanced_status(text)
    assert status == "" or fault_of_status(status) in Fault


def test_bad_days_add_up_to_a_stop_on_the_fourth() -> None:
    counted, last = 0, None
    for day in (TODAY + timedelta(days=after) for after in range(STOPS_AT)):
        for _ in range(3):
            counted, last = points(counted, last, day), day
    assert counted == STOPS_AT


def test_bad_days_are_forgotten_after_thirty_good_ones() -> None:
    assert points(3, TODAY, TODAY + timedelta(days=30)) == 4
    assert points(3, TODAY, TODAY + timedelta(days=31)) == 1
    assert points(3, TODAY, TODAY - timedelta(days=1)) == 3
