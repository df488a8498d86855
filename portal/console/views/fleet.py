"""The fleet: how every partner does, which failures they share, and which schemas are behind."""

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.views import spoken
from monitoring import taxonomy
from portal.accounts.rules import requires
from portal.console.models import Pulse
from portal.console.queries import fleet as questions
from portal.console.queries import schemas as schema_questions
from portal.console.views import words
from portal.core import clock
from portal.tenants.models import Partner

_STALE: Final = 300  # seconds: a lane counts once a minute
_CASE_SHAPES: Final = {0: "", 1: "bad"}


@requires("platform.partners")
def fleet(request: HttpRequest) -> HttpResponse:
    found = questions.partners()
    open_ones = sum(one.is_open for one in found)
    shared = [_failure(one, of=open_ones) for one in questions.shared()]
    context = {
        "facts": [{"value": open_ones, "after": f"of {len(found)} open"}],
        "partners": [_row(one) for one in found],
        "failures": shared,
        "empty": None if found else {"text": "No partner yet.", "action": None},
    }
    return render(request, "platform/fleet.html", context)


def _row(partner: Partner) -> dict[str, Any]:
    pulse: Pulse | None = getattr(partner, "pulse", None)
    row = {
        "name": partner.name,
        "url": f"/partners/{partner.slug}/",
        "state": words.state(partner),
        "pulse": None,
        "beat": "never",
        "late": partner.is_open,
    }
    if pulse is None:
        return row
    late = (clock.now() - (pulse.beat_at or pulse.at)).total_seconds() > _STALE
    return {
        **row,
        "pulse": pulse,
        "oldest_case": spoken.age(pulse.oldest_case_at),
        "oldest_waiting": spoken.age(pulse.oldest_waiting_at),
        "beat": spoken.age(pulse.beat_at) if pulse.beat_at else "never",
        "late": late and partner.is_open,
    }


def _failure(one: questions.Shared, *, of: int) -> dict[str, Any]:
    return {
        "url": f"/fleet/failures/{one.fingerprint}/",
        "label": taxonomy.kind(one.code).label if one.code in taxonomy.KINDS else one.code,
        "where": f"{one.object_type or 'document'} · {one.connector}",
        "at": f"at {one.partners} of {of} partners",
        "times": f"{one.times:,}",
        "last": spoken.moment(one.last_at),  # type: ignore[arg-type]
    }


@requires("platform.partners")
def failure(request: HttpRequest, fingerprint: str) -> HttpResponse:
    """One failure: at which partners, how often. What was in the documents is theirs to see."""
    found = questions.where(fingerprint)
    if not found:
        raise Http404
    first = found[0]
    kind = taxonomy.kind(str(first["code"]))
    context = {
        "title": kind.label if first["code"] in taxonomy.KINDS else first["code"],
        "about": f"{first['object_type'] or 'document'} · {first['connector']}",
        "facts": [
            {"value": len(found), "after": "partners in seven days"},
            {"value": f"{sum(int(str(row['n'])) for row in found):,}", "after": "times"},
        ],
        "playbook": kind.playbook,
        "partners": [
            {
                "name": row["partner__name"],
                "url": f"/partners/{row['partner__schema_name']}/",
                "times": f"{row['n']:,}",
                "last": spoken.moment(row["last"]),  # type: ignore[arg-type]
            }
            for row in found
        ],
    }
    return render(request, "platform/failure.html", context)


@requires("platform.partners")
def schemas(request: HttpRequest) -> HttpResponse:
    """Which migrations each schema has, and what stopped those that are behind."""
    found = schema_questions.all_of_them()
    behind = [one for one in found if not one.is_current]
    context = {
        "facts": [{"value": len(found) - len(behind), "after": f"of {len(found)} up to date"}],
        "schemas": [_schema(one) for one in found],
        "behind": bool(behind),
        "empty": None if found else {"text": "No partner yet.", "action": None},
    }
    return render(request, "platform/schemas.html", context)


def _schema(one: schema_questions.Schema) -> dict[str, Any]:
    partner = one.partner
    shape, word = ("good", "up to date") if one.is_current else ("risk", "to be migrated")
    if partner.migration_failed_at and not one.is_current:
        shape, word = "bad", "failed"
    behind = spoken.counted(len(one.pending), "migration")
    return {
        "name": partner.name,
        "url": f"/partners/{partner.slug}/",
        "slug": partner.slug,
        "state": words.state(partner),
        "shape": shape,
        "word": word,
        "pending": behind if one.pending else ("" if one.is_current else "grants and row limits"),
        "names": one.pending[:5],
        "at": spoken.moment(partner.migrated_at) or "at its opening",
        "trouble": partner.migration_trouble,
        "failed_at": spoken.moment(partner.migration_failed_at),
    }
