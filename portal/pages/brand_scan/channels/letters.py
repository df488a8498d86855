"""Mails and documents in the partner's brand, with made-up content."""

from collections.abc import Iterator
from typing import Final

from billing.documents.invoice import invoice_pdf
from billing.documents.invoice_csv import invoice_csv
from integrations.documents.certificate import Certificate, Step, certificate_pdf
from portal.core import clock, tongue
from portal.core.mail import Attachment
from portal.pages import brand_sample_mails, brand_samples
from portal.pages.brand_scan.answers import Seen
from portal.pages.brand_scan.surface import Surface
from portal.tenants import letterhead, mailing
from portal.tenants.letter import letter
from portal.tenants.mail_kinds import MAIL_KINDS
from portal.tenants.site import Site

_MAIL: Final = "message/rfc822"
_PDF: Final = "application/pdf"


def mails(site: Site) -> Iterator[Seen]:
    """Each kind, in each language, as it would go out through the server that takes this partner's mails."""
    invoice = Attachment("SAMPLE-0042.pdf", _invoice(site), _PDF)
    for kind, about in MAIL_KINDS.items():
        attachments = (invoice,) if kind == "invoice" else ()
        for code, language in tongue.LANGUAGES.items():
            body = _mail(site, kind, attachments, language=code)
            yield Seen(Surface("mails", f"{about.label}, {language}", body, _MAIL))


def _mail(site: Site, kind: str, attachments: tuple[Attachment, ...], *, language: str) -> bytes:
    with tongue.speaking(language):
        made = letter(
            kind, site, brand_sample_mails.variables(kind), brand_sample_mails.context(kind)
        )
        return mailing.unsent(
            site, to=["hanna@sample.example"], attachments=attachments, **made.parts
        )


def papers(site: Site) -> Iterator[Seen]:
    """An invoice and a certificate; those that there are already are looked at where they are fetched."""
    yield Seen(Surface("papers", "A sample invoice", _invoice(site), _PDF, name="SAMPLE-0042.pdf"))
    yield Seen(
        Surface("papers", "A sample certificate", _certificate(site), _PDF, name="certificate.pdf")
    )
    rows = invoice_csv(brand_samples.invoice(site.brand))
    yield Seen(Surface("downloads", "A sample invoice as CSV", rows, "text/csv", is_data=True))


def _invoice(site: Site) -> bytes:
    content = brand_samples.invoice(site.brand)
    return invoice_pdf(content, letterhead.of_version(site.brand.number))


def _certificate(site: Site) -> bytes:
    now = clock.now()
    return certificate_pdf(
        Certificate(
            partner_name=site.brand.name, brand_colour=site.accent, customer=brand_samples.CUSTOMER,
            endpoint="Sample store", connector="HTTP", steps=(Step("Order received", True, now),),
            documents=(("Orders", 1),), versions=(("Mapping", "1"),), signed_off_by="Ada Sample",
            signed_at=now, number="SAMPLE-0001", digest="0" * 64,
        )
    )  # fmt: skip
