"""Sending a final invoice: a mail with its PDF to whoever the account names, and from then on its customer
sees it."""

from collections.abc import Collection
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from billing.documents.invoice import invoice_pdf
from billing.domain import drafts, invoice_states
from billing.invoices import reading, words
from billing.invoices.content import Content
from billing.models import Account, Invoice
from monitoring.domain.notices import choices, telling
from monitoring.domain.notices.telling import Line, Said
from portal.core import tongue
from portal.core.mail import Attachment, NotSentError
from portal.tenants import languages, letterhead, mailing
from portal.tenants.current import current_schema
from portal.tenants.letter import letter
from portal.tenants.site import Site, current_site

NOBODY_WANTS: Final = "No mail: its recipients switched these off. It stands among their bills"
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
            text = f"Mailed to {to}" if to else NOBODY_WANTS
            sent = invoice_states.become(invoice_id, State.SENT, by=by, text=text)
            _tell(sent, but=sent.account.recipients)
            return sent
    invoice = Invoice.objects.get(pk=invoice_id)
    drafts.note(invoice, "unsent", by=by, text=f"Not sent: {refused}.")
    raise NotMailedError(f"{invoice} was not sent: {refused}. It stays final.") from refused


def hand_over(invoice_id: int, *, by: str) -> Invoice:
    """It went another way, such as on paper: it is sent, and its customer sees it. NotNowError as above."""
    sent = invoice_states.become(invoice_id, State.SENT, by=by, text="Sent another way")
    _tell(sent, but=())
    return sent


def _tell(invoice: Invoice, *, but: Collection[str]) -> None:
    """Tell the customer's people who want to hear of it; `but`: who gets the mail itself."""
    if invoice.account.customer_id is None:
        return
    content = reading.read(bytes(invoice.content))

    def say() -> Said:
        headline = _("%(bill)s is here") % {"bill": words.headline(content)}
        return Said(headline, [Line(words.lead(content), f"/bills/{invoice.pk}/")])

    telling.tell(invoice.account.customer_id, "bill", say, but=but)


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
    """To whom it went; blank where each recipient switched such mails off: it stands among their bills."""
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
    off = _unwilling(account)
    wanted = [address for address in account.recipients if address not in off]
    if wanted:
        _send(invoice, wanted)
    return ", ".join(wanted)


def _unwilling(account: Account) -> set[str]:
    """Recipients who are people of the customer and switched mails of bills off."""
    if account.customer_id is None:
        return set()
    return choices.unwilling("bill", account.recipients, customer_id=account.customer_id)


def _send(invoice: Invoice, to: list[str]) -> None:
    with tongue.speaking(languages.of_customer(invoice.account.customer_id)):
        _write(invoice, to)


def _write(invoice: Invoice, to: list[str]) -> None:
    content, site = reading.read(bytes(invoice.content)), current_site()
    said = letter("invoice", site, _variables(content), _context(invoice, content, site))
    printed = invoice_pdf(content, letterhead.of_version(content.issuer.brand))
    pdf = Attachment(f"{content.number}.pdf", printed, "application/pdf")
    mailing.send(
        site, kind="invoice", **said.parts, to=to, name=content.issuer.name, attachments=[pdf]
    )


def _variables(content: Content) -> dict[str, str]:
    return {
        "customer": content.recipient.name,
        "issuer": content.issuer.name,
        "document": words.headline(content),
        "month": words.period(content.period),
        "total": words.money(content.total, content.currency),
    }


def _context(invoice: Invoice, content: Content, site: Site) -> dict[str, Any]:
    return {
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
