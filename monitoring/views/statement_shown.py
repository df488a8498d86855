"""A statement as its pages show it: the same to the partner's people and to the customer's."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from monitoring.documents import statement_parts as parts
from monitoring.seal import Adjustment
from monitoring.slo.title_words import detail_said, title_said
from monitoring.statements import words
from monitoring.statements.content import Content, Promise
from portal.core.charts import chart as charts
from portal.core.charts.chart import Chart, Series
from portal.core.charts.proportions import Share, proportion
from portal.core.charts.shown import shown
from portal.core.charts.sparks import spark
from portal.core.charts.units import PERCENT, SECONDS, Unit, counted

MOST_MISSES = 100
_SHAPES = {"kept": "good", "near": "risk", "missed": "bad", "unknown": "due"}
_STANDINGS = {
    "kept": gettext_noop("kept"),
    "near": gettext_noop("just kept"),
    "missed": gettext_noop("missed"),
    "unknown": gettext_noop("nothing to tell"),
}
_ORDER = {"missed": 0, "near": 1, "kept": 2, "unknown": 3}
_DRAWN = {"us": "us", "customer": "customer", "third_party": "third"}


def body(content: Content, corrections: Sequence[Adjustment]) -> dict[str, Any]:
    """What `components/statement.html` takes. Times are in the statement's own zone."""
    by_standing = sorted(content.promises, key=lambda one: _ORDER[one.standing])
    return {
        "trend": words.trend(content),
        "promises": [_promise(one) for one in by_standing],
        "charts": [_chart(one, content) for one in by_standing if _has_days(one)],
        "shares": _shares(content),
        "causes": parts.causes(content),
        "saved": parts.saved(content),
        "planned": parts.work(content.planned, content),
        "made": parts.work(content.changes, content),
        "credits": parts.credits_of(content),
        "credit": words.credit_sentence(content.credits),
        "reconciled": parts.reconciled(content),
        "misses": parts.misses(content, most=MOST_MISSES),
        "corrections": parts.corrections(corrections, content),
        "sealed": words.sealed(content),
        "not_counted": words.not_counted(content),
        "hours": content.calendar.words,
        "rules": [
            _("%(name)s, version %(version)s")
            % {"name": title_said(one.name), "version": one.version}
            for one in content.rules
        ],
    }


def _promise(one: Promise) -> dict[str, Any]:
    return {
        "key": one.key,
        "name": title_said(one.name),
        "detail": detail_said(one.detail),
        "shape": _SHAPES[one.standing],
        "word": _(_STANDINGS[one.standing]),
        "standing": one.standing,
        "promised": words.target(one),
        "delivered": words.delivered(one),
        "attributable": words.attributable(one),
        "used": words.used(one),
        "part": None if one.used is None else f"{min(one.used, Decimal(100)):.0f}",
        "budget": words.budget(one),
        "spark": _spark(one),
    }


def _spark(one: Promise) -> dict[str, Any] | None:
    values = [None if point.value is None else float(point.value) for point in one.trend]
    if sum(value is not None for value in values) < 2:
        return None
    told = [point for point in one.trend if point.value is not None]
    first, last = told[0], told[-1]
    return spark(
        values,
        promise=_level(one),
        text=_("%(name)s: %(figure)s in %(at)s, %(later)s in %(last)s")
        % {
            "name": title_said(one.name),
            "figure": words.figure(one, first.value),
            "at": words.month(first.at),
            "later": words.figure(one, last.value),
            "last": words.month(last.at),
        },
    )


def _level(one: Promise) -> charts.Promise:
    return charts.Promise(
        value=float(one.target), better="more" if one.measure == "share" else "less"
    )


def _has_days(one: Promise) -> bool:
    return one.standing == "missed" and any(point.value is not None for point in one.days)


def _chart(one: Promise, content: Content) -> dict[str, Any]:
    points = [(date.fromisoformat(point.at), point.value) for point in one.days]
    return shown(
        Chart(
            slug=f"days-{one.key}",
            title=_("Missed: %(name)s") % {"name": title_said(one.name)},
            sentence=_("Each day of the month; promised %(target)s.")
            % {"target": words.target(one)},
            kind="lollipop",
            series=[Series(label=words.month(content.period.key), points=points)],
            unit=_unit(one),
            zone=ZoneInfo(content.period.zone),
            x_label=_("Day"),
            promise=_level(one),
            from_zero=False,
        )
    )


def _unit(one: Promise) -> Unit:
    if one.measure == "share":
        return PERCENT
    return SECONDS if one.measure == "duration" else counted(one.unit)


def _shares(content: Content) -> list[dict[str, Any]]:
    return proportion(
        [
            Share(words.whose(one.party, one.name), one.percent, _DRAWN[one.party])  # type: ignore[arg-type]
            for one in content.shares
        ]
    )
