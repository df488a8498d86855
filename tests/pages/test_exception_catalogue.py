"""The page about exceptions says what the taxonomy says."""

from pathlib import Path

import pytest
from django.core.management import call_command

from monitoring import taxonomy
from portal.pages import catalogue

pytestmark = pytest.mark.pure


def row(code: str) -> list[str]:
    [line] = [x for x in catalogue.document().splitlines() if x.startswith(f"| `{code}` |")]
    return [cell.strip() for cell in line.strip("|").split(" | ")]


def test_the_page_about_exceptions_is_what_the_files_say():
    written = Path(__file__).parents[2] / "docs" / "exceptions.md"
    assert written.read_text() == catalogue.document(), "run manage.py exception_catalogue --write"


def test_the_command_prints_the_page(capsys):
    call_command("exception_catalogue")
    assert capsys.readouterr().out == catalogue.document()


def test_every_kind_has_one_row_under_its_category():
    lines = catalogue.document().splitlines()
    heads = [line for line in lines if line.startswith("## ")]
    assert (heads[0], heads[1], heads[12]) == ("## Master data", "## Mapping", "## EDI")
    assert sum(line.startswith("| `") for line in lines) == len(taxonomy.KINDS)
    under = lines.index("## EDI"), lines.index("## Connection")
    assert any(line.startswith("| `ack_missing`") for line in lines[under[0] : under[1]])


@pytest.mark.parametrize(
    ("code", "severity"),
    [
        ("unknown_sku", "S2"),
        ("mapping_error", "S2, S1 above 10 documents"),
        ("rate_limited", "S4, S2 after 15 min"),
        ("cert_expiring", "S3, S1 after 27 d"),
    ],
)
def test_a_row_says_how_severe_it_is_and_when_it_gets_worse(code, severity):
    assert row(code)[1] == severity


def test_a_row_says_what_it_looks_like_what_to_do_and_what_a_rule_may_do():
    assert row("tax_mismatch")[2:] == [
        "**Tax differs.** The tax on both sides: 1.35 in the shop, 1.37 in the ERP.",
        "1. See whether it is rounding or another tax code. 2. Accept the shop's tax, or correct the"
        " tax code. 3. Replay the document.",
        "Accepts up to 0.02 a line and books a rounding line.",
    ]


def test_an_example_is_text_and_no_markup():
    assert "&lt;html&gt;" in row("malformed_document")[2]
