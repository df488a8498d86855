"""The partner's mail server and the log of mails as their pages say them."""

from typing import Any, Final

from django.urls import reverse

from integrations.views import spoken
from portal.core.mail import is_set_up
from portal.tenants.models import MailServer, SentMail

_RECORDS: Final = {
    "good": ("good", "as expected"),
    "weak": ("risk", "could be better"),
    "missing": ("due", "not there"),
    "wrong": ("bad", "not as expected"),
    "unknown": ("waiting", "no answer"),
}
_TABS: Final = (("mail", "Sender"), ("mail-log", "Log"))


def tabs(current: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": reverse(name), "current": name == current, "count": None}
        for name, label in _TABS
    ]


def without_own() -> str:
    """What becomes of mails while no server of the partner's is on, in one sentence without its stop."""
    if is_set_up():
        return "Mails go out through the shared server"
    return "No mails go out: the platform has no mail server set up"


def page(own: MailServer) -> dict[str, Any]:
    """The server as it is kept."""
    return {
        "host": own.host,
        "is_on": own.is_on,
        "state": state(own),
        "says": _says(own),
        "refused": own.last_said if own.refused_in_row else "",
        "is_tested": own.tested_at is not None,
        "tested": f"{spoken.moment(own.tested_at)} by {own.tested_by}" if own.tested_at else "",
        "changed": f"{spoken.moment(own.changed_at)} by {own.changed_by}",
        "domain": own.from_domain,
        "records": [_record(one) for one in own.dns_records],
        "looked": spoken.moment(own.dns_at),
    }


def state(own: MailServer) -> dict[str, str]:
    if own.refuses:
        return {"shape": "bad", "word": "takes nothing"}
    if own.is_on:
        return {"shape": "good", "word": "on"}
    if own.tested_at:
        return {"shape": "due", "word": "tested, not on"}
    return {"shape": "due", "word": "not tested yet"}


def _says(own: MailServer) -> str:
    """Where mails go out now, in one sentence."""
    if own.refuses:
        return (
            f"{own.host} refused {own.refused_in_row} mails in a row since"
            f" {spoken.moment(own.refused_since)}. They were not sent, and not sent any other way."
        )
    if own.is_on:
        return f"Mails go out through {own.host} as {own.from_address}."
    if own.tested_at:
        return f"A test went through. {without_own()}, until you switch it on."
    return f"{without_own()}, until a test went through and you switch it on."


def _record(one: dict[str, Any]) -> dict[str, Any]:
    shape, word = _RECORDS[one["state"]]
    return {**one, "shape": shape, "word": word}


def row(one: SentMail) -> dict[str, Any]:
    """One mail of the log."""
    return {
        "kind": one.kind.capitalize(),
        "to": one.to,
        "at": spoken.moment(one.at, seconds=True),
        "via": one.get_via_display(),
        "shape": "good" if one.was_taken else "bad",
        "word": "taken" if one.was_taken else "not sent",
        "said": one.said[:1].upper() + one.said[1:],
    }
