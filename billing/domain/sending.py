"""Sending a final invoice: a mail with its PDF to whoever the account names, and from then on its customer
sees it."""

from typing import Any, Final

from django.db import connection, transaction
from django.template.loader import render_to_string

from billing.documents.invoice import invoice_pdf
from billing.domain import drafts, invoice_states
from billing.invoices import reading, words
from billing.invoices.content import Content
from billing.models import Invoice
from portal.core.mail import Attachment, NotSentError
from portal.tenants import mailing
from portal.tenants.current import current_schema
from portal.tenants.site import Site, current_site

_TEXT: Final = "emails/invoice.txt"
_HTML: Final = "emails/invoice.html"
_MOST_LINES: Final = 30  # the PDF has them all
State = Invoice.State


class NotMailedError(ValueError):
    """The invoice was not sent; the text says what to do."""


def send(invoice_id: int, *, by: str) -> Invoice:
    """Mail a final invoice or credit note, and let it be sent.

    The mail goes first and the state after: whoever dies in between sends it twice, and never not at all.
    NotMailedError where nobody is named, while another person sends it, and where no server took it: it
    stays final and its log says why. NotNowError for what is not final.
    """
    with transaction.atomic():
        _hold(invoice_id)
        try:
            to = _mail(invoice_id)
        except NotSentError as error:  # inside: that it was tried stays on record
            refused = error
        else:
            return invoice_states.become(invoice_id, State.SENT, by=by, text=f"Mailed to {to}")
    invoice = Invoice.objects.get(pk=invoice_id)
    drafts.note(invoice, "unsent", by=by, text=f"Not sent: {refused}.")
    raise NotMailedError(f"{invoice} was not sent: {refused}. It stays final.") from refused


def hand_over(invoice_id: int, *, by: str) -> Invoice:
    """It went another way, such as on paper: it is sent, and its customer sees it. NotNowError as above."""
    return invoice_states.become(invoice_id, State.SENT, by=by, text="Sent another way")


def _hold(invoice_id: int) -> None:
    """Let nobody else send it meanwhile, without keeping usage out as a row lock would."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"{current_schema()}/send invoice/{invoice_id}"],
        )
        if not cursor.fetchone()[0]:
            raise NotMailedError("Somebody else is sending it right now. Look again.")


def _mail(invoice_id: int) -> str:
    """To whom it went."""
    invoice = Invoice.objects.select_related("account").get(pk=invoice_id)
    if invoice.state != State.FINAL:
        raise invoice_states.NotNowError(
            f"{invoice} is {invoice.get_state_display()}: only what is final is sent."
        )
    account = invoice.account
    if not account.recipients:
        raise NotMailedError(
            f"Nobody is named to get {account.name}'s invoices. Enter an address under Billing,"
            f" {account.name}."
        )
    _send(invoice, account.recipients)
    return ", ".join(account.recipients)


def _send(invoice: Invoice, to: list[str]) -> None:
    content, site = reading.read(bytes(invoice.content)), current_site()
    context = _context(invoice, content, site)
    name = f"{content.number}.pdf"
    mailing.send(
        site,
        kind="invoice",
        to=to,
        subject=f"{words.headline(content)} of {content.issuer.name}",
        text=render_to_string(_TEXT, context),
        html=render_to_string(_HTML, context),
        name=content.issuer.name,
        attachments=[Attachment(name, invoice_pdf(content), "application/pdf")],
    )


def _context(invoice: Invoice, content: Content, site: Site) -> dict[str, Any]:
    return {
        "brand": {"name": site.name, "accent": site.accent, "accent_ink": site.accent_ink},
        "recipient": content.recipient.name,
        "headline": words.headline(content),
        "lead": words.lead(content),
        "month": words.period(content.period),
        "lines": [
            {
                "name": f"{line.name}, {words.service(line)}",
                "amount": words.amount(line.amount, content.currency),
            }
            for line in content.lines[:_MOST_LINES]
        ],
        "more": max(len(content.lines) - _MOST_LINES, 0),
        "total": words.money(content.total, content.currency),
        "pay_to": content.issuer.pay_to if words.is_to_pay(content) else (),
        "url": f"{site.url}/bills/{invoice.pk}/" if invoice.account.customer_id else "",
    }  # fmt: skip
