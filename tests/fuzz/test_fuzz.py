"""Whatever is sent to whatever address by whomever: an answer for people, never a breakdown (no 5xx, no traceback, no hang).

A short walk in each run of the tests, drawn anew each time; `make fuzz` walks for as long as it is told to.
"""

import faulthandler
import os
from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from groupsite.models import Heartbeat
from groupsite.services.health import HAVE_TO_RUN
from tests.fuzz import hostile
from tests.fuzz.forms import Form, forms_shown_to
from tests.plugins.application import MORNING
from tests.worlds import EVERYBODY, GROUP, World, become, form_token, rules, values_of

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "40"))
"""For each kind of person and each of the walks."""
HANGS_AFTER = 60
"""Seconds after which a request that does not come back ends the run, with where it stands."""
METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH")
HANDS_ON = {"safety.leave"}
"""Its answer ends the session, which the later examples need."""
drawn = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Walker:
    """One kind of person, whose every step is undone."""

    def __init__(self, world: World, session: Session, person: str) -> None:
        self.world = world
        self.browser, _ = become(world.app, session, person)
        self.token = form_token(self.browser)
        self.cookie = self.browser.session_id()
        self.forms = forms_shown_to(world, self.browser)

    def step(self, path: str, method: str, **request: object) -> TestResponse:
        undo = self.world.connection.begin_nested()
        faulthandler.dump_traceback_later(HANGS_AFTER, exit=True)
        answer: TestResponse = self.browser.client.open(path, method=method, buffered=True, **request)  # type: ignore[arg-type]
        faulthandler.cancel_dump_traceback_later()
        if undo.is_active:
            undo.rollback()
        self.browser.client.set_cookie("id", self.cookie)
        return answer


@pytest.fixture(params=sorted(EVERYBODY))
def walker(
    app: Flask, connection: Connection, session: Session, sample: None, request: pytest.FixtureRequest
) -> Walker:
    session.add_all(Heartbeat(name=job, at=MORNING) for job in HAVE_TO_RUN)
    world = World(app, connection, values_of(session, GROUP))
    session.commit()
    return Walker(world, session, request.param)


def breakdowns(answer: TestResponse) -> list[str]:
    """What must never be in an answer; nothing if it is fine."""
    found = [f"status {answer.status_code}"] if answer.status_code >= 500 else []
    injected = "X-Injected" in answer.headers
    return found + ["a traceback"] * ("Traceback" in answer.text) + ["a header of the sender's"] * injected


@drawn
@given(data=st.data())
def test_forms_take_anything(walker: Walker, data: st.DataObject) -> None:
    form: Form = data.draw(st.sampled_from(walker.forms), label="form") if walker.forms else Form("/", "/")
    fields: dict[str, object] = dict(form.untouched)
    for name in (
        data.draw(st.sets(st.sampled_from(sorted(form.fields)), max_size=4), label="changed") if form.fields else ()
    ):
        offered = st.sampled_from(form.fields[name])
        fields[name] = data.draw(st.one_of(hostile.texts, offered, st.lists(hostile.texts, max_size=3)), label=name)
    answer = walker.step(form.action, "POST", data=fields | {"csrf_token": walker.token})
    assert breakdowns(answer) == []


@drawn
@given(data=st.data())
def test_addresses_take_anything(walker: Walker, data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from([one for one, _, _ in rules(walker.world.app) if one.endpoint not in HANDS_ON]))
    known = {str(value) for name, value in walker.world.values.items() if name in rule.arguments}
    segments = [
        quote(data.draw(hostile.parts, label=one), safe="") if one in known and data.draw(st.booleans()) else one
        for one in walker.world.path(rule).split("/")
    ]
    query = data.draw(st.dictionaries(st.sampled_from(hostile.QUESTIONS), hostile.texts, max_size=3), label="query")
    method, sent = data.draw(st.sampled_from(METHODS), label="method"), data.draw(hostile.headers, label="headers")
    answer = walker.step("/".join(segments), method, query_string=query, headers=sent)
    assert breakdowns(answer) == []


@drawn
@given(path=st.text(max_size=60), body=st.binary(max_size=400), sent=hostile.headers, method=st.sampled_from(METHODS))
def test_bytes_of_any_kind_are_answered(
    walker: Walker, path: str, body: bytes, sent: dict[str, str], method: str
) -> None:
    assert breakdowns(walker.step(f"/{quote(path)}", method, data=body, headers=sent)) == []
