"""When two remedies are the same."""

import pytest

from monitoring.rules import alike, for_value

pytestmark = pytest.mark.pure

ROW = {"table": "sku", "code": "TENT-OLD", "value": "TENT-2P", "insist": False}


@pytest.mark.parametrize(
    ("remedy", "terms", "other", "others", "expected"),
    [
        ("lookup", ROW, "lookup", ROW, True),
        ("lookup", ROW, "lookup", {**ROW, "code": "tent-old", "insist": True}, True),
        ("lookup", ROW, "lookup", {**ROW, "value": "tent-2p"}, False),
        ("lookup", ROW, "lookup", {**ROW, "table": "uom"}, False),
        ("skip", {"reason": "test order"}, "skip", {"reason": "test order "}, True),
        ("skip", {"reason": "test order"}, "skip", {"reason": "sent twice"}, False),
        ("retry", {}, "retry", {}, True),
        ("retry", {}, "skip", {"reason": ""}, False),
        ("edit", {"payload": "x"}, "edit", {"payload": "x"}, False),
        ("mapping", {"change": 1}, "lookup", ROW, False),
    ],
)
def test_remedies_are_alike_by_what_decides(remedy, terms, other, others, expected):
    assert alike(remedy, terms, other, others) is expected


def test_a_lookup_takes_the_code_as_the_case_has_it_and_insists_on_nothing():
    insisted = {**ROW, "insist": True}
    assert for_value("lookup", insisted, " Tent-Old") == {**ROW, "code": "Tent-Old"}
    assert for_value("lookup", insisted, "") == ROW
    assert for_value("skip", {"reason": "test order"}, "X") == {"reason": "test order"}
