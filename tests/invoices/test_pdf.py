"""An invoice, a credit note and a draft as PDF."""

import io
import re
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal

import pypdfium2
import pytest
from pypdf import PdfReader

from billing.documents.invoice import invoice_pdf
from monitoring.seal import canonical, digest
from tests.invoices.april import APRIL, BASE, CREDIT_NOTE, DOCUMENTS, DRAFT, LABELS

pytestmark = pytest.mark.pure

PDF = invoice_pdf(APRIL)
MARKUP = '#panic("x") $y$ [b] *c* _d_ \\ "q" <l> @r `raw` // = - #let'


def by_pypdf(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def by_pdfium(pdf):
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))


def joined(text):
    return re.sub(r"[\s\u200b\u00ad\ufffe]+", "", text)


def pages(content):
    return [page.extract_text() for page in PdfReader(io.BytesIO(invoice_pdf(content))).pages]


SAID = [
    "Kestrel Point", "14 Quay Street", "Tax number 93-1234567", "Invoice 2026-0042",
    "$1,052.88 to pay by 1 June 2026", "Harbor Outfitters", "901 Harbor Road", "Tax number 91-7654321",
    "2 May 2026", "PO 4711", "April 2026", "March 2026", "May 2026", "10 % off in the first year",
    "155.00", "less 15.50", "1,234.5", "0.05", "61.73", "−61.20", "see page 2",
    "Charges $1,139.26", "Discounts −$15.50", "Service credits −$61.20", "Net $1,062.56",
    "Sales tax, 8.5 % of $1,062.56", "$90.32", "Total $1,152.88", "Paid with Welcome credit",
    "$40.00 left until 31 December 2026", "−$100.00", "To pay $1,052.88", "Cascade Bank",
    "Please name the invoice number when you pay.", "100 × 0.50 = 50.00, from 101 to 200",
    "Together 410.532, rounded to 410.53", "150.00 was billed before, so 12.00 more",
]  # fmt: skip


@pytest.mark.parametrize("reader", [by_pypdf, by_pdfium])
def test_everything_it_says_can_be_read_out_of_it(reader):
    text = joined(reader(PDF))
    assert [said for said in SAID if joined(said) not in text] == []


def test_what_a_row_says_itself_is_not_explained_again():
    _, annex = pages(APRIL)
    assert "Documents delivered" in annex
    assert "Labels printed" not in annex
    assert len(pages(replace(APRIL, lines=(LABELS, BASE)))) == 1


def test_the_same_content_is_the_same_bytes():
    same = replace(APRIL, net=Decimal("1062.560"), due=Decimal("1052.8800"))
    assert canonical(same) == canonical(APRIL)
    assert invoice_pdf(same) == PDF
    assert invoice_pdf(replace(APRIL, number="2026-0044")) != PDF


