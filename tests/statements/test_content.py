"""A statement reads back as it was sealed."""

import json
from dataclasses import replace

import pytest

from monitoring.seal import canonical
from monitoring.statements.content import Content
from monitoring.statements.reading import UnreadableStatementError, read
from tests.statements.april import APRIL, april

pytestmark = pytest.mark.pure


def test_what_was_sealed_reads_back_the_same():
    assert read(canonical(APRIL)) == APRIL
    assert canonical(read(canonical(APRIL))) == canonical(APRIL)


def test_every_field_counts():
    other = {
        "number": 5,
        "previous": "",
        "misses": (),
        "issuer": replace(APRIL.issuer, name="Aurora"),
    }
    seen = {canonical(april(**{name: value})) for name, value in other.items()}
    assert len(seen | {canonical(APRIL)}) == 5


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"form": "sla-statement/9"}, "The form is 'sla-statement/9'"),
        ({"number": "4"}, "statement.number does not read"),
        ({"number": True}, "statement.number does not read"),
        ({"sealed_at": "yesterday"}, "statement.sealed_at does not read"),
        ({"promises": [{}]}, r"statement.promises\[0\] does not read"),
        ({"credits": None}, "statement.credits does not read"),
    ],
)
def test_what_does_not_read_is_named(change, said):
    plain = json.loads(canonical(APRIL)) | change
    with pytest.raises(UnreadableStatementError, match=said):
        read(json.dumps(plain).encode())


def test_what_is_no_statement_is_refused():
    for content in (b"", b"[]", b"{", b"\xff"):
        with pytest.raises(UnreadableStatementError):
            read(content)


def test_nothing_in_a_statement_is_a_float():
    assert "float" not in {field for field in str(Content.__annotations__).split()}
