"""Plans and their versions as pages say them."""

from collections.abc import Sequence
from typing import Any

from billing.models import Plan, PlanVersion
from billing.plans import price_words, reading
from billing.plans.content import PlanContent
from billing.plans.month import month
from billing.views import plan_side
from integrations.views import spoken
from portal.core.manner import number

State = PlanVersion.State


def state(plan: Plan, versions: Sequence[PlanVersion]) -> dict[str, str]:
    """{shape, word}: sold, not published yet, or archived."""
    if plan.archived_at:
        return {"shape": "due", "word": "archived"}
    if any(one.state == State.PUBLISHED for one in versions):
        return {"shape": "good", "word": "sold"}
    return {"shape": "waiting", "word": "not published"}


def waits(versions: Sequence[PlanVersion]) -> str:
    """What is open: a draft, or one that somebody else has to publish."""
    found = open_one(versions)
    if found is None:
        return ""
    if found.state == State.ASKED:
        return f"v{found.number} waits to be published, asked by {found.author}"
    return f"draft v{found.number} by {found.author}"


def open_one(versions: Sequence[PlanVersion]) -> PlanVersion | None:
    return next((one for one in versions if one.state != State.PUBLISHED), None)


def sold_one(versions: Sequence[PlanVersion]) -> PlanVersion | None:
    """The newest that is published; versions come the newest first."""
    return next((one for one in versions if one.state == State.PUBLISHED), None)


def row(plan: Plan, held: int) -> dict[str, Any]:
    """A row of the list. `plan.versions` are prefetched."""
    versions = list(plan.versions.all())
    shown = sold_one(versions) or open_one(versions)
    return {
        "name": plan.name,
        "url": f"/plans/{plan.slug}/",
        "costs": price_words.one_line(reading.read(shown.content)) if shown else "",
        "addon": "add-on" if plan.is_addon else "",
        "customers": number(held) if held else "none",
        "state": state(plan, versions),
        "version": f"v{shown.number}" if shown else "",
        "waits": waits(versions),
    }


def charges(content: PlanContent, units: dict[str, str]) -> list[dict[str, Any]]:
    """Every charge in words."""
    return [
        {
            "name": one.name,
            "of": units.get(one.metric, one.metric) if one.metric else "",
            "price": price_words.price(one, content.currency),
            "details": price_words.details(one, content),
        }
        for one in content.charges
    ]


def version(one: PlanVersion, names: Sequence[str]) -> dict[str, Any]:
    """A published version: who, when, why, who moved and who has it."""
    return {
        "label": f"v{one.number}",
        "costs": price_words.one_line(reading.read(one.content)),
        "note": one.note,
        "by": one.published_by,
        "author": one.author if one.author != one.published_by else "",
        "at": spoken.moment(one.published_at),
        "moved": moved(one),
        "customers": named(names),
        "count": number(len(names)) if names else "none",
    }


def moved(one: PlanVersion) -> str:
    """Whom its publishing moved."""
    if not one.moves:
        return f"new {plan_side.many()} only"
    return f"everyone from {month(one.from_month).begins:%B %Y}"


def named(names: Sequence[str], *, most: int = 3) -> str:
    """Harbor, Maris and 4 more"""
    more = len(names) - most
    said = ", ".join(names[:most])
    return f"{said} and {number(more)} more" if more > 0 else said


def changes(before: PlanContent | None, after: PlanContent) -> list[dict[str, str]]:
    """What a version changes: {name, before, after}, in words, of every charge and of the plan itself."""
    old = {one.key: one for one in before.charges} if before else {}
    found = [
        {"name": one.name, "before": _said(old.get(one.key), before), "after": _said(one, after)}
        for one in after.charges
    ]
    kept = {one.key for one in after.charges}
    found += [
        {"name": one.name, "before": _said(one, before), "after": "gone"}
        for one in old.values()
        if one.key not in kept
    ]
    whole = [" ".join(price_words.of_plan(one)) if one else "" for one in (before, after)]
    found.append({"name": "Every month", "before": whole[0] or "none", "after": whole[1] or "none"})
    if before and before.currency != after.currency:
        found.append({"name": "Currency", "before": before.currency, "after": after.currency})
    return [one for one in found if one["before"] != one["after"]]


def _said(charge: Any, content: PlanContent | None) -> str:
    if charge is None or content is None:
        return "none"
    more = " ".join(price_words.details(charge, content))
    return f"{price_words.price(charge, content.currency)}. {more}".strip()
