"""Partners in words and shapes."""

from typing import Any, Final

from django.http import HttpRequest

from integrations.views import spoken
from portal.console.models import Export
from portal.tenants import lifecycle
from portal.tenants.flag_kinds import FLAGS
from portal.tenants.models import Partner, PartnerEvent

SHAPES: Final = {"open": "good", "suspended": "risk", "archived": "snoozed", "deleted": "bad"}
# Of each step: what it is called, what follows from it, and what is said afterwards.
VERBS: Final = {
    "suspend": (
        "Suspend",
        "Their people and customers see a page that says it is closed for now. Systems that send documents"
        " are asked to come again, so nothing is lost. Nothing is sent or fetched until it is opened again.",
        "is suspended",
    ),
    "resume": (
        "Open again",
        "People come in again, and what waited goes on where it stopped.",
        "is open again",
    ),
    "archive": (
        "Archive",
        "Their people and customers see a page that says it is closed. Systems that send documents are told"
        " that nothing is taken any more. All data is kept as it is.",
        "is archived",
    ),
    "bring_back": (
        "Bring back",
        "Everything is as it was when it was archived, and what waited then goes on.",
        "is open again",
    ),
}
EXPORT_SHAPES: Final = {"running": "work", "done": "good", "failed": "bad", "removed": "snoozed"}
_MB: Final = 2**20


def state(partner: Partner) -> dict[str, str]:
    return {"shape": SHAPES[partner.state], "word": partner.get_state_display()}


def url_of(request: HttpRequest, host: str) -> str:
    port = request.get_host().partition(":")[2]
    return f"{request.scheme}://{host}:{port}/" if port else f"{request.scheme}://{host}/"


def verbs(partner: Partner) -> list[dict[str, str]]:
    """What can be done with it now."""
    found = [verb for verb in lifecycle.next_steps(partner.state) if verb in VERBS]
    return [
        {"label": VERBS[verb][0], "url": f"/partners/{partner.slug}/{verb.replace('_', '-')}/"}
        for verb in found
    ]


def event(one: PartnerEvent) -> dict[str, Any]:
    return {
        "at": spoken.moment(one.at),
        "what": one.get_what_display(),
        "who": one.actor,
        "why": one.reason,
    }


def export(one: Export) -> dict[str, Any]:
    done = one.state == Export.State.DONE
    return {
        "state": {"shape": EXPORT_SHAPES[one.state], "word": one.get_state_display()},
        "at": spoken.moment(one.begun_at),
        "who": one.asked_by,
        "while": f"of the {one.of_state} partner",
        "held": f"{one.rows:,} rows, {one.payloads:,} documents" if one.rows else "",
        "size": f"{one.size / _MB:,.1f} MB" if done else "",
        "trouble": one.trouble,
        "url": f"/exports/{one.pk}/" if done else "",
        "remove_url": f"/exports/{one.pk}/remove/" if done else "",
    }


def features(partner: Partner) -> list[dict[str, Any]]:
    """Every feature with whether it is on, and who said so."""
    exceptions = {one.flag: one for one in partner.flag_exceptions.all()}
    tier = f"by {partner.tier.label}" if partner.tier else "no tier: everything is on"
    rows = []
    for name, flag in FLAGS.items():
        own = exceptions.get(name)
        is_on = name not in partner.flags_off
        rows.append(
            {
                "label": flag.label,
                "shape": "good" if is_on else "snoozed",
                "word": "on" if is_on else "off",
                "by": f"exception: {own.reason} ({own.made_by})" if own else tier,
                "url": f"/partners/{partner.slug}/features/{name}/",
            }
        )
    return rows


def progress(one: Export) -> dict[str, Any] | None:
    """How far it is; None once it is over."""
    if one.state != Export.State.RUNNING:
        return None
    text = f"{one.at_table} of {one.tables} tables written, {one.rows:,} rows, {one.payloads:,} documents"
    return {
        "done": one.at_table,
        "total": one.tables,
        "text": text,
        "poll_url": f"/exports/{one.pk}/progress/",
        "refresh_url": f"/partners/{one.partner.slug}/",
    }
