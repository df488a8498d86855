"""One invoice to whoever bills: what it says, where it stands, and what may be done now."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from billing.domain import explaining, invoice_states
from billing.domain.final import today_of
from billing.invoices import reading, words
from billing.invoices.content import Content
from billing.models import Invoice
from billing.queries import invoices as found_invoices
from billing.views import fact_words, invoice_shown, invoice_words
from billing.views.invoice_forms import CreditForm, ReasonForm
from integrations.views import spoken
from portal.accounts.rules import requires

State = Invoice.State
MOST_EVENTS = 50


@requires("money.view")
def invoice(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, load(pk))


def load(pk: int) -> Any:
    """The invoice with what is left to pay, or 404."""
    found = found_invoices.listed().defer(None).select_related("account", "entity", "corrects")
    one = found.filter(pk=pk).first()
    if one is None:
        raise Http404
    return one


def page(
    request: HttpRequest,
    one: Any,
    *,
    refused: str = "",
    changes: Sequence[str] = (),
    forms: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of one invoice. `refused`: why the last action was not done; `changes`: what a draft says
    otherwise by now; `forms`: those that were not taken."""
    person: Any = request.user
    content = reading.read(bytes(one.content))
    address = f"/invoices/{one.pk}/"
    may = _may(one, person)
    context = {
        "invoice": one,
        "name": f"{invoice_words.kind(one)} {one.number}" if one.number else _draft_name(one),
        "address": address,
        "crumbs": _crumbs(one),
        "state": invoice_words.state(one, today_of(one.entity)),
        "refused": refused,
        "changes": changes,
        "sheet": invoice_shown.sheet(content, address=address),
        "gratis": fact_words.gratis(explaining.gratis(one)) if _has_usage(one) else None,
        "may": may,
        "facts": _facts(one, content),
        "links": _links(one),
        "missing": _missing(one),
        "forms": {**_forms(one), **(forms or {})},
        "activity": [_event(event) for event in one.events.all()[:MOST_EVENTS]],
    }
    return render(request, "billing/invoice.html", context, status=status)


def _draft_name(one: Invoice) -> str:
    return f"Draft for {invoice_words.month_name(one.month)}"


def _crumbs(one: Invoice) -> list[dict[str, str]]:
    return [
        {"label": "Invoices", "url": "/invoices/"},
        {"label": invoice_words.month_name(one.month), "url": f"/invoices/?month={one.month}"},
        {"label": one.account.name, "url": f"/billing/{one.account.slug}/"},
    ]


def _has_usage(one: Invoice) -> bool:
    return one.kind == Invoice.Kind.INVOICE


def _may(one: Any, person: Any) -> dict[str, bool]:
    """The legal next steps, for whoever may take them."""
    if not person.may("money.bill"):
        return dict.fromkeys(
            ("draft", "review", "send", "paid", "disputed", "settled", "void", "credit"), False
        )
    following = invoice_states.NEXT.get(one.state, ())
    is_invoice = one.kind == Invoice.Kind.INVOICE
    return {
        "draft": one.state in Invoice.OPEN,
        "review": one.state == State.DRAFT,
        "send": one.state == State.FINAL,
        "paid": State.PAID in following and is_invoice,
        "disputed": State.DISPUTED in following and is_invoice,
        "settled": one.state == State.DISPUTED,
        "void": State.VOID in following and is_invoice,
        "credit": one.state in Invoice.STANDING and is_invoice,
    }


def _facts(one: Any, content: Content) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [{"label": "Net", "value": _money(one, content.net)}]
    if one.state in Invoice.OPEN:
        found.append({"label": "Made", "value": spoken.moment(one.made_at)})
    else:
        found += [
            {"label": "To pay", "value": _money(one, one.left)},
            {"label": "Made final", "value": spoken.moment(one.final_at)},
        ]
    if one.due_on and words.is_to_pay(content):
        found.append({"label": "Pay by", "value": spoken.day(one.due_on)})
    return [*found, {"label": "SHA-256", "value": one.hash, "mono": True}]


def _money(one: Invoice, amount: Any) -> str:
    return spoken.money(amount, one.currency)


def _links(one: Any) -> list[dict[str, str]]:
    """What this one corrects, replaces, or is corrected and replaced by."""
    found = []
    if one.corrects:
        found.append(_link("Corrects", one.corrects))
    if one.replaces_id:
        found.append(_link("Written instead of", one.replaces))
    replaced = Invoice.objects.defer("content").filter(replaces=one).first()
    if replaced:
        found.append(_link("Written anew as", replaced))
    notes = one.credit_notes.defer("content").order_by("pk")
    return [*found, *(_link("Corrected by", note) for note in notes)]


def _link(label: str, other: Invoice) -> dict[str, str]:
    is_note = other.kind == Invoice.Kind.CREDIT_NOTE
    amount = spoken.money(invoice_words.signed(other, other.total), other.currency)
    return {
        "label": label,
        "url": f"/invoices/{other.pk}/",
        "name": other.number or _draft_name(other),
        "after": amount if is_note else other.get_state_display(),
    }


def _missing(one: Any) -> dict[str, str] | None:
    """What keeps a final invoice from being mailed."""
    if one.state != State.FINAL or one.account.recipients:
        return None
    name = one.account.name
    return {
        "text": f"Nobody is named to get {name}'s invoices by mail.",
        "url": f"/billing/{one.account.slug}/#bill-to",
    }


def _forms(one: Invoice) -> dict[str, Any]:
    return {
        "void": ReasonForm(auto_id="void_%s"),
        "disputed": ReasonForm(auto_id="disputed_%s"),
        "credit": CreditForm(one, auto_id="credit_%s"),
    }


def _event(event: Any) -> dict[str, str]:
    text = event.text or event.verb
    said = f"{event.actor}: {text}" if event.actor else text
    return {"at": spoken.moment(event.at), "text": said}


def this_person(request: HttpRequest) -> str:
    """The name that a log remembers."""
    person: Any = request.user
    return str(person.name)
