"""Every fault that is injected, in the order of the table."""

from tests.chaos import (
    faults_clocks,
    faults_mail,
    faults_many,
    faults_races,
    faults_releases,
    faults_senders,
    faults_services,
    faults_storm,
)
from tests.chaos.report import Scenario

CATALOGUE: list[tuple[str, str, Scenario]] = [
    ("F1", "senders killed at random", faults_senders.killed_at_random),
    ("F2", "a sender killed at each of five points", faults_senders.killed_at_a_point),
    ("F3", "a sender asleep past its lease", faults_senders.stopped_past_its_lease),
    ("F4", "queue killed, emptied, full, hung a minute", faults_services.queue_troubled),
    ("F5", "no queue for an hour, nobody rings", faults_services.queue_absent),
    ("F6", "database fallen, sessions cut, read-only", faults_services.database_troubled),
    ("F6", "disk full", faults_services.disk_filled),
    ("F7", "mail refused, dropped, stalled, dripped", faults_mail.refused),
    ("F7", "mail server refuses everybody", faults_mail.server_refuses_all),
    ("F8", "clocks hours apart, and set right slowly", faults_clocks.clocks_apart),
    ("F9", "clock changes in six zones", faults_clocks.zones_change),
    ("F10", "five planners, two stacks, seven beats", faults_many.crowded),
    ("F11", "every bell three times, in heaps, late", faults_services.rung_for_thrice),
    ("F12", "workers replaced, schema back and ahead", faults_releases.rolled),
    ("F13", "leaving, stopping, deleting as mail leaves", faults_races.raced),
    ("F14", "mails that cannot be written", faults_mail.poisoned),
    ("F15", "everything killed, back after 15 minutes", faults_senders.all_killed),
    ("all", "senders, queue and database in one storm", faults_storm.usual),
]
AT_LENGTH: list[tuple[str, str, Scenario]] = [
    ("F12", "workers replaced twenty times", faults_releases.rolled_at_length),
    ("all", "senders, queue and database in one storm", faults_storm.full),
]
"""Each with 100,000 reminders."""
