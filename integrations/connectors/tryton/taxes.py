"""Which taxes a line bears: those of its product's category, as the party's tax rule exchanges them. Pure.

Tryton's client works them out as a person types; who writes through the API has to say them. The rules of
`TaxRule.apply` and `TaxRuleLine.match` in Tryton's module account.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

RULE_LINE: Final = ("group", "origin_tax", "keep_origin", "tax", "start_date", "end_date")


def of_line(
    taxes: Iterable[Mapping[str, Any]], rule: Sequence[Mapping[str, Any]] | None, *, today: str
) -> list[int]:
    """The ids of the taxes.

    `taxes` are the category's, each {id, group}; `rule` holds the lines of the party's rule in their order,
    each with RULE_LINE, None where it has no rule; `today` as `2026-11-30`.
    """
    if rule is None:
        return [tax["id"] for tax in taxes]
    in_force = [line for line in rule if _is_in_force(line, today)]
    found = [one for tax in taxes for one in _exchanged(tax["id"], tax.get("group"), in_force)]
    return list(dict.fromkeys([*found, *_exchanged(None, None, in_force)]))


def _exchanged(tax: int | None, group: int | None, rule: Iterable[Mapping[str, Any]]) -> list[int]:
    """What the first line that fits makes of a tax; None as tax: what every sale bears besides."""
    kept = [] if tax is None else [tax]
    for line in rule:
        if line["group"] == group and line["origin_tax"] in (None, tax):
            if line["tax"] is None:
                return []
            return [line["tax"], *(kept if line["keep_origin"] else [])]
    return kept


def _is_in_force(line: Mapping[str, Any], today: str) -> bool:
    return (line["start_date"] or "") <= today <= (line["end_date"] or "9999")
