"""OData's values in both versions: texts, times, lists, numbers."""

from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import parse_qsl, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.connectors.odata import values

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("/Date(1772496000000)/", datetime(2026, 3, 3, tzinfo=UTC)),
        # The number is UTC; the minutes behind it only tell where it was entered.
        ("/Date(1772496000000+0060)/", datetime(2026, 3, 3, tzinfo=UTC)),
        ("/Date(-86400000)/", datetime(1969, 12, 31, tzinfo=UTC)),
        ("2026-03-03T09:12:41.107Z", datetime(2026, 3, 3, 9, 12, 41, 107_000, UTC)),
        ("2026-03-03T10:12:00+01:00", datetime(2026, 3, 3, 9, 12, tzinfo=UTC)),
        ("", None),
        (None, None),
    ],
)
def test_a_time_of_either_version(sent, meant):
    assert values.moment(sent) == meant


@pytest.mark.parametrize("sent", ["soon", "/Date(x)/", "/Date(999999999999999)/", "2026-13-01"])
def test_what_is_no_time_is_refused(sent):
    with pytest.raises(ValueError):
        values.moment(sent)


def test_a_document_of_version_2_is_plain():
    sent = {
        "__metadata": {"etag": "x"},
        "At": "/Date(1772496000000)/",
        "Amount": "24786.720",
        "to_Item": {"results": [{"__metadata": {}, "Day": "/Date(0)/"}]},
        "to_Partner": {"__deferred": {"uri": "https://sap.example/x"}},
        "Nothing": None,
    }
    assert values.plain(sent) == {
        "At": "2026-03-03T00:00:00Z",
        "Amount": "24786.720",
        "to_Item": [{"Day": "1970-01-01T00:00:00Z"}],
        "Nothing": None,
    }


def test_a_document_nested_beyond_reason_is_refused():
    deep: dict = {}
    for _ in range(60):
        deep = {"a": deep}
    with pytest.raises(ValueError, match="too deeply"):
        values.plain(deep)


def test_days_are_written_as_version_2_takes_them_and_nothing_else_is_touched():
    assert values.written(
        {
            "RequestedDeliveryDate": "2026-03-03",
            "Note": "2026-03-03",
            "to_Item": [{"PricingDate": "1970-01-02"}],
        }
    ) == {
        "RequestedDeliveryDate": "/Date(1772496000000)/",
        "Note": "2026-03-03",
        "to_Item": [{"PricingDate": "/Date(86400000)/"}],
    }


def test_a_list_that_goes_on_elsewhere_is_seen():
    whole = {"to_Item": {"results": []}}
    assert not values.is_cut(whole)
    assert values.is_cut([{"d": {"to_Item": {"results": [], "__next": "https://sap.example/x"}}}])


@given(st.text(max_size=40))
def test_no_text_leaves_its_literal_or_its_segment(text):
    literal = values.literal(text)
    assert literal[1:-1].replace("''", "'") == text
    key = values.key(text)
    assert unquote(key, errors="surrogatepass") == literal or "\ud800" <= max(text) <= "\udfff"
    assert not set(key) & set("/?#&%") - {"%"}


@given(st.dictionaries(st.text("abc$", min_size=1, max_size=5), st.text(min_size=1, max_size=20)))
def test_a_query_is_read_as_it_was_meant(given_parameters):
    assert (
        dict(parse_qsl(values.query(given_parameters), keep_blank_values=True)) == given_parameters
    )


def test_numbers_keep_just_their_digits():
    body = values.encode(
        {"quantity": Decimal("3.10"), "unitPrice": Decimal("1E+2"), "ü": ["x", None, True]}
    )
    assert body == b'{"quantity":3.10,"unitPrice":100,"\\u00fc":["x",null,true]}'
