"""Every code a problem can have is a kind of exception that somebody thought about."""

import ast
import re
from pathlib import Path
from typing import get_args

import pytest

from integrations.canonical.problem import Problem
from integrations.connectors.sql import specification
from integrations.domain.causes import VALUE_NAMES_DOCUMENT
from integrations.domain.problems import fingerprint
from integrations.routing.decide import Problem as RoutingProblem
from monitoring import taxonomy
from tests.monitoring.codes import made_in

pytestmark = pytest.mark.pure

ROOT = Path(__file__).parents[2]
FOLDERS = ("integrations", "portal/core")
# Formats report findings, which connectors turn into problems; views only show them.
NO_PROBLEMS = {ROOT / "integrations" / "formats", ROOT / "integrations" / "views"}
# A problem of the command line that is shown there and never stored.
NEVER_STORED = {"document_missing"}
# Where a code is handed on: the test looks at where it came from instead.
HANDED_ON = {
    ("integrations/mapping/current.py", "code"),  # of the calls of `report`
    ("integrations/connectors/sql/refusals.py", "code"),  # of the calls of `problem_of`
    ("integrations/connectors/sql/deliveries.py", "known"),  # of `specification.meanings`
    (
        "integrations/domain/onward.py",
        "decision.problem or 'no_site_allowed'",
    ),  # of `routing.decide`
    ("integrations/domain/problems.py", "*map(storable, p)"),  # problems made elsewhere
    ("integrations/domain/problems.py", "*problem"),
    ("integrations/domain/pairs.py", "*row"),
    ("integrations/domain/deliver.py", "error.code"),  # errors made elsewhere
    ("integrations/domain/poll.py", "error.code"),
    ("integrations/transports/oauth.py", "failure.code"),
    ("integrations/transports/token_server.py", "error.code"),
    ("portal/core/errors.py", "code"),
}


