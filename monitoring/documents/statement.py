"""A monthly statement as an A4 PDF."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

from integrations.documents.letterhead import on_paper
from integrations.documents.typeset import pdf, printable, short
from monitoring.documents import statement_parts as parts
from monitoring.seal import Adjustment
from monitoring.statements import words
from monitoring.statements.content import Content, Point, Promise
from portal.core import tongue
from portal.tenants.colour import derive
from portal.tenants.paper import PLAIN, Letterhead

_TEMPLATE: Final = Path(__file__).with_suffix(".typ")
MOST_MISSES: Final = 60
_FLOOR: Final = Decimal(1)  # percent: a chart of days that differ by less would show noise
_WORDS: Final = {
    "statement": "Service statement",
    "draft": "Draft: not sealed, figures may change",
    "page": "Page",
    "promise": "Promise",
    "promised": "Promised",
    "delivered": "Delivered",
    "allowed": "Allowed misses",
    "why": "Why, and what was done",
    "saved": "Saved for you",
    "credits": "Credits we propose",
    "reconciled": "Systems compared",
    "made": "Changes made",
    "planned": "Planned work",
    "missed": "What was missed",
    "corrections": "Corrections since the seal",
    "about": "About these figures",
}


class Sealed(NamedTuple):
    """What stands beside the content: its hash and the key that signed it, in hex, both empty for a draft;
    and the corrections since."""

    hash: str = ""
    key: str = ""
    adjustments: Sequence[Adjustment] = ()


@tongue.as_documents()
def statement_pdf(content: Content, sealed: Sealed, letterhead: Letterhead = PLAIN) -> bytes:
    """The same bytes for the same content, seal, corrections and letterhead; see `typeset.pdf`."""
    data = {**printable(_data(content, sealed)), "letterhead": on_paper(letterhead)}
    return pdf(_TEMPLATE, data, at=content.sealed_at)


def _data(content: Content, sealed: Sealed) -> dict[str, Any]:
    month = words.month(content.period.key)
    return {
        "words": _WORDS,
        "title": f"{_WORDS['statement']} {month}, {content.customer.name}",
        "accent": derive(content.issuer.accent).accent_light,
        "partner": content.issuer.name,
        "foot": f"{short(content.issuer.name)} · {_WORDS['statement']} {month}",
        "customer": content.customer.name,
        "month": month,
        "draft": not sealed.hash,
        "headline": words.headline(content),
        "lead": words.lead(content),
        "trend": words.trend(content),
        "promises": [_promise(one) for one in content.promises],
        "charts": [_chart(one) for one in content.promises if _has_chart(one)],
        "shares": parts.shares(content),
        "causes": parts.causes(content),
        "saved": parts.saved(content),
        "credits": parts.credits_of(content),
        "reconciled": parts.reconciled(content),
        "made": parts.work(content.changes, content),
        "planned": parts.work(content.planned, content),
        "misses": parts.misses(content, most=MOST_MISSES),
        "corrections": parts.corrections(sealed.adjustments, content),
        "about": parts.about(content, sealed.hash, sealed.key),
    }


def _promise(one: Promise) -> dict[str, Any]:
    return {
        "name": one.name,
        "detail": one.detail,
        "standing": one.standing,
        "promised": words.target(one),
        "delivered": words.delivered(one),
        "attributable": words.attributable(one),
        "used": words.used(one),
        "part": _part(one.used),
        "budget": words.budget(one),
        "spark": _spark(one),
    }


def _part(used: Decimal | None) -> float | None:
    """How long the bar of used misses is: 0 to 1."""
    return None if used is None else float(min(used, Decimal(100)) / 100)


def _spark(one: Promise) -> dict[str, Any] | None:
    """The trend and the promised line, all between 0 (bottom) and 1."""
    values = [point.value for point in one.trend if point.value is not None]
    if len(values) < 2:
        return None
    low, high = min(*values, one.target), max(*values, one.target)
    height = (high - low) or Decimal(1)
    place = len(one.trend) - 1
    points = [
        [at / place, float((point.value - low) / height)]
        for at, point in enumerate(one.trend)
        if point.value is not None
    ]
    return {"points": points, "target": float((one.target - low) / height)}


def _has_chart(one: Promise) -> bool:
    return one.standing == "missed" and any(point.value is not None for point in one.days)


def _chart(one: Promise) -> dict[str, Any]:
    """The days of a broken promise: heights between 0 and 1, and what is written at those that missed."""
    values = [point.value for point in one.days if point.value is not None]
    low, high = min(*values, one.target), max(*values, one.target)
    spread = max(high - low, _FLOOR)
    lowest = low - spread / 5
    height = high + spread / 20 - lowest
    return {
        "title": one.name,
        "note": f"Each day of the month; promised {words.target(one)}.",
        "target": float((one.target - lowest) / height),
        "days": [_day(point, one, lowest, height) for point in one.days],
    }


def _day(point: Point, one: Promise, lowest: Decimal, height: Decimal) -> dict[str, Any]:
    if point.value is None:
        return {"at": None, "bad": False, "said": "", "day": point.at[-2:].lstrip("0")}
    bad = point.value > one.target if one.measure == "duration" else point.value < one.target
    return {
        "at": float((point.value - lowest) / height),
        "bad": bad,
        "said": words.figure(one, point.value) if bad else "",
        "day": point.at[-2:].lstrip("0"),
    }