def test_another_process_sets_the_same_bytes():
    script = (
        "import django; from django.conf import settings; settings.configure(); django.setup();"
        "import hashlib; from tests.invoices.april import APRIL;"
        "from billing.documents.invoice import invoice_pdf;"
        "print(hashlib.sha256(invoice_pdf(APRIL)).hexdigest())"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == digest(PDF)


def test_a_draft_says_so_instead_of_a_number():
    text = by_pypdf(invoice_pdf(DRAFT))
    assert "Draft invoice" in text
    assert "it has no number yet" in text
    assert "2026-0042" not in text
    assert "Draft" not in by_pypdf(PDF)


def test_a_credit_note_gives_back_and_asks_for_nothing():
    text = joined(by_pypdf(invoice_pdf(CREDIT_NOTE)))
    for said in ("Credit note 2026-0043", "$66.98 given back of invoice 2026-0042",
                 "The labels were printed twice by our mistake.", "Total given back $66.98"):  # fmt: skip
        assert joined(said) in text
    assert "Topay" not in text
    assert "CascadeBank" not in text


def test_a_credit_note_that_is_kept_says_how_much():
    kept = replace(CREDIT_NOTE, due=Decimal("6.98"))
    text = joined(by_pypdf(invoice_pdf(kept)))
    assert joined("Kept as a credit for later invoices $60.00") in text  # 66.98 − 6.98
    assert joined("Paid back or set off $6.98") in text


def test_what_is_paid_already_names_no_account():
    text = by_pypdf(invoice_pdf(replace(APRIL, due=Decimal(0))))
    assert "Nothing to pay" in text
    assert "Cascade Bank" not in text
    assert "Pay by" not in text


def test_a_note_on_tax_is_printed_where_none_is_due():
    note = "The customer owes the tax (article 196, Directive 2006/112/EC)."
    free = replace(APRIL.tax, treatment="reverse_charge", name="VAT", note=note)
    text = by_pypdf(invoice_pdf(replace(APRIL, tax=free)))
    assert "Reverse charge: no VAT is charged" in text
    assert joined(note) in joined(text)


def test_terms_are_printed_to_their_last_line():
    first = " ".join(f"Of {n} this holds." for n in range(1, 101))
    text = by_pypdf(invoice_pdf(replace(APRIL, terms=f"{first}\n2. The second paragraph.")))
    assert joined(first) in joined(text)
    assert "\n2. The second paragraph." in text


def test_a_month_of_nothing_is_an_invoice_too():
    nothing = replace(APRIL, lines=(), net=Decimal(0), total=Decimal(0), due=Decimal(0), credits=())
    assert "Nothing was charged." in by_pypdf(invoice_pdf(nothing))


@pytest.mark.parametrize(
    ("currency", "said"), [("JPY", "¥500"), ("KWD", "KWD 500.000"), ("EUR", "€500.00")]
)
def test_amounts_have_the_places_of_their_currency(currency, said):
    five_hundred = Decimal(500)
    content = replace(
        APRIL, currency=currency, lines=(BASE,), net=five_hundred, total=five_hundred, due=five_hundred,
        credits=(),
    )  # fmt: skip
    assert joined(f"To pay {said}") in joined(by_pypdf(invoice_pdf(content)))


def test_three_hundred_lines_have_their_head_on_every_page():
    many = tuple(replace(LABELS, key=f"k{n}", name=f"Labels of site {n}") for n in range(300))
    found = pages(replace(APRIL, lines=many))
    listed = [text for text in found if "Labels of site" in text]
    assert len(listed) > 5
    assert all("Unit price" in text for text in listed)
    assert sum(text.count("Labels of site") for text in found) == 300
    assert f"Page {len(found)} / {len(found)}" in found[-1]


def test_the_vendor_is_named_nowhere():
    for content in (APRIL, CREDIT_NOTE, DRAFT):
        pdf = invoice_pdf(content)
        assert "crossdock" not in by_pypdf(pdf).lower()
        metadata = PdfReader(io.BytesIO(pdf)).metadata
        assert metadata["/Author"] == "Kestrel Point"
        assert not any("crossdock" in str(value).lower() for value in metadata.values())


def hostile(text):
    return replace(
        APRIL,
        lines=(replace(DOCUMENTS, name=text, detail=text, unit=text),),
        issuer=replace(APRIL.issuer, name=text, lines=(text,), pay_to=(text,)),
        recipient=replace(APRIL.recipient, name=text, lines=(text,), reference=text),
        terms=text,
        reason=text,
        tax=replace(APRIL.tax, name=text, note=text),
        credits=(replace(APRIL.credits[0], name=text),),
    )


def test_markup_stays_text():
    # Issuer 3, recipient 3, reference, line 3, annex 2, terms, reason, note, name of tax, credit: 16 at least.
    assert joined(by_pypdf(invoice_pdf(hostile(MARKUP)))).count(joined(MARKUP)) >= 16


def test_pictures_and_letters_that_run_from_the_right_are_no_obstacle():
    text = joined(by_pdfium(invoice_pdf(hostile("שלום \u202eevil\u202c 📦🔥 Łódź"))))
    assert "Łódź" in text
    assert "evil" in text
    assert "\u202e" not in text
    assert "📦" not in text


@pytest.mark.parametrize("letter", ["W", "x"])
def test_long_runs_stay_on_the_paper(letter):
    for page in pypdfium2.PdfDocument(invoice_pdf(hostile(letter * 280))):
        letters = page.get_textpage()
        boxes = [letters.get_charbox(at) for at in range(letters.count_chars())]
        assert max(box[2] for box in boxes) < 595 - 50
        assert min(box[0] for box in boxes) > 50


def test_large_figures_stay_on_the_paper():
    huge = Decimal("999999999999999999.99")
    line = replace(LABELS, quantity=huge, unit_amount=huge, gross=huge, steps=())
    content = replace(APRIL, lines=(line,), net=huge, total=huge, due=huge)
    for page in pypdfium2.PdfDocument(invoice_pdf(content)):
        letters = page.get_textpage()
        edges = [letters.get_charbox(at)[2] for at in range(letters.count_chars())]
        assert max(edges) < 595 - 50
