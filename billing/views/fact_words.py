"""One thing that was used, as people say it: to the partner's people with its systems, to the customer as
theirs."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, ngettext_lazy

from billing.domain.explaining import Explained, Gratis
from billing.invoices import words
from billing.models import UsageFact
from billing.plans.month import month_of
from billing.queries.explained import Behind
from integrations.views import spoken
from portal.core.manner import number

_KINDS: Final = {
    "document": ("document", "documents"),
    "edi_document": ("EDI document", "EDI documents"),
    "edi_characters": ("EDI document measured", "EDI documents measured"),
    "operator": ("stretch of work on a case", "stretches of work on cases"),
    "onboarding": ("system brought to life", "systems brought to life"),
    "resource": ("call of a resource", "calls of resources"),
    "endpoint": ("day of a system at work", "days of systems at work"),
    "flow": ("day of a flow at work", "days of flows at work"),
    "storage": ("day of storage", "days of storage"),
    "tier": ("day of a service level", "days of a service level"),
}
# The other languages of these are found by their words here.
_COUNTED: Final = (
    ngettext_lazy("EDI document", "EDI documents"),
    ngettext_lazy("EDI document measured", "EDI documents measured"),
    ngettext_lazy("stretch of work on a case", "stretches of work on cases"),
    ngettext_lazy("system brought to life", "systems brought to life"),
    ngettext_lazy("call of a resource", "calls of resources"),
    ngettext_lazy("day of a system at work", "days of systems at work"),
    ngettext_lazy("day of a flow at work", "days of flows at work"),
    ngettext_lazy("day of storage", "days of storage"),
    ngettext_lazy("day of a service level", "days of a service level"),
)
_OBJECTS: Final = {
    "order": "order", "shipment": "shipment", "inventory": "stock report", "product": "product",
    "invoice": "invoice", "return": "return", "refund": "refund", "availability": "stock in your shops",
}  # fmt: skip
_OWN_OBJECTS: Final = {
    "order": gettext_noop("your order"),
    "shipment": gettext_noop("your shipment"),
    "inventory": gettext_noop("your stock report"),
    "product": gettext_noop("your product"),
    "invoice": gettext_noop("your invoice"),
    "return": gettext_noop("your return"),
    "refund": gettext_noop("your refund"),
    "availability": gettext_noop("stock in your shops"),
}


def rows(told: Explained, person: Any) -> list[dict[str, Any]]:
    """The page of facts as rows."""
    return [_row(fact, told, person) for fact in told.facts]


def _row(fact: UsageFact, told: Explained, person: Any) -> dict[str, Any]:
    behind = told.behind.get(fact.pk)
    what = _own_what(fact, behind) if person.is_customer else _what(fact, behind)
    return {
        "what": what,
        "url": _url(fact, behind, person),
        "when": spoken.moment(fact.happened_at),
        "way": "" if person.is_customer else _way(fact, behind),
        "quantity": words.number(fact.quantity),
        "remark": _remark(fact, told.late),
    }


def _what(fact: UsageFact, behind: Behind | None) -> str:
    known: Mapping[str, Any] = fact.properties
    if fact.kind == "operator" and "case" in known:
        return f"C-{known['case']}"
    if behind and behind.number:
        return _begun(f"{_object(behind.object_type)} {behind.number}".strip())
    if "object_type" in known:
        return _begun(_object(str(known["object_type"]))) or fact.key
    return _begun(kind_said(fact.kind, 1)) if fact.kind in _KINDS else fact.key


def _own_what(fact: UsageFact, behind: Behind | None) -> str:
    if fact.kind == "operator" and "case" in fact.properties:
        case = {"case": fact.properties["case"]}
        return _("Work on question or fault %(case)s") % case
    if behind and behind.object_type:
        return _begun(f"{_own_object(behind.object_type)} {behind.number}".strip())
    return _begun(kind_said(fact.kind, 1)) if fact.kind in _KINDS else fact.key


def _begun(text: str) -> str:
    """With a capital; numbers stay as they are."""
    return text[:1].upper() + text[1:]


def _own_object(kind: str) -> str:
    known = _OWN_OBJECTS.get(kind)
    return _(known) if known else f"your {_object(kind)}"


def _object(kind: str) -> str:
    return _OBJECTS.get(kind, kind.replace("_", " "))


def _url(fact: UsageFact, behind: Behind | None, person: Any) -> str:
    """To the document, for whoever may see it."""
    if person.is_customer:
        is_order = behind is not None and behind.object_type == "order" and behind.order_id
        return f"/orders/{behind.order_id}/" if behind and is_order else ""
    if fact.kind == "operator" and "case" in fact.properties and person.may("desk.view"):
        return f"/cases/{fact.properties['case']}/"
    if behind is None or not person.may("payloads.view"):
        return ""
    if behind.order_id and person.may("orders.view"):
        return f"/orders/{behind.order_id}/"
    return f"/messages/{behind.message_id}/raw/" if behind.message_id else ""


def _way(fact: UsageFact, behind: Behind | None) -> str:
    if behind is None:
        return ""
    if behind.source and behind.target:
        return f"{behind.source} → {behind.target}"
    return behind.target or behind.source


def _remark(fact: UsageFact, known_by: str) -> str:
    said = []
    if fact.billed_in == known_by and month_of(fact.day).key < known_by:
        said.append(_("came late, noted %(noted_at)s") % {"noted_at": spoken.moment(fact.noted_at)})
    if fact.revision:
        said.append(
            _("amended: %(reason)s") % {"reason": fact.reason} if fact.reason else _("amended")
        )
    return ", ".join(said)


def kind_said(kind: str, count: int) -> str:
    """`document`, or `documents` for any other count."""
    one, many = _KINDS.get(kind, (kind.replace("_", " "), kind.replace("_", " ")))
    return ngettext(one, many, count)


def gratis(found: list[Gratis]) -> list[dict[str, str]]:
    """What was free, and why: what in words, then the reason."""
    return [{"what": _gratis(one), "why": one.why} for one in found]


def _gratis(one: Gratis) -> str:
    if one.what:
        return one.what
    return f"{number(one.times)} {kind_said(one.kind, one.times)}"
