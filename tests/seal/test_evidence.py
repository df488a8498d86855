"""One row touched: that row is named."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.seal import Entry, Row, listing, root
from monitoring.seal.evidence import examine

pytestmark = pytest.mark.pure

ROWS = [
    Row("order", f"SO-{n}", {"released": f"2026-04-0{n}T13:00:00Z", "late": n == 3})
    for n in range(1, 6)
]

# Of the leaves below, as the reference implementation of certificate transparency gives them.
LEAVES = (
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def examined(rows, listed=None):
    """What is found when `rows` stand where ROWS were sealed."""
    sealed = listing(ROWS)
    found = examine(rows, sealed if listed is None else listed, sealed_root=root(sealed))
    return [(one.what, one.id) for one in found]


@pytest.mark.parametrize("count", range(1, 9))
def test_the_root_is_that_of_the_standard(count):
    hashes = [hashlib.sha256(b"\x00" + bytes.fromhex(leaf)).hexdigest() for leaf in LEAVES[:count]]
    assert root([Entry("leaf", str(at), one) for at, one in enumerate(hashes)]) == ROOTS[count - 1]


def test_untouched_rows_pass_in_any_order():
    assert examined(ROWS) == examined(ROWS[::-1]) == []


def test_no_rows_are_evidence_of_nothing_and_pass():
    assert examine([], [], sealed_root=root([])) == []


def test_a_changed_row_is_named():
    touched = Row("order", "SO-3", {**ROWS[2].fields, "late": False})
    assert examined([*ROWS[:2], touched, *ROWS[3:]]) == [("changed", "SO-3")]


def test_a_removed_row_is_named():
    assert examined(ROWS[:1] + ROWS[2:]) == [("removed", "SO-2")]


def test_an_added_row_is_named():
    assert examined([*ROWS, Row("order", "SO-9", {})]) == [("added", "SO-9")]


def test_a_row_that_is_there_twice_was_added():
    assert examined([*ROWS, ROWS[0]]) == [("added", "SO-1")]


def test_a_row_under_another_name_is_one_gone_and_one_new():
    renamed = Row("order", "SO-8", ROWS[0].fields)
    assert examined([renamed, *ROWS[1:]]) == [("added", "SO-8"), ("removed", "SO-1")]


def test_a_changed_list_does_not_convict_the_row():
    listed = listing(ROWS)
    listed[3] = listed[3]._replace(digest="0" * 64)
    assert examined(ROWS, listed) == [("list", "SO-4")]


def test_row_and_list_changed_together_are_still_found():
    rows = [Row("order", "SO-1", {"late": False}), *ROWS[1:]]
    assert examined(rows, listing(rows)) == [("unknown", "")]


def test_the_sentence_names_the_row():
    (found,) = examine(ROWS[1:], listing(ROWS), sealed_root=root(listing(ROWS)))
    assert found.sentence == "Evidence order SO-1 was removed after it was sealed."


def test_two_rows_of_one_name_are_refused_before_the_seal():
    with pytest.raises(ValueError, match="evidence order SO-1 is there twice"):
        listing([*ROWS, ROWS[0]])


rows_of_a_month = st.lists(
    st.builds(
        Row,
        st.sampled_from(["order", "leg", "slot"]),
        st.integers(0, 40).map(str),
        st.dictionaries(st.sampled_from(["at", "minutes"]), st.integers(0, 9)),
    ),
    min_size=1,
    max_size=30,
    unique_by=lambda row: (row.kind, row.id),
)


@given(rows_of_a_month, st.data())
def test_any_single_touch_names_exactly_its_row(rows, data):
    listed = listing(rows)
    at = data.draw(st.integers(0, len(rows) - 1))
    row = rows[at]
    changed = Row(row.kind, row.id, {**row.fields, "at": row.fields.get("at", 0) + 1})
    touches = {
        "changed": [*rows[:at], changed, *rows[at + 1 :]],
        "removed": rows[:at] + rows[at + 1 :],
        "added": [*rows, Row(row.kind, row.id + "x", row.fields)],
    }
    what = data.draw(st.sampled_from([*touches]))
    found = examine(touches[what], listed, sealed_root=root(listed))
    assert found == [(what, row.kind, row.id + "x" if what == "added" else row.id)]


@given(rows_of_a_month, st.randoms())
def test_the_root_does_not_depend_on_the_order_of_rows(rows, random):
    turned = random.sample(rows, len(rows))
    assert root(listing(turned)) == root(listing(rows))
