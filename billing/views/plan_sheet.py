"""The left side of the editor: what its form shows of a draft, with what is wrong and what was before."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from billing.models import Metric
from billing.plans.fields import Problem
from billing.views.plan_fields import TERMS, TIERED, place_id

MODELS: Final = (
    ("flat", "a fixed amount"),
    ("standard", "one price each"),
    ("graduated", "graduated: each tier priced apart"),
    ("volume", "volume: all at the price of the tier reached"),
    ("package", "packages"),
    ("percentage", "a percentage of each event"),
    ("graduated_percentage", "a percentage in tiers"),
)
_LABELS: Final[Mapping[str, str]] = {
    "amount": "Amount", "unit_amount": "Each", "free_units": "First free",
    "package_size": "Units in a package", "rate": "Per cent", "fixed_amount": "For each event",
    "free_events": "Free events", "free_amount": "Free worth",
    "minimum": "At least, an event", "maximum": "At most, an event",
}  # fmt: skip
_QUANTITIES: Final = frozenset({"up_to", "included", "free_units", "package_size"})
_PRICES: Final = frozenset({
    "amount", "unit_amount", "flat_amount", "fixed_amount", "free_amount", "minimum", "maximum", "cap",
    "commitment",
})  # fmt: skip
_NUMBER: Final = re.compile(r"\d{1,18}(?:\.\d+)?", re.ASCII)
_MORE: Final = ("minimum", "cap", "due", "once", "ramp", "prorated", "key")
_DUE: Final = (("arrears", "after the month"), ("advance", "before the month"))


class Sheet:
    """The form of a draft. `problems` stand at their fields, and `live` is what is published now."""

    def __init__(
        self,
        content: Mapping[str, Any],
        *,
        problems: Sequence[Problem],
        live: Mapping[str, Any] | None,
        metrics: Iterable[Metric],
    ) -> None:
        self._content, self._live = content, live or {}
        self._said: dict[str, list[str]] = {}
        for place, text in problems:
            self._said.setdefault(place, []).append(text)
        self._metrics = list(metrics)
        self._units = {one.code: one.unit for one in self._metrics}
        self._old = {one["key"]: one for one in self._live.get("charges", [])}

    def shown(self) -> dict[str, Any]:
        """{plan: fields, charges, problems [{id, text}]} as `billing/plan_form.html` takes them."""
        return {
            "plan": {name: self._of_plan(name) for name in ("currency", "commitment", "cap", "trial_days")},
            "charges": [self._charge(at, one) for at, one in enumerate(self._content["charges"])],
            "problems": [
                {"id": place_id(place), "text": f"{self._where(place)}{text}"}
                for place, texts in self._said.items()
                for text in texts
            ],
        }  # fmt: skip

    def _where(self, place: str) -> str:
        """Which charge a place is of, as people call it."""
        if not place.startswith("charges["):
            return f"{place.replace('_', ' ').capitalize()}: "
        at = int(place[len("charges[") : place.index("]")])
        charges = self._content["charges"]
        name = charges[at]["name"] if at < len(charges) else ""
        rest = place.partition("].")[2]
        return f"{name or f'Charge {at + 1}'}{_spoken(rest)}: "

    def _of_plan(self, name: str) -> dict[str, Any]:
        value = self._content[name]
        old = self._live.get(name) if self._live else value
        return self._field(name, value, old=_changed(value, old))

    def _charge(self, at: int, charge: Mapping[str, Any]) -> dict[str, Any]:
        here = f"charges[{at}]"
        old = self._old.get(charge["key"], {})
        same = old if old.get("model") == charge["model"] else {}

        def field(name: str) -> dict[str, Any]:
            before = _changed(charge[name], old[name]) if old else ""
            return self._field(f"{here}.{name}", charge[name], old=before)

        return {
            "number": at + 1,
            "place": here,
            "id": place_id(here),
            "is_first": at == 0,
            "is_last": at == len(self._content["charges"]) - 1,
            "is_new": bool(self._live) and not old,
            "title": charge["name"] or f"Charge {at + 1}",
            "counts": bool(charge["metric"]),
            "unit": self._units.get(charge["metric"], ""),
            "said": self._said.get(here, []) + self._said.get(f"{here}.terms", []),
            **{name: field(name) for name in ("key", "name", "included", "minimum", "cap")},
            "metric": self._select(f"{here}.metric", charge["metric"], self._metric_options(charge)),
            "model": self._select(f"{here}.model", charge["model"], MODELS),
            "due": self._select(f"{here}.due", charge["due"], _DUE),
            "prorated": self._check(f"{here}.prorated", charge["prorated"]),
            "once": self._check(f"{here}.once", charge["once"]),
            "terms": self._terms(f"{here}.terms", charge, charge["terms"], same.get("terms", {})),
            "ramp": self._ramps(here, charge),
            "more": _has_more(charge) or self._is_wrong(here, _MORE),
            "takes_included": bool(charge["metric"]) and charge["model"] not in ("flat", "percentage"),
        }  # fmt: skip

    def _is_wrong(self, here: str, names: Iterable[str]) -> bool:
        return any(place.startswith(f"{here}.{name}") for place in self._said for name in names)

    def _ramps(self, here: str, charge: Mapping[str, Any]) -> list[dict[str, Any]]:
        return [
            {
                "number": n,
                "months": self._field(f"{here}.ramp[{n}].months", step["months"]),
                "terms": self._terms(f"{here}.ramp[{n}].terms", charge, step["terms"], {}),
            }
            for n, step in enumerate(charge["ramp"])
        ]

    def _terms(
        self,
        place: str,
        charge: Mapping[str, Any],
        terms: Mapping[str, Any],
        old: Mapping[str, Any],
    ) -> dict[str, Any]:
        """{place, fields [(label, field)], tiers [rows], price: the head of their column}."""
        model = charge["model"]
        if model in TIERED:
            tiers = self._tiers(place, TIERED[model], terms.get("tiers", []), old.get("tiers", []))
            head = "Per cent" if TIERED[model] == "rate" else "Each"
            return {"place": place, "fields": [], "tiers": tiers, "price": head,
                    "said": self._said.get(f"{place}.tiers", [])}  # fmt: skip
        fields = []
        for name in TERMS.get(model, ()):
            value = terms.get(name, "")
            field = self._field(f"{place}.{name}", value, old=_changed(value, old.get(name, value)))
            fields.append({"label": _LABELS[name], **field})
        return {"place": place, "fields": fields, "tiers": [], "price": ""}

    def _tiers(
        self, place: str, price: str, tiers: Sequence[Any], old: Sequence[Any]
    ) -> list[dict[str, Any]]:
        rows, above = [], "0"
        for n, tier in enumerate(tiers):
            before = old[n] if n < len(old) else None
            rows.append(
                {
                    "number": n,
                    "above": grouped(above),
                    **self._tier(f"{place}.tiers[{n}]", price, tier, before),
                    "is_last": n == len(tiers) - 1,
                    "is_only": len(tiers) == 1,
                }
            )
            above = str(tier.get("up_to") or "")
        return rows

    def _tier(
        self, here: str, price: str, tier: Mapping[str, Any], before: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        """{up_to, price, once}: its fields."""
        made = {}
        for label, name in (("up_to", "up_to"), ("price", price), ("once", "flat_amount")):
            value = tier.get(name)
            old = _changed(value, before.get(name)) if before is not None else ""
            made[label] = self._field(f"{here}.{name}", value, old=old)
        return made

    def _field(self, place: str, value: Any, *, old: str = "") -> dict[str, Any]:
        return {
            "name": place,
            "id": place_id(place),
            "value": _written(place, value),
            "old": _written(place, old) or old,
            "said": self._said.get(place, []),
        }

    def _select(self, place: str, value: str, options: Iterable[tuple[str, str]]) -> dict[str, Any]:
        return {
            **self._field(place, value),
            "options": [
                {"value": code, "label": label, "chosen": code == value} for code, label in options
            ],
        }

    def _check(self, place: str, value: bool) -> dict[str, Any]:
        return {**self._field(place, ""), "checked": value}

    def _metric_options(self, charge: Mapping[str, Any]) -> list[tuple[str, str]]:
        known = [(one.code, one.name) for one in self._metrics]
        lost = charge["metric"]
        missing = (
            [(lost, f"{lost}: there is no such metric")] if lost and lost not in self._units else []
        )
        return [("", "nothing: a fixed charge"), *known, *missing]  # fmt: skip


def _changed(value: Any, old: Any) -> str:
    """What stood there before, where it is another."""
    before, now = ("" if one is None else str(one) for one in (old, value))
    return "" if _is_same(before, now) else before or "nothing"


def _is_same(one: str, other: str) -> bool:
    try:
        return Decimal(one or "0") == Decimal(other or "0")
    except InvalidOperation:
        return one == other


def _written(place: str, value: Any) -> str:
    """Prices with cents, numbers of units with commas, and what is neither as it was typed."""
    text, name = "" if value is None else str(value), place.rpartition(".")[2]
    if name in _QUANTITIES:
        return "" if name == "included" and text == "0" else grouped(text)
    if name in _PRICES and _NUMBER.fullmatch(text):
        whole, _, cents = text.partition(".")
        return f"{grouped(whole)}.{cents.ljust(2, '0')}"
    return text


def _has_more(charge: Mapping[str, Any]) -> bool:
    """Whether anything is said that usually is not."""
    return bool(
        charge["ramp"] or charge["minimum"] or charge["cap"] or charge["once"] or not charge["prorated"]
        or charge["due"] != "arrears"
    )  # fmt: skip


def _spoken(place: str) -> str:
    """`terms.tiers[1].up_to` as `, tier 2, up to`."""
    words = []
    for part in place.split("."):
        name, _, number = part.rstrip("]").partition("[")
        if name == "terms" or not name:
            continue
        label = _LABELS.get(name, name.replace("_", " ")).lower()
        words.append(f"{name.rstrip('s')} {int(number) + 1}" if number else label)
    return "".join(f", {word}" for word in words)


def grouped(text: str) -> str:
    """1234567 as 1,234,567; whatever is no number stays as it is."""
    whole, point, rest = text.partition(".")
    if not (whole.isascii() and whole.isdigit()):
        return text
    return f"{int(whole):,}{point}{rest}" if len(whole) < 19 else text
