"""A statement as PDF and as CSV."""

import csv
import io
import re
import shutil
import subprocess
import sys
from dataclasses import replace

import pypdfium2
import pytest
from pypdf import PdfReader

from monitoring.documents.statement import Sealed, statement_pdf
from monitoring.documents.statement_table import statement_csv
from monitoring.seal import canonical, digest
from tests.seal.test_adjustment import ONE
from tests.statements.april import APRIL, MISSES, STOCK, april

pytestmark = pytest.mark.pure

SEAL = Sealed("cd" * 32, "ef" * 32)
PDF = statement_pdf(APRIL, SEAL)
MARKUP = '#panic("x") $y$ [b] *c* _d_ \\ "q" <l> @r `raw` // = - #let'


def by_pypdf(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def by_pdfium(pdf):
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))


def by_pdftotext(pdf):
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    told = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return told.stdout.decode()


def joined(text):
    return re.sub(r"[\s\u200b\u00ad\ufffe]+", "", text)


SAID = [
    "Kestrel Point", "Harbor Outfitters", "In April 2026 we kept 4 of 5 promises",
    "We propose to give back $61.20, 2 % of the monthly fee.", "98.62 %", "138 % used",
    "99.76 % counting only what was ours", "slowest 21 min",
    "Northwind sent no stock report from 02:00 to 09:40.", "84.60 %",
    "312 orders worth $84,000.00 were put right before their cut-off, in 11 minutes (median).",
    "without that work 315 of 412 orders would have missed", "24,187", "$1,230.50", "20 Apr 09:00",
    "L. Holt, approved by M. Reyes", "10 May 02:00", "17 Apr 05:10, Reno",
    "1 May 2026, 06:00, Los Angeles time", "40 minutes on 12 Apr: planned work at your ERP",
    "Mon–Fri 07:00–19:00, Los Angeles time", APRIL.evidence.root, "ab" * 32, "cd" * 32, "ef" * 32,
]  # fmt: skip


@pytest.mark.parametrize("reader", [by_pypdf, by_pdfium, by_pdftotext])
def test_everything_it_says_can_be_read_out_of_it(reader):
    text = joined(reader(PDF))
    assert [said for said in SAID if joined(said) not in text] == []


def test_the_same_statement_is_the_same_bytes():
    assert statement_pdf(april(), Sealed(*SEAL)) == PDF


def test_another_process_sets_the_same_bytes():
    script = (
        "import django; from django.conf import settings; settings.configure(); django.setup();"
        "import hashlib; from tests.statements.april import APRIL;"
        "from monitoring.documents.statement import Sealed, statement_pdf;"
        "print(hashlib.sha256(statement_pdf(APRIL, Sealed('cd'*32, 'ef'*32))).hexdigest())"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == digest(PDF)


def test_another_figure_makes_other_bytes():
    assert statement_pdf(april(number=5), SEAL) != PDF


def test_a_draft_says_that_it_is_one():
    text = by_pypdf(statement_pdf(APRIL, Sealed()))
    assert "Draft: not sealed" in text
    assert "SHA-256" not in text
    assert "Draft" not in by_pypdf(PDF)


def test_a_correction_stands_beside_what_it_corrects():
    text = by_pypdf(statement_pdf(APRIL, Sealed(*SEAL[:2], [ONE])))
    assert "The fee of April was 4,590.00, not 3,060.00." in text
    assert "$91.80 instead of $61.20" in text
    assert "$61.20" in text


def test_a_month_of_nothing_is_a_statement_too():
    nothing = april(
        promises=(), misses=(), shares=(), causes=(), exclusions=(), reconciliation=(), without=(),
        changes=(), planned=(), credits=replace(APRIL.credits, lines=()),
        delivered=replace(APRIL.delivered, orders=0),
    )  # fmt: skip
    text = by_pypdf(statement_pdf(nothing, SEAL))
    assert "Nothing was measured in April 2026" in text
    assert "Systems compared" not in text


def test_the_vendor_is_named_nowhere():
    assert "crossdock" not in by_pypdf(PDF).lower()
    metadata = PdfReader(io.BytesIO(PDF)).metadata
    assert metadata["/Author"] == "Kestrel Point"
    assert not any("crossdock" in str(value).lower() for value in metadata.values())


def test_markup_stays_text():
    hostile = april(
        customer=replace(APRIL.customer, name=MARKUP),
        causes=(replace(APRIL.causes[0], text=MARKUP, action=MARKUP, party_name=MARKUP),),
        promises=(replace(STOCK, name=MARKUP, detail=MARKUP),),
        without=(),
    )
    assert joined(by_pypdf(statement_pdf(hostile, SEAL))).count(joined(MARKUP)) >= 6


def test_a_thousand_misses_are_listed_up_to_a_limit():
    many = tuple(replace(MISSES[0], key=f"m{n}", subject=f"SO-{n:04}") for n in range(1000))
    text = by_pypdf(statement_pdf(april(misses=many), SEAL))
    assert "SO-0059" in text
    assert "SO-0060" not in text
    assert "940 more are in the CSV" in text  # 1,000 − 60


@pytest.mark.parametrize("letter", ["W", "x"])
def test_long_runs_stay_on_the_paper(letter):
    run = letter * 280
    wide = april(
        customer=replace(APRIL.customer, name=run), causes=(replace(APRIL.causes[0], text=run),),
        promises=(replace(STOCK, name=run),), without=(),
    )  # fmt: skip
    for page in pypdfium2.PdfDocument(statement_pdf(wide, SEAL)):
        letters = page.get_textpage()
        edges = [letters.get_charbox(at)[2] for at in range(letters.count_chars())]
        assert max(edges) < 595 - 50


def rows_of(content):
    text = statement_csv(content, digest="cd" * 32).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def value(rows, section, item, figure):
    return next(row["value"] for row in rows
                if (row["section"], row["item"], row["figure"]) == (section, item, figure))  # fmt: skip


def test_the_table_has_every_figure_as_it_was_sealed():
    rows = rows_of(APRIL)
    assert value(rows, "statement", "", "sha256") == "cd" * 32
    assert value(rows, "statement", "", "sealed_at") == "2026-05-01T13:00:00Z"
    assert value(rows, "promises", "stock", "actual") == "98.62"
    assert value(rows, "promises", "stock", "trend 2026-03") == "99.3"
    assert value(rows, "promises", "lost", "used") == ""
    assert value(rows, "misses", "stock-8", "evidence") == "outage 4"
    assert value(rows, "delivered", "", "worth USD") == "84000"
    assert value(rows, "without", "cut-off", "misses") == "315"
    assert value(rows, "credits", "stock", "amount") == "61.2"
    assert value(rows, "evidence", "", "root") == APRIL.evidence.root


def test_every_text_and_number_of_the_content_is_in_the_table():
    def leaves(plain_value):
        if isinstance(plain_value, dict):
            return [leaf for item in plain_value.values() for leaf in leaves(item)]
        if isinstance(plain_value, list):
            return [leaf for item in plain_value for leaf in leaves(item)]
        return [str(plain_value)]

    import json

    plain_content = json.loads(canonical(APRIL))
    plain_content.pop("issuer")
    plain_content["calendar"].pop("terms")
    text = statement_csv(APRIL, digest="").decode()
    assert [leaf for leaf in leaves(plain_content) if leaf != "None" and leaf not in text] == []


def test_no_cell_runs_as_a_formula():
    evil = april(causes=(replace(APRIL.causes[0], text='=HYPERLINK("http://x","y")'),))
    cells = [row["value"] for row in rows_of(evil)]
    assert not any(cell.startswith("=") for cell in cells)
