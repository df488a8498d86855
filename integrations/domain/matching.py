"""Matching a new endpoint's codes: which its samples use, what they mean here, kept as lookups."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from integrations.domain import configuration
from integrations.domain.configuration import Configuration
from integrations.domain.flow_choices import flows_of, sides
from integrations.domain.onboarding import RefusedError, finish
from integrations.domain.translate import Translator
from integrations.mapping import MISSING
from integrations.matching import Item, Match, match
from integrations.matching.items import Kind
from integrations.models import Endpoint, LookupRow, LookupTable, OnboardingRun, Record

_KINDS: Final[dict[str, Kind]] = {
    "sku": "sku", "uom": "uom", "uom_out": "uom", "carrier": "carrier", "site": "site",
}  # fmt: skip
_UNITS: Final = ("EA", "CS", "BX", "PK", "PR", "DZ", "PL", "KG", "LB", "M", "FT", "L", "GA")
_MOST = 2_000


class Code(NamedTuple):
    """A code of the samples: how often it stands there, what it means already, and what it may mean."""

    code: str
    count: int  # type: ignore[assignment]
    means: str
    found: Match | None


class Asked(NamedTuple):
    """One lookup that the endpoint's mappings ask."""

    table: str
    default: str
    codes: list[Code]

    @property
    def open(self) -> list[Code]:
        """Those a person has to decide."""
        return [code for code in self.codes if not code.means]


def ask(run: OnboardingRun) -> list[Asked]:
    """The lookups asked for the samples, with a proposal for each code that has no meaning yet."""
    if run.endpoint is None:
        return []
    config = configuration.of(run.customer_id)
    counted = _codes(run, config, run.endpoint)
    translator = Translator(config)
    found = []
    for table, codes in sorted(counted.items()):
        means = {code: translator.lookup(table, code) for code in codes}
        known = {code: str(value) for code, value in means.items() if value is not MISSING}
        proposals = _proposals(run, table, [code for code in codes if code not in known])
        view = config.lookups.get(table)
        rows = [
            Code(code, count, known.get(code, ""), proposals.get(code))
            for code, count in codes.most_common(_MOST)
        ]
        found.append(Asked(table, view.default if view else LookupTable.Default.HOLD, rows))
    return found


def _codes(
    run: OnboardingRun, config: Configuration, endpoint: Endpoint
) -> dict[str, Counter[str]]:
    """What the mappings look up when they run on the samples, by table."""
    counted: dict[str, Counter[str]] = {}

    def note(table: str, code: Any) -> Any:
        counted.setdefault(table, Counter())[str(code)] += 1
        return code

    for object_type, direction in sides(endpoint, flows_of(run)):
        mapped = config.mapping(endpoint.pk, object_type, direction)
        if mapped is None or direction != "in":
            continue
        for document in run.facts.get("samples", {}).get(object_type, []):
            mapped.compiled.run(
                document,
                lookup=note,
                binding=lambda kind, remote: MISSING,
                context={"endpoint": endpoint.slug, "site": endpoint.site,
                         "settings": dict(config.endpoints[endpoint.pk].connection.settings)},
            )  # fmt: skip
    return counted


def _proposals(run: OnboardingRun, table: str, codes: list[str]) -> dict[str, Match]:
    kind = _KINDS.get(table)
    if kind is None or not codes:
        return {}
    names = _names(run) if kind == "sku" else {}
    remotes = [Item(code, names.get(code, "")) for code in codes]
    found = match(kind, remotes, _ours(run, kind), known={})
    return {one.remote.code: one for one in found if one.ours is not None}


def _names(run: OnboardingRun) -> dict[str, str]:
    """What the samples call the codes: lines of orders and products have both."""
    named: dict[str, str] = {}
    for documents in run.facts.get("samples", {}).values():
        for document in documents:
            _collect(document, named)
    return named


def _collect(value: Any, named: dict[str, str]) -> None:
    if isinstance(value, list):
        for entry in value:
            _collect(entry, named)
    elif isinstance(value, dict):
        if isinstance(value.get("sku"), str) and isinstance(value.get("name"), str):
            named[value["sku"]] = value["name"]
        for entry in value.values():
            if isinstance(entry, dict | list):
                _collect(entry, named)


def _ours(run: OnboardingRun, kind: Kind) -> list[Item]:
    if kind == "sku":
        products = Record.objects.filter(customer=run.customer, object_type="product")
        return [_product(body) for body in products.values_list("body", flat=True)[:20_000]]
    if kind == "site":
        sites = Endpoint.objects.filter(customer=run.customer).exclude(site="")
        return [Item(site, label) for site, label in sites.values_list("site", "label")]
    if kind == "uom":
        return [Item(unit) for unit in _UNITS]
    rows = LookupRow.objects.filter(table__name="carrier").values_list("value", flat=True)
    return [Item(value) for value in sorted(set(rows))]


def _product(body: dict[str, Any]) -> Item:
    extra = {name: body[name] for name in ("gtin", "upc", "barcode") if body.get(name)}
    return Item(body["sku"], str(body.get("name") or body.get("title") or ""), extra)


def accept(run: OnboardingRun, meanings: Mapping[str, Mapping[str, str]], *, by: str) -> int:
    """Keep what codes mean, by table, as the customer's own lookup rows. Returns how many were new.

    RefusedError while a code of a table that holds unknown codes has no meaning.
    """
    count = 0
    for table, rows in meanings.items():
        kept, _ = LookupTable.objects.get_or_create(customer=run.customer, name=table)
        for code, value in rows.items():
            if value.strip():
                _, made = LookupRow.objects.update_or_create(
                    table=kept,
                    code=code,
                    defaults={"value": value.strip()[:200], "added_by": by[:80]},
                )
                count += made
    configuration.forget()
    left = [c.code for a in ask(run) for c in a.open]
    if left:
        raise OpenCodesError(left)
    finish(run, "match")
    return count


class OpenCodesError(RefusedError):
    """Codes without a meaning: their documents would be held."""

    def __init__(self, codes: list[str]) -> None:
        shown = ", ".join(codes[:5])
        super().__init__(
            f"{len(codes)} codes have no meaning yet ({shown}): orders with them would be held."
        )
