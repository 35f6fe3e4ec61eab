"""docker-compose.yml follows the Compose specification and describes the system of the Procfile and the settings."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose

from groupsite.config import Settings

ROOT = Path(__file__).parent.parent.parent
PROCFILE = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {"migrate", "web", "worker", "beat"}


def test_file_follows_the_specification() -> None:
    assert set(PyCompose.from_json(json.dumps(COMPOSE)).service_names()) == set(SERVICES)


def test_every_process_of_the_procfile_has_its_service() -> None:
    assert set(PROCFILE) | {"migrate", "postgres", "valkey", "mailpit"} == set(SERVICES)


@pytest.mark.parametrize("name", sorted(PROCFILE))
def test_service_starts_the_process_of_its_name(name: str) -> None:
    assert SERVICES[name]["command"] == ["./process", name]


def test_everything_long_lived_is_watched_and_restarted() -> None:
    lasting = {name: service for name, service in SERVICES.items() if name != "migrate"}
    assert [name for name, service in lasting.items() if "healthcheck" not in service] == []
    assert {service["restart"] for service in lasting.values()} == {"unless-stopped"}


def test_ours_wait_for_the_migration() -> None:
    for name in OURS - {"migrate"}:
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_data_lies_in_named_volumes() -> None:
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert used == set(COMPOSE["volumes"])


def test_settings_come_from_the_environment_file_and_no_secret_is_here() -> None:
    assert all(SERVICES[name]["env_file"] == ".env" for name in OURS)
    passwords = re.findall(r"PASSWORD: (.+)", (ROOT / "docker-compose.yml").read_text())
    assert all(value.startswith("${POSTGRES_PASSWORD:?") for value in passwords)


def test_images_are_pinned() -> None:
    images = {service["image"] for service in SERVICES.values()}
    assert [image for image in images if ":" not in image or image.endswith(":latest")] == []


def test_example_names_every_setting_and_nothing_else() -> None:
    named = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert named - {"POSTGRES_PASSWORD"} == {name.upper() for name in Settings.model_fields}


def test_image_holds_what_the_processes_need() -> None:
    copied = set(re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
    assert {"groupsite", "templates", "migrations", "Procfile process celery_worker.py"} <= copied
