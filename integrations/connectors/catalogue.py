"""What the catalogue says of each connector, taken from its manifest, its settings and its README."""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, get_args

from integrations.canonical.schema import OBJECT_TYPES
from integrations.connectors import registry
from integrations.connectors.connector import Connector
from integrations.connectors.manifest import CATEGORIES, Capability, Category, Manifest

State = Literal["done", "todo", "exempt"]
STATES: Final[tuple[State, ...]] = get_args(State)

CAPABILITIES: Final[Mapping[Capability, str]] = {
    "webhook": "webhooks in",
    "poll": "polling",
    "deliver": "calls out",
    "envelope": "files out",
    "snapshot": "comparison",
    "api": "the hub's API",
    "as2": "AS2",
    "resources": "tables as an API",
    "tables": "files as an API",
}
PLURALS: Final[Mapping[Category, str]] = {
    "storefront": "Storefronts",
    "marketplace": "Marketplaces",
    "erp": "ERP",
    "warehouse": "Warehouses and 3PLs",
    "shipping": "Shipping",
    "trading partner": "Trading partners and suppliers",
    "generic": "Generic",
}


class Check(NamedTuple):
    """One item of a connector's checklist. `note` is how far it goes, or why it is left out."""

    item: str
    state: State
    note: str


class Way(NamedTuple):
    """Whether documents of one type come from the system and go to it."""

    object_type: str
    comes: bool
    goes: bool


def checklist(manifest: Manifest) -> list[Check]:
    """The checklist as its author wrote it: what is done, what is to do, what does not apply."""
    return [_check(item, said) for item, said in manifest.quality.items()]


def _check(item: str, said: str) -> Check:
    """What says none of the three, as a package's may, is still to do."""
    state: State = next((one for one in STATES if said.startswith(one)), "todo")
    return Check(item, state, said.removeprefix(state).lstrip(" ,:;"))


def capabilities(manifest: Manifest) -> list[str]:
    """How documents come and go, in words, in one order for all."""
    return [words for name, words in CAPABILITIES.items() if name in manifest.capabilities]


def ways(manifest: Manifest) -> list[Way]:
    """The object types it exchanges, in the order of the hub."""
    known = manifest.reads | manifest.writes
    return [
        Way(kind, kind in manifest.reads, kind in manifest.writes)
        for kind in OBJECT_TYPES
        if kind in known
    ]


def by_category() -> list[tuple[Category, list[Connector]]]:
    """Every connector under its category; categories without one are left out."""
    everyone = registry.everyone()
    found = [(one, [c for c in everyone if c.manifest.category == one]) for one in CATEGORIES]
    return [(category, connectors) for category, connectors in found if connectors]


def document() -> str:
    """docs/connectors.md."""
    return "\n".join([_HEAD, *_overview(), *_details()])


_HEAD: Final = """# Connectors

Made by `manage.py connector_catalogue --write` from the manifests in `integrations/connectors`; a test
fails when this page and they differ. What a system wants and where it surprises stands in the README of
its connector. A system that is missing is [described](describe-a-rest-system.md) or
[added](add-a-connector.md).
"""


def _overview() -> list[str]:
    lines = ["| connector | comes from it | goes to it | how | checks |", "|---|---|---|---|---|"]
    for category, connectors in by_category():
        lines.append(f"| **{PLURALS[category]}** | | | | |")
        lines += [_row(connector.manifest) for connector in connectors]
    return [*lines, ""]


def _row(manifest: Manifest) -> str:
    checks = checklist(manifest)
    done = sum(check.state == "done" for check in checks)
    cells = (
        f"[{manifest.label}](#{manifest.slug})",
        _types(manifest.reads),
        _types(manifest.writes),
        ", ".join(capabilities(manifest)),
        f"{done} of {len(checks)} done",
    )
    return f"| {' | '.join(cells)} |"


def _types(kinds: frozenset[str]) -> str:
    if kinds == frozenset(OBJECT_TYPES):
        return "every type"
    return ", ".join(kind.replace("_", " ") for kind in OBJECT_TYPES if kind in kinds)


def _details() -> list[str]:
    lines = []
    for _, connectors in by_category():
        for connector in connectors:
            lines += _detail(connector.manifest)
    return lines


def _detail(manifest: Manifest) -> list[str]:
    checks = [
        f"| {check.item} | {check.state} | {_cell(check.note)} |" for check in checklist(manifest)
    ]
    return [
        f'## <a id="{manifest.slug}"></a>{manifest.label}',
        "",
        f"{manifest.summary} Signs in by: {manifest.auth[:1].lower()}{manifest.auth[1:]}",
        "",
        "| check | state | |",
        "|---|---|---|",
        *checks,
        "",
    ]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
