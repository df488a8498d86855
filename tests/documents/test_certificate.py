import re
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO

import pypdfium2
import pytest
from pypdf import PdfReader

from integrations.documents.certificate import Certificate, Step, certificate_pdf

pytestmark = pytest.mark.pure

AT = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
PLAIN = Certificate(
    partner_name="Northgate Integration Services",
    brand_colour="#0e5a68",
    customer="Harbor Outdoor Supply Ltd",
    endpoint="Reno warehouse",
    connector="X12 over SFTP",
    steps=(Step("Order received", True, AT), Step("Invoice delivered", True, AT)),
    documents=(("Stock levels", 1204),),
    versions=(("Endpoint contract", "1"),),
    signed_off_by="Maria Lindqvist",
    signed_at=AT,
    number="HOS-2026-0007",
    digest=DIGEST,
)
MARKUP = '#panic("x") $y$ [b] *c* _d_ \\ "q" <l> @r `raw` // = - #let'


def text_of(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def right_edges(pdf):
    """Where the rightmost letter of every page ends, in points."""
    for page in pypdfium2.PdfDocument(pdf):
        letters = page.get_textpage()
        yield max(letters.get_charbox(at)[2] for at in range(letters.count_chars()))


def test_the_same_certificate_is_the_same_bytes():
    assert certificate_pdf(PLAIN) == certificate_pdf(PLAIN._replace())


def test_another_customer_makes_other_bytes():
    assert certificate_pdf(PLAIN) != certificate_pdf(PLAIN._replace(customer="Somebody else"))


@pytest.mark.parametrize(
    "said",
    [
        "Northgate Integration Services",
        "Harbor Outdoor Supply Ltd",
        "Reno warehouse",
        "X12 over SFTP",
        "Order received",
        "All 2 steps passed",
        "1,204",
        "Maria Lindqvist",
        "23 November 2026, 14:05 UTC",
        "HOS-2026-0007",
        DIGEST,
        "Page 1 / 1",
    ],
)
def test_everything_it_says_can_be_read_out_of_it(said):
    assert said in text_of(certificate_pdf(PLAIN))


def test_it_is_one_page_of_a4():
    pages = PdfReader(BytesIO(certificate_pdf(PLAIN))).pages
    assert [(round(p.mediabox.width), round(p.mediabox.height)) for p in pages] == [(595, 842)]


def test_times_are_told_in_utc():
    at = datetime(2026, 1, 2, 0, 30, tzinfo=timezone(timedelta(hours=2)))
    assert "1 January 2026, 22:30 UTC" in text_of(certificate_pdf(PLAIN._replace(signed_at=at)))


def test_a_step_that_did_not_pass_is_named_with_its_reason():
    steps = (*PLAIN.steps, Step("Stock updated", False, AT, "no answer in 60 s"))
    said = text_of(certificate_pdf(PLAIN._replace(steps=steps)))
    assert "1 of 3 steps did not pass." in said
    assert "Stock updated: no answer in 60 s" in said
    assert "Not passed" in said


def test_the_vendor_is_named_nowhere():
    pdf = certificate_pdf(PLAIN)
    assert b"crossdock" not in pdf.lower()
    assert "crossdock" not in text_of(pdf).lower()
    metadata = PdfReader(BytesIO(pdf)).metadata
    assert metadata["/Author"] == "Northgate Integration Services"
    assert metadata["/Title"] == "Certificate of conformance HOS-2026-0007"
    assert not any("crossdock" in str(value).lower() for value in metadata.values())


@pytest.mark.parametrize(
    "field", ["partner_name", "customer", "endpoint", "connector", "signed_off_by", "number"]
)
def test_markup_in_a_name_stays_text(field):
    said = re.sub(r"[\s\u200b]", "", text_of(certificate_pdf(PLAIN._replace(**{field: MARKUP}))))
    assert MARKUP.replace(" ", "") in said


def test_markup_in_steps_documents_and_versions_stays_text():
    hostile = PLAIN._replace(
        steps=(Step(MARKUP, False, AT, MARKUP),),
        documents=((MARKUP, 1),),
        versions=((MARKUP, MARKUP),),
        digest=MARKUP,
    )
    said = re.sub(r"[\s\u200b]", "", text_of(certificate_pdf(hostile)))
    assert said.count(MARKUP.replace(" ", "")) == 6


@pytest.mark.parametrize("field", ["partner_name", "customer", "signed_off_by", "number", "digest"])
@pytest.mark.parametrize("letter", ["W", "x", "#"])
def test_three_hundred_letters_without_a_space_stay_on_the_paper(field, letter):
    pdf = certificate_pdf(PLAIN._replace(**{field: letter * 300}))
    assert max(right_edges(pdf)) < 595 - 60


def test_a_long_name_of_many_words_is_told_whole_up_to_three_hundred_letters():
    said = text_of(certificate_pdf(PLAIN._replace(customer="Harbor " * 60))).split()
    assert said.count("Harbor") == 43  # 42 × 7 letters with their spaces, and the 6 of one more


def test_hebrew_and_arabic_are_set_with_glyphs():
    said = text_of(certificate_pdf(PLAIN._replace(customer="שלום", endpoint="مرحبا")))
    assert "שלום" in said
    assert "مرحبا" in said


def test_pictures_and_control_characters_are_left_out():
    said = text_of(certificate_pdf(PLAIN._replace(customer="🏕 Camp\x00\x1b[31m \u202eCo")))
    assert "Camp[31m Co" in said
    assert "\x00" not in said


def test_a_lone_surrogate_does_not_break_it():
    assert "Camp" in text_of(certificate_pdf(PLAIN._replace(customer="Camp\ud83c")))


def test_sixty_steps_run_over_to_further_pages_with_their_heads():
    pdf = certificate_pdf(PLAIN._replace(steps=PLAIN.steps * 30))
    assert len(PdfReader(BytesIO(pdf)).pages) == 3
    assert text_of(pdf).count("Done (UTC)") >= 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"steps": ()},
        {"signed_at": datetime(2026, 1, 1)},
        {"brand_colour": '#000"); #panic('},
    ],
)
def test_what_cannot_be_certified_is_refused(wrong):
    with pytest.raises(ValueError):
        certificate_pdf(PLAIN._replace(**wrong))
