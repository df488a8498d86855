"""A domain of the partner's own as its pages say it."""

from datetime import datetime
from typing import Any, Final

from django.urls import reverse

from integrations.views import spoken
from portal.core import clock
from portal.tenants.hosts import names, records
from portal.tenants.models import Domain, DomainClaim

State = DomainClaim.State
_SHAPES: Final = {
    State.WAITING: "waiting",
    State.FOUND: "work",
    State.TLS: "work",
    State.LIVE: "good",
}
_STEPS: Final = (
    (State.FOUND, "Records found"),
    (State.TLS, "TLS ready"),
    (State.LIVE, "Live"),
)
_RECORDS: Final = {
    "good": ("good", "as expected"),
    "missing": ("due", "not there yet"),
    "wrong": ("bad", "not as expected"),
    "unknown": ("waiting", "no answer"),
    "": ("due", "not looked at yet"),
}


def row(own: DomainClaim, *, is_primary: bool) -> dict[str, Any]:
    """One line of the list."""
    return {
        "url": reverse("domain", args=[own.pk]),
        "host": names.shown(own.domain),
        "wire": own.domain if names.shown(own.domain) != own.domain else "",
        "state": state(own),
        "next": next_step(own),
        "is_primary": is_primary,
        "since": spoken.moment(own.claimed_at),
    }


def state(own: DomainClaim) -> dict[str, str]:
    if own.is_lapsed:
        return {"shape": "bad", "word": "lapsed"}
    return {"shape": _SHAPES[State(own.state)], "word": own.get_state_display()}


def next_step(own: DomainClaim) -> str:
    """What has to happen now, in one sentence; blank where nothing has."""
    if own.is_lapsed:
        return "Nobody proved it within 7 days. Enter it again to get a new value."
    if own.state == State.LIVE:
        return ""
    if own.state == State.TLS:
        return (
            "The certificate is good, but another site answers. Whatever stands in front of it has to"
            " pass visitors on to us."
        )
    if own.state == State.FOUND:
        return str(own.certificate.get("error", ""))
    undone = [one["advice"] for one in own.records if one["state"] != "good"]
    return undone[0] if undone else "Set two records at your DNS provider."


def page(own: DomainClaim, domain: Domain | None, *, edge: str) -> dict[str, Any]:
    """Everything the page of one domain shows."""
    return {
        **row(own, is_primary=bool(domain and domain.is_primary)),
        "pk": own.pk,
        "domain_id": domain.pk if domain else 0,
        "is_live": own.state == State.LIVE,
        "is_lapsed": own.is_lapsed,
        "steps": [_step(own, *one) for one in _STEPS],
        "records": [_record(one) for one in own.records or expected(own, edge)],
        "certificate": _certificate(own.certificate),
        "checked": spoken.moment(own.checked_at, seconds=True),
        "lapses": spoken.moment(own.lapses_at) if own.lapses_at else "",
        "claimed": f"{spoken.moment(own.claimed_at)} by {own.claimed_by}",
        "proven": spoken.moment(own.proven_at),
    }


def expected(own: DomainClaim, edge: str) -> list[dict[str, Any]]:
    """The records before anybody looked."""
    proof = records.Judged(f"{records.CHECK}.{own.domain}", "TXT", own.token, (), "missing")
    way = records.Judged(own.domain, "CNAME", edge, (), "missing")
    return [{**one._asdict(), "state": ""} for one in (proof, way)]


def _step(own: DomainClaim, reached: DomainClaim.State, label: str) -> dict[str, str]:
    order = list(State)
    done = order.index(State(own.state)) >= order.index(reached)
    return {"label": label, "shape": "good" if done else "due", "word": "" if done else "not yet"}


def _record(one: dict[str, Any]) -> dict[str, Any]:
    shape, word = _RECORDS[one["state"]]
    return {**one, "shape": shape, "word": word}


def _certificate(seen: dict[str, Any]) -> dict[str, Any] | None:
    """None before anybody looked."""
    if not seen:
        return None
    until = datetime.fromisoformat(seen["until"]) if seen.get("until") else None
    left = spoken.span(until - clock.now()) if until and until > clock.now() else "over"
    return {
        "error": seen["error"],
        "facts": [
            {"label": "For", "value": seen["subject"]},
            {"label": "Issued by", "value": seen["issuer"]},
            {"label": "Until", "value": f"{spoken.day(until.date())} ({left})"},
        ]
        if until
        else [],
    }
