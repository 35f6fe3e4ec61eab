"""A worker is killed with a mail in its hand. The next one sends what is left: nothing lost, nothing twice elsewhere."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, delete, func, select
from sqlalchemy.orm import Session

from dev.services import Valkey, start_valkey
from groupsite.config import Settings
from groupsite.domain.permissions import VISITOR
from groupsite.formats import group_file
from groupsite.mail.vault import Vault
from groupsite.models import Delivery, DeliveryState
from groupsite.services import demo, group_files, planning
from tests.plugins.application import MORNING, SAMPLE
from tests.smtp_server import Server, smtp_server

PATIENCE = 60.0
ROOT = Path(__file__).resolve().parents[2]
EVENING = datetime(2026, 11, 24, 21, 1, tzinfo=UTC)
LATER = EVENING + timedelta(minutes=3)
"""After every lease that the killed worker held."""


@dataclass
class Stage:
    """A database with reminders due at EVENING, an SMTP server, and processes that send."""

    database_url: str
    redis_url: str
    secret: str
    server: Server

    def start(self, moment: datetime) -> "subprocess.Popen[bytes]":
        environment = os.environ | {
            "ENVIRONMENT": "testing",
            "SECRET_KEY": self.secret,
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "MAIL_URL": self.server.url,
        }
        command = [sys.executable, "-m", "tests.chaos.job", "deliver", moment.isoformat()]
        return subprocess.Popen(command, cwd=ROOT, env=environment)

    def work(self, moment: datetime) -> None:
        worker = self.start(moment)
        assert worker.wait(PATIENCE) == 0

    def kill_at(self, line: str, moment: datetime) -> None:
        """A worker starts, is held at this line of the dialogue, and is killed there."""
        self.server.hold(line)
        worker = self.start(moment)
        assert self.server.is_held.wait(PATIENCE)
        worker.kill()
        worker.wait(PATIENCE)
        self.server.release()

    def owe_only_one(self) -> None:
        engine = create_engine(self.database_url)
        with Session(engine) as session:
            planned = select(Delivery.id).where(Delivery.due_at <= EVENING, Delivery.state == DeliveryState.PLANNED)
            latest = planned.order_by(Delivery.due_at.desc()).limit(1)
            session.execute(delete(Delivery).where(Delivery.id.not_in(latest)))
            session.commit()
        engine.dispose()

    def states(self) -> Counter[DeliveryState]:
        engine = create_engine(self.database_url)
        with Session(engine) as session:
            due = (
                select(Delivery.state, func.count().label("owed"))
                .where(Delivery.due_at <= EVENING)
                .group_by(Delivery.state)
            )
            found = Counter({row.state: row.owed for row in session.execute(due)})
        engine.dispose()
        return found


@pytest.fixture
def stage(new_database: Callable[[], str], settings: Settings, valkey_server: Valkey) -> Iterator[Stage]:
    secret = settings.secret_key.get_secret_value()
    database_url = new_database()
    _owe(database_url, secret)
    with smtp_server() as server:
        yield Stage(database_url, valkey_server.url(), secret, server)


def _owe(database_url: str, secret: str) -> None:
    engine = create_engine(database_url)
    with Session(engine) as session:
        document = group_file.parse(SAMPLE.read_bytes())
        group_files.load(session, VISITOR, document, now=MORNING)
        demo.load_people(session, document, now=MORNING, vault=Vault(secret))
        planning.plan(session, now=EVENING - timedelta(minutes=2), ahead=timedelta(days=2))
        session.commit()
    engine.dispose()


def test_worker_killed_before_the_body_leaves_loses_and_doubles_nothing(stage: Stage) -> None:
    owed = stage.states()[DeliveryState.PLANNED]
    stage.kill_at("MAIL", EVENING)
    assert stage.server.letters() == []
    stage.work(EVENING)
    assert stage.server.letters() == []
    stage.work(LATER)
    assert len(stage.server.letters()) == len(set(stage.server.letters())) == owed > 0
    assert stage.states()[DeliveryState.SENT] == owed


def test_worker_killed_before_the_answer_sends_that_one_mail_again_under_its_name(stage: Stage) -> None:
    owed = stage.states()[DeliveryState.PLANNED]
    stage.kill_at("DATA", EVENING)
    doubtful = stage.server.letters()[0]
    stage.work(LATER)
    stage.work(LATER + timedelta(minutes=1))
    copies = Counter(stage.server.letters())
    assert copies.pop(doubtful) == 2
    assert len(copies) == owed - 1
    assert set(copies.values()) <= {1}
    assert stage.states()[DeliveryState.SENT] == owed


def test_mail_in_the_hands_of_two_killed_workers_is_unknown_and_not_sent_again(stage: Stage) -> None:
    stage.owe_only_one()
    stage.kill_at("DATA", EVENING)
    stage.kill_at("DATA", LATER)
    stage.work(LATER + timedelta(minutes=3))
    assert stage.states() == {DeliveryState.UNKNOWN: 1}
    assert len(stage.server.letters()) == 2
    assert len(set(stage.server.letters())) == 1


def test_emptied_queue_loses_no_mail(stage: Stage, valkey_server: Valkey, tmp_path: Path) -> None:
    owed = stage.states()[DeliveryState.PLANNED]
    valkey_server.stop(kill=True)
    valkey_server.wipe()
    again = start_valkey(tmp_path / "valkey", port=valkey_server.port, durable=False)
    stage.work(EVENING)
    again.stop(kill=True)
    assert len(stage.server.letters()) == len(set(stage.server.letters())) == owed > 0
