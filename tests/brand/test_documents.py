"""A final document keeps the logo and foot it was made with, to the byte."""

import io

import pytest
from django_tenants.utils import schema_context
from pypdf import PdfReader

from billing.documents.invoice import invoice_pdf
from billing.domain import reckon
from billing.invoices import reading
from monitoring.documents.statement import Sealed, statement_pdf
from portal.core import clock
from portal.tenants import letterhead
from portal.tenants.models import BrandVersion
from portal.tenants.paper import PLAIN, Letterhead
from portal.tenants.pictures.reading import read
from tests.billing import selling
from tests.billing.selling import final_of
from tests.billing.usage import account, at
from tests.brand.conftest import publish
from tests.brand.logos import raster, svg
from tests.invoices.april import APRIL as INVOICE
from tests.people import sign_in
from tests.statements.april import APRIL as STATEMENT

pytestmark = pytest.mark.db


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.fixture
def final(kestrel, partner):
    """An invoice that is final, made while Arden's first brand shows."""
    with clock.freeze(at("2026-06-03 12:00")):
        yield _final(kestrel.harbor, partner)


def _final(customer_id, partner):
    publish(
        partner,
        name="Arden",
        logo=svg(),
        pdf_foot="Register 42",
        support_email="help@arden.example",
    )
    harbor = account(customer_id, recipients=["bills@harbor.example"])
    selling.sell(harbor)
    return final_of(harbor)


def test_a_final_invoice_is_made_again_to_the_same_bytes_after_the_brand_changed(
    kestrel, partner, final
):
    finance = sign_in(kestrel, "finance")
    before = finance.get(f"/invoices/{final.pk}/invoice.pdf").content
    said = text_of(before)
    assert "Register 42" in said
    assert "Questions? help@arden.example" in said
    assert reading.read(bytes(final.content)).issuer.brand == 2
    publish(partner, name="Borealis", accent="#e4002b", logo=raster(), pdf_foot="Register 43")
    assert finance.get(f"/invoices/{final.pk}/invoice.pdf").content == before
    publish(partner, pdf_foot="")
    assert finance.get(f"/invoices/{final.pk}/invoice.pdf").content == before


def test_the_customer_gets_the_same_bytes_under_their_limit(kestrel, partner, final):
    staff = sign_in(kestrel, "finance")
    staff.post(f"/invoices/{final.pk}/hand-over/")
    viewer = sign_in(kestrel, "viewer", customer_id=kestrel.harbor)
    theirs = viewer.get(f"/bills/{final.pk}/bill.pdf")
    assert theirs.content == staff.get(f"/invoices/{final.pk}/invoice.pdf").content
    assert "Register 42" in text_of(theirs.content)


def test_the_next_invoice_carries_the_new_brand(partner, final):
    publish(partner, pdf_foot="Register 43")
    assert reckon.issuer(final.account.entity).brand == 3


@pytest.mark.parametrize("logo", [svg(), raster(), raster("JPEG")], ids=["svg", "png", "jpeg"])
def test_a_document_is_the_same_bytes_for_the_same_letterhead_and_others_for_another(logo):
    picture = read(logo)
    head = Letterhead(
        picture.body, picture.media_type, picture.width, picture.height, foot="Register 42"
    )
    for make in (
        lambda paper: invoice_pdf(INVOICE, paper),
        lambda paper: statement_pdf(STATEMENT, Sealed(), paper),
    ):
        assert make(head) == make(head._replace())
        assert len({make(head), make(head._replace(plate=True)), make(PLAIN)}) == 3
        assert "Register 42" in text_of(make(head))


def test_one_partner_has_no_paper_of_another(partner, aurora):
    publish(partner, pdf_foot="Register 42")
    assert letterhead.of_version(2).foot == "Register 42"
    with schema_context("aurora"), pytest.raises(BrandVersion.DoesNotExist):
        letterhead.of_version(2)
