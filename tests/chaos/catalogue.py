"""Every fault that is injected, in the order of the table."""

from tests.chaos import faults_senders
from tests.chaos.report import Scenario

CATALOGUE: list[tuple[str, str, Scenario]] = [
    ("F1", "senders killed at random", faults_senders.killed_at_random),
    ("F2", "a sender killed at each of five points", faults_senders.killed_at_a_point),
    ("F3", "a sender asleep past its lease", faults_senders.stopped_past_its_lease),
    ("F12", "workers replaced under load", faults_senders.rolled),
    ("F15", "everything killed, back after a while", faults_senders.all_killed),
]
STORM: list[tuple[str, str, Scenario]] = []
