import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.canonical.content import content_hash
from tests.canonical.bodies import order

pytestmark = pytest.mark.pure

values = st.recursive(
    st.text() | st.booleans() | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
bodies = st.dictionaries(st.text(), values, max_size=5)


def reversed_keys(value):
    if isinstance(value, dict):
        return {key: reversed_keys(value[key]) for key in reversed(value)}
    if isinstance(value, list):
        return [reversed_keys(item) for item in value]
    return value


def test_the_hash_of_an_order_stays_what_it_was():
    assert content_hash(order()).hex() == "c097aded4857f1f0586b7a6e64c27c86"


@given(bodies)
def test_the_order_of_keys_does_not_count(body):
    assert content_hash(body) == content_hash(reversed_keys(body))


def test_the_time_of_the_source_and_the_state_do_not_count():
    later = order(source_updated_at="2026-03-09T00:00:00Z", state="shipped")
    assert content_hash(later) == content_hash(order())


def test_everything_else_counts():
    assert content_hash(order(po_number="7")) != content_hash(order())
    assert content_hash({"a": "1"}) != content_hash({"a": 1})
    assert content_hash({"a": ["b", "c"]}) != content_hash({"a": ["c", "b"]})
    nested = {"lines": [{"state": "open"}]}
    assert content_hash(nested) != content_hash({"lines": [{"state": "closed"}]})


def test_half_a_surrogate_and_a_nul_can_be_hashed():
    assert len(content_hash({"a": "\ud800\0"})) == 16


def test_infinity_is_refused():
    with pytest.raises(ValueError, match="not JSON compliant"):
        content_hash({"a": float("inf")})
