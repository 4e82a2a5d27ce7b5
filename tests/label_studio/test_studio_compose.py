"""The compose file in docs/studio.md, which no test can run: what can be known of it without containers."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from variorum.label_studio import environment

PAGE = Path(__file__).resolve().parents[2] / "docs" / "studio.md"
SERVICES_OWN = {"POSTGRES_DB", "POSTGRES_USER", "POSTGRES_PASSWORD"}  # of the image `postgres`
ADDRESS = "https://label.example.org"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    value: dict[str, Any] = yaml.safe_load(block)
    return value


def test_its_references_hold(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(compose) == {"services", "volumes"}
    known = {"image", "restart", "depends_on", "expose", "environment", "volumes", "ports", "command"}
    assert [name for name, service in services.items() if set(service) - known] == []
    assert {each for service in services.values() for each in service.get("depends_on", ())} <= services.keys()
    mounted = {volume.split(":")[0] for service in services.values() for volume in service.get("volumes", ())}
    assert mounted == compose["volumes"].keys()


def test_the_parts_fit_together(compose: dict[str, Any]) -> None:
    app, db, proxy = (compose["services"][name] for name in ("app", "db", "proxy"))
    assert app["image"] == f"heartexlabs/label-studio:{environment.VERSION}"
    said, database = app["environment"], db["environment"]
    assert (said["DJANGO_DB"], said["POSTGRE_HOST"]) == ("default", "db")
    names = [
        ("POSTGRE_NAME", "POSTGRES_DB"),
        ("POSTGRE_USER", "POSTGRES_USER"),
        ("POSTGRE_PASSWORD", "POSTGRES_PASSWORD"),
    ]
    assert [said[one] == database[other] for one, other in names] == [True] * 3 and set(database) == SERVICES_OWN
    assert said["LABEL_STUDIO_HOST"] == said["CSRF_TRUSTED_ORIGINS"] == ADDRESS
    assert f"--from {ADDRESS.removeprefix('https://')} --to app:{app['expose'][0]}" in proxy["command"]
    secret = {key: value for key, value in said.items() if "PASSWORD" in key}
    assert all(re.fullmatch(r"\$\{\w+\}", value) for value in secret.values()) and len(secret) == 2
    assert said.items() >= environment.SETTINGS.items(), "it is no more talkative than a server of one's own"


@pytest.mark.studio
def test_the_server_knows_its_variables(compose: dict[str, Any], venv: Path) -> None:
    (package,) = venv.glob("lib/python3*/site-packages/label_studio")
    files = (path for path in package.rglob("*.py") if "migrations" not in path.parts)
    sources = "".join(path.read_text(encoding="utf-8") for path in files)
    wanted = {name.removeprefix("LABEL_STUDIO_") for name in compose["services"]["app"]["environment"]}
    assert [name for name in sorted(wanted) if not re.search(rf"['\"](LABEL_STUDIO_)?{name}['\"]", sources)] == []
