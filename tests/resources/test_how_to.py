"""docs/publish-a-legacy-system.md, done as it stands there."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from integrations.domain import clients
from integrations.models import Endpoint
from tests.api.asking import program
from tests.resources import house
from tests.resources.database import runner

pytestmark = pytest.mark.db
TEXT = (Path(__file__).parents[2] / "docs" / "publish-a-legacy-system.md").read_text()
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)


def of(kind: str) -> list[str]:
    return [text for name, text in BLOCKS if name == kind]


def test_what_the_page_says_is_what_happens(kestrel, tmp_path):
    clients.forget()
    url = f"sqlite:///{tmp_path / 'old.db'}"
    run = runner(create_engine(url))
    for statement in of("sql")[0].split(";\n"):
        if statement.strip():
            run(statement.strip().rstrip(";"))
    erp: Endpoint = house.endpoint(kestrel, url)
    definition, *answers = map(json.loads, of("json"))
    house.publish(kestrel, erp, draft=definition)
    app: Any = program(kestrel, "resources.read", "resources.create", customer_id=kestrel.harbor)
    asked = of("http")
    assert len(asked) == len(answers) == 3
    for request, said in zip(asked, answers, strict=True):
        line, _, body = request.partition("\n")
        method, _, path = line.partition(" /api/v1/")
        answer = app.send(method, path, json.loads(body) if body else None)
        found = answer.json()
        if said.get("next") == "…":
            assert found.pop("next")
            said.pop("next")
        assert numbers_alike(found) == numbers_alike(said), answer.content
    assert app.get("resources/erp/openapi.json").json()["openapi"] == "3.1.0"
    clients.forget()


def numbers_alike(value: Any) -> Any:
    """SQLite keeps 61.50 as 61.5; other databases do not."""
    if isinstance(value, dict):
        return {name: numbers_alike(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return list(map(numbers_alike, value))
    is_decimal = isinstance(value, str) and re.fullmatch(r"\d+(\.\d+)?", value)
    return Decimal(value) if is_decimal else value
