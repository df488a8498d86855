"""The documentation of the configuration file holds what it says."""

import json
from pathlib import Path

import pytest

from integrations import configfile
from integrations.configfile.shape import SCHEMA
from portal.customers.models import Customer
from portal.demo.memory import make_key
from tests.integrations.configuration import refusal

pytestmark = pytest.mark.db

DOCS = Path(__file__).parents[2] / "docs"


def walk_through() -> str:
    return (DOCS / "walk-through.md").read_text()


def block(text: str, start: str) -> str:
    """The fenced block of a document that starts with `start`."""
    (found,) = (part for part in text.split("```")[1::2] if part.startswith(start))
    return found.removeprefix("yaml")


def test_the_schema_in_the_docs_is_the_one_files_are_checked_with():
    copy = DOCS / "configuration.schema.json"
    assert copy.read_bytes() == SCHEMA.read_bytes(), f"cp {SCHEMA} {copy}"


def test_the_walk_through_applies_as_it_is_printed(kestrel):
    Customer.objects.all().delete()
    file = block(walk_through(), "yaml\ncustomers")
    variables = ("HARBOR_CONSUMER_KEY", "HARBOR_CONSUMER_SECRET", "HARBOR_WEBHOOK_SECRET")
    keys = {"NORTHWIND_PRIVATE_KEY": make_key().private}
    lines = configfile.apply(file.encode(), environment={**dict.fromkeys(variables, "x"), **keys})
    assert lines == block(walk_through(), "\ncreated customer").strip().splitlines()


def test_the_fault_in_the_walk_through_is_told_as_it_is_printed(kestrel):
    file = block(walk_through(), "yaml\ncustomers").removeprefix("\n")
    (printed,) = block(walk_through(), "\nharbor.yaml:").strip().splitlines()
    faults = refusal(file.replace("to: harborrno", "to: harborreno"))
    assert printed in [f"harbor.yaml:{f.line}: {f.path}: {f.text}" for f in faults]


def test_every_key_of_the_schema_is_in_the_documentation():
    text = (DOCS / "configuration.md").read_text()
    kinds = json.loads(SCHEMA.read_bytes())["$defs"].values()
    keys = {key for kind in kinds for key in kind.get("properties", {})}
    assert {key for key in keys if f"`{key}`" not in text} == set()