def sources() -> list[Path]:
    files = [file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py")]
    return [file for file in files if NO_PROBLEMS.isdisjoint(file.parents)]


def test_every_code_that_is_produced_is_a_known_kind():
    codes, handed_on = set(), set()
    for file in sources():
        made = made_in(ast.parse(file.read_text()))
        codes |= made.codes
        handed_on |= {(str(file.relative_to(ROOT)), expression) for expression in made.unclear}
    assert handed_on == HANDED_ON
    usual = specification.meanings({})
    codes |= {*usual.codes.values(), *(name for _, name in usual.patterns)}
    codes |= set(get_args(RoutingProblem))
    assert {"malformed_document", "edi_not_writable", "carrier_unmapped", "tls", "gone",
            "contract_drift", "missing_customer", "insufficient_stock"} <= codes  # fmt: skip
    known = taxonomy.KINDS.keys() | {specification.ALREADY_THERE}
    assert codes - known - NEVER_STORED == set()


@pytest.mark.parametrize(
    "source",
    [
        "Problem('brand_new', '', '', '')",
        "Problem('uom_mismatch' if x else 'brand_new', '', '', '')",
        "Problem(given or 'brand_new', '', '', '')",
        "CODE = 'brand_new'\ndef f():\n    Problem(CODE, '', '', '')",
        "def f():\n    code = 'brand_new' if x else y\n    Problem(code, '', '', '')",
        "CODES = {1: 'brand_new'}\ndef f():\n    run.report(CODES.get(n, 'poison'), '', '')",
        "def _code(code):\n    return 'brand_new' if x else code",
        "Problem(_code('brand_new'), '', '', '')",
        "raise Permanent('No', code='brand_new')",
        "raise NeedsCredentials('No', 'brand_new')",
        "class E:\n    def __init__(self, text, code='brand_new'): ...",
        "ExceptionCase(code='brand_new')",
    ],
)
def test_a_new_code_is_found_however_it_is_written(source):
    assert "brand_new" in made_in(ast.parse(source)).codes


@pytest.mark.parametrize("source", ["Problem(x.y, '', '', '')", "Permanent('No', code=find(1))"])
def test_a_code_that_cannot_be_told_by_reading_is_named(source):
    assert made_in(ast.parse(source)).unclear


def test_every_kind_can_be_written_with_the_words_there_are():
    words = {"value": "v", "path": "p", "endpoint": "e", "object": "o"}
    for kind in taxonomy.KINDS.values():
        assert kind.title.format(**words) is not None
        assert kind.customer_title.format(**words)
        assert kind.severity in (1, 2, 3, 4)


def test_every_kind_of_the_trade_has_a_row():
    trade = {
        "unknown_sku", "uom_mismatch", "pack_mismatch", "insufficient_stock", "oversell",
        "duplicate_order", "price_mismatch", "tax_mismatch", "total_mismatch", "credit_hold",
        "missing_customer", "shipto_unknown", "address_invalid", "shipto_out_of_area",
        "carrier_unmapped", "past_cutoff", "past_cancel_date", "lot_expiry", "hazmat_block",
        "short_shipment", "over_shipment", "unknown_order_945", "substitution", "wms_reject",
        "receipt_discrepancy", "adjustment_large", "ack_rejected", "ack_missing", "envelope_error",
        "unknown_partner", "auth_expired", "forbidden", "rate_limited", "timeout", "unavailable",
        "cert_expiring", "schema_drift", "encoding_error", "mapping_error", "stale_feed",
        "recon_mismatch", "poison",
    }  # fmt: skip
    assert len(trade) == 42
    assert trade - taxonomy.KINDS.keys() == set()


def test_a_code_without_a_row_speaks_for_itself():
    found = taxonomy.kind("never_heard_of")
    assert (found, found.title, found.severity) == (taxonomy.DEFAULT, "", 2)


JARGON = re.compile(r"SKU|EDI|UoM|ASN|ERP|lookup|mapping|payload|endpoint\b|\b\d{3}\b|[a-z]_[a-z]")


@pytest.mark.parametrize("code", sorted(taxonomy.KINDS))
def test_customers_read_no_jargon_and_nothing_of_our_own_making(code):
    text = taxonomy.KINDS[code].customer_title
    for placeholder in ("{value}", "{endpoint}", "{object}"):
        text = text.replace(placeholder, "…")
    assert not JARGON.search(text)
    assert "{path}" not in text


@pytest.mark.parametrize("code", ["malformed_document", "encoding_error", "wrong_type"])
def test_documents_that_cannot_be_read_have_one_cause_whatever_stands_in_them(code):
    first, second = (Problem(code, "", value, "") for value in ("{,", "<html>"))
    assert fingerprint(1, "order", first) == fingerprint(1, "order", second)
    assert fingerprint(1, "order", first) != fingerprint(2, "order", first)
    assert fingerprint(1, "order", first) != fingerprint(1, "product", first)


@pytest.mark.parametrize("code", sorted(taxonomy.KINDS))
def test_a_value_that_names_the_document_is_no_cause_and_stands_in_no_title(code):
    names_document = code in {
        "ack_missing", "ack_rejected", "ack_too_late", "ack_unknown", "bad_key",
        "cancelled_by_site", "change_not_supported", "contract_drift", "duplicate_control_number",
        "duplicate_order", "envelope_error", "key_too_long", "not_found", "order_not_open",
        "accepted_with_errors", "invoice_changed", "order_refused", "payment_differs",
        "payment_unmatched",
        "shipped_after_cancel", "tax_mismatch", "total_mismatch", "unknown_order",
        "unknown_order_945",
    }  # fmt: skip
    first, second = (Problem(code, "reference", value, "") for value in ("1001", "ORD-2"))
    assert (fingerprint(1, "order", first) == fingerprint(1, "order", second)) is names_document
    kind = taxonomy.KINDS[code]
    if names_document:
        assert kind.title, "without one, the words of the first document would stand for all"
        assert "{value}" not in kind.title + kind.customer_title


def test_values_in_the_same_wrong_form_are_one_cause():
    dates = ("03/02/2026", "12/31/2025", "3/2/26")
    first, second, other = (Problem("wrong_format", "placed_at", value, "") for value in dates)
    assert fingerprint(1, "order", first) == fingerprint(1, "order", second)
    assert fingerprint(1, "order", first) != fingerprint(1, "order", other)


def test_every_code_whose_value_names_the_document_is_a_known_kind():
    assert VALUE_NAMES_DOCUMENT - taxonomy.KINDS.keys() == set()


def test_a_value_at_a_path_is_a_cause_of_its_own():
    first, second = (Problem("wrong_type", "number", value, "") for value in ("1", "2"))
    assert fingerprint(1, "order", first) != fingerprint(1, "order", second)
