"""What the catalogue says of connectors is what their manifests say."""

import tomllib
from pathlib import Path

import pytest
from django.core.management import call_command

from integrations.connectors import catalogue, registry
from integrations.connectors.catalogue import Check, Way
from integrations.connectors.manifest import Manifest

pytestmark = pytest.mark.pure

DESK = Manifest(
    slug="desk",
    label="Desk",
    category="storefront",
    summary="A desk.",
    capabilities=frozenset({"deliver", "poll"}),
    auth="A key.",
    reads=frozenset({"order"}),
    writes=frozenset({"shipment", "order"}),
    quality={
        "paging": "done",
        "look-up": "done, where it is described",
        "tried": "todo: golden payloads only",
        "webhooks": "exempt: it has none",
    },
)


def test_a_checklist_is_taken_apart_into_state_and_note() -> None:
    assert catalogue.checklist(DESK) == [
        Check("paging", "done", ""),
        Check("look-up", "done", "where it is described"),
        Check("tried", "todo", "golden payloads only"),
        Check("webhooks", "exempt", "it has none"),
    ]


def test_the_ways_of_documents_stand_in_the_hubs_order() -> None:
    assert catalogue.ways(DESK) == [Way("order", True, True), Way("shipment", False, True)]


def test_capabilities_are_said_in_one_order() -> None:
    assert catalogue.capabilities(DESK) == ["polling", "calls out"]


def test_every_connector_stands_in_exactly_one_category() -> None:
    slugs = [c.slug for _, connectors in catalogue.by_category() for c in connectors]
    assert sorted(slugs) == list(registry.SLUGS)


def test_the_written_catalogue_is_what_the_manifests_say() -> None:
    written = Path(__file__).parents[2] / "docs" / "connectors.md"
    assert written.read_text() == catalogue.document(), "run manage.py connector_catalogue --write"


def test_the_command_prints_the_catalogue(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("connector_catalogue")
    assert capsys.readouterr().out == catalogue.document()


@pytest.mark.parametrize("slug", registry.SLUGS)
def test_the_notes_of_a_connector_are_there_and_name_no_vendor(slug: str) -> None:
    text = registry.readme(slug)
    assert text.startswith("# ")
    assert "crossdock" not in text.lower()


def test_the_import_contracts_hold_every_connector_of_ours() -> None:
    """That connectors do not know each other, nor the database, and that their mappers are pure."""
    root = Path(__file__).parents[2]
    told = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["importlinter"]
    named = {
        c["name"]: {*c.get("modules", ()), *c.get("source_modules", ())} for c in told["contracts"]
    }
    ours = {
        path.parent.name for path in (root / "integrations" / "connectors").glob("*/manifest.py")
    }
    whole = {f"integrations.connectors.{slug}" for slug in ours}
    assert whole - named["Connectors do not know each other"] == set()
    assert whole - named["Connectors know nothing of the database"] == set()
    mappers = {f"{module}.mapper" for module in whole}
    assert mappers - named["Pure packages know no Django, no HTTP, no database"] == set()
