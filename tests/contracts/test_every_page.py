"""What holds for each page there is, whoever looks and however it ends: a way out and help first, and nothing that tells."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from tests.browser import Browser
from tests.integration.test_frame import Reachable
from tests.worlds import EVERYBODY, GROUP, World, become, rules, values_of

TITLE = re.compile(r"<title>\s*(.*?)\s*</title>", re.DOTALL)
TELLING = re.compile(
    r"lantern|share|group|meeting|recover|coda|anon|support|depend|crisis|abuse|violen|suicid|alcohol|drink|addict|"
    r"therap|helpline|shelter|panic|hide|safe",
    re.IGNORECASE,
)
TELLING_IN_PATHS = re.compile(
    r"coda|anon|support|depend|crisis|abuse|violen|suicid|alcohol|drink|addict|therap|helpline|shelter|panic|sponsor",
    re.IGNORECASE,
)


@pytest.fixture
def world(app: Flask, connection: Connection, session: Session, sample: None) -> World:
    values = values_of(session, GROUP) | {"code": "gb"}
    session.commit()
    return World(app, connection, values)


@pytest.mark.parametrize("person", sorted(EVERYBODY))
def test_each_page_leads_out_first_and_tells_nothing_in_its_title(
    app: Flask, world: World, session: Session, person: str
) -> None:
    client, _ = become(app, session, person)
    wrong, titles = [], set()
    for rule, method, _ in rules(app):
        answer = world.ask(client, rule, method, token="")
        if answer.mimetype != "text/html" or "Location" in answer.headers:
            continue
        reachable = Reachable()
        reachable.feed(answer.text)
        found = TITLE.search(answer.text)
        titles.add(found[1] if found else "")
        if reachable.found[:3] != ["#main", "/leave", "/help"] or not found or TELLING.search(found[1]):
            wrong.append((method, rule.rule, answer.status_code, reachable.found[:3], found and found[1]))
    assert wrong == []
    assert len(titles) > 3


@pytest.mark.parametrize(
    "path", ["/nowhere", "/groups/%00", "/groups/nowhere", "/help/zz", "/meetings?tz=%00", "/u/x", "/a/x"]
)
def test_each_refusal_leads_out_first(client: Browser, path: str) -> None:
    reachable = Reachable()
    reachable.feed(client.get(path).text)
    assert reachable.found[:3] == ["#main", "/leave", "/help"]


def test_addresses_of_pages_tell_nothing(app: Flask) -> None:
    """What a browser keeps in its history; names of groups are chosen by those who run them."""
    assert [rule.rule for rule in app.url_map.iter_rules() if TELLING_IN_PATHS.search(rule.rule)] == []


def test_icon_and_scripts_tell_nothing(app: Flask) -> None:
    assert app.static_folder is not None
    names = [one.name for one in Path(app.static_folder).iterdir()]
    assert [name for name in names if TELLING_IN_PATHS.search(name)] == []
