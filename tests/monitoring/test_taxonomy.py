"""Every code a problem can have is a kind of exception that somebody thought about."""

import ast
from pathlib import Path

import pytest

from integrations.canonical.problem import Problem
from integrations.domain.causes import VALUE_NAMES_DOCUMENT
from integrations.domain.problems import fingerprint
from integrations.mapping import functions
from monitoring import taxonomy
from portal.core import recovery

pytestmark = pytest.mark.pure

ROOT = Path(__file__).parents[2]
# Calls whose first argument is a code, and functions that choose one.
MAKERS = {"Problem", "report", "_code"}
# A problem of the command line that is shown there and never stored.
NEVER_STORED = {"document_missing"}


def trees() -> list[ast.Module]:
    files = [*ROOT.glob("integrations/**/*.py"), *ROOT.glob("portal/core/*.py")]
    return [ast.parse(file.read_text()) for file in files]


def text(node: ast.AST | None) -> set[str]:
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def codes_in(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in MAKERS and node.args:
                found |= text(node.args[0])
            for keyword in node.keywords:
                found |= text(keyword.value) if keyword.arg == "code" else set()
        if isinstance(node, ast.FunctionDef) and node.name == "_code":
            for part in ast.walk(node):
                if isinstance(part, ast.Return) and part.value is not None:
                    values = [getattr(part.value, name, None) for name in ("body", "orelse")]
                    found |= set().union(*map(text, [part.value, *values]))
    return found


def test_every_code_that_is_produced_is_a_known_kind():
    codes = set().union(*map(codes_in, trees()))
    codes |= set(functions._TABLE_CODES.values()) | set(recovery._CODES.values())
    assert {"malformed_document", "edi_not_writable", "carrier_unmapped", "tls"} <= codes
    assert codes - taxonomy.KINDS.keys() - NEVER_STORED == set()


def test_every_kind_can_be_written_with_the_words_there_are():
    words = {"value": "v", "path": "p", "endpoint": "e", "object": "o"}
    for kind in taxonomy.KINDS.values():
        assert kind.title.format(**words) is not None
        assert kind.customer_title.format(**words)
        assert kind.severity in (1, 2, 3)


@pytest.mark.parametrize("code", ["malformed_document", "encoding_error", "wrong_type"])
def test_documents_that_cannot_be_read_have_one_cause_whatever_stands_in_them(code):
    first, second = (Problem(code, "", value, "") for value in ("{,", "<html>"))
    assert fingerprint(1, "order", first) == fingerprint(1, "order", second)
    assert fingerprint(1, "order", first) != fingerprint(2, "order", first)
    assert fingerprint(1, "order", first) != fingerprint(1, "product", first)


@pytest.mark.parametrize("code", sorted(taxonomy.KINDS))
def test_a_value_that_names_the_document_is_no_cause_and_stands_in_no_title(code):
    names_document = code in {
        "ack_missing", "ack_rejected", "ack_too_late", "ack_unknown", "bad_key", "cancelled_by_site",
        "change_not_supported", "contract_drift", "duplicate_control_number", "envelope_error",
        "key_too_long",
        "not_found", "order_not_open", "shipped_after_cancel", "total_mismatch", "unknown_order",
        "unknown_order_945",
    }  # fmt: skip
    first, second = (Problem(code, "reference", value, "") for value in ("1001", "1002"))
    assert (fingerprint(1, "order", first) == fingerprint(1, "order", second)) is names_document
    kind = taxonomy.KINDS[code]
    if names_document:
        assert kind.title, "without one, the words of the first document would stand for all"
        assert "{value}" not in kind.title + kind.customer_title


def test_every_code_whose_value_names_the_document_is_a_known_kind():
    assert VALUE_NAMES_DOCUMENT - taxonomy.KINDS.keys() == set()


def test_a_value_at_a_path_is_a_cause_of_its_own():
    first, second = (Problem("wrong_type", "number", value, "") for value in ("1", "2"))
    assert fingerprint(1, "order", first) != fingerprint(1, "order", second)
