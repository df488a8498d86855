import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.canonical.schema import schema_of
from integrations.canonical.states import (
    INITIAL,
    MACHINES,
    SHIPMENT_RANK,
    IllegalTransition,
    advance,
    leads_to,
)

pytestmark = pytest.mark.pure

HAPPY = {
    "order": "received validated released sent_to_warehouse acknowledged partially_shipped shipped"
    " invoiced closed",
    "shipment": "planned picked packed label_created shipped in_transit out_for_delivery delivered",
    "return": "requested approved label_sent in_transit received inspected restocked refunded"
    " closed",
    "invoice": "draft posted sent partially_paid paid credited",
}


@pytest.mark.parametrize("object_type", HAPPY)
def test_the_usual_way_is_legal_from_end_to_end(object_type):
    state = INITIAL[object_type]
    for target in HAPPY[object_type].split()[1:]:
        state = advance(object_type, state, target)
        assert state == target


@pytest.mark.parametrize(
    ("object_type", "current", "target"),
    [
        ("order", "received", "shipped"),
        ("order", "shipped", "cancelled"),
        ("order", "closed", "released"),
        ("order", "cancelled", "released"),
        ("return", "declined", "refunded"),
        ("invoice", "paid", "void"),
        ("shipment", "shipped", "cancelled"),
        ("shipment", "cancelled", "in_transit"),
    ],
)
def test_a_step_the_machine_does_not_have_is_illegal(object_type, current, target):
    assert advance(object_type, current, target) == IllegalTransition(object_type, current, target)


def test_an_order_can_be_cancelled_from_any_state_before_shipped():
    before = [
        "received",
        "validated",
        "on_hold",
        "released",
        "sent_to_warehouse",
        "acknowledged",
    ]
    for current in [*before, "partially_shipped"]:
        assert advance("order", current, "cancelled") == "cancelled"
        assert advance("order", current, "cancel_requested") == "cancel_requested"


def test_a_refused_cancel_request_goes_on_to_ship():
    assert advance("order", "cancel_requested", "shipped") == "shipped"


def test_a_945_without_a_997_still_ships_the_order():
    assert advance("order", "sent_to_warehouse", "shipped") == "shipped"


def test_the_same_state_again_changes_nothing():
    assert advance("order", "closed", "closed") == "closed"


def test_a_late_milestone_does_not_turn_a_shipment_back():
    assert advance("shipment", "delivered", "in_transit") == "delivered"
    assert advance("shipment", "delivered", "in_transit", correction=True) == "in_transit"


def test_a_failed_delivery_attempt_is_shown_and_tried_again():
    assert advance("shipment", "out_for_delivery", "exception") == "exception"
    assert advance("shipment", "exception", "out_for_delivery") == "out_for_delivery"


@given(st.permutations([s for s in SHIPMENT_RANK if SHIPMENT_RANK[s] < 5 or s == "delivered"]))
def test_milestones_in_any_order_end_at_the_highest(milestones):
    state = INITIAL["shipment"]
    for milestone in milestones:
        state = advance("shipment", state, milestone)
    assert state == "delivered"


def test_a_state_the_machine_does_not_know_is_the_callers_error():
    with pytest.raises(KeyError):
        advance("order", "received", "teleported")
    with pytest.raises(KeyError):
        advance("shipment", "lost in space", "shipped")


def test_a_type_without_a_machine_takes_any_state():
    assert advance("product", "blocked", "active") == "active"


@pytest.mark.parametrize("object_type", ["return", "invoice"])
def test_schema_and_machine_know_the_same_states(object_type):
    states = schema_of(object_type)["properties"]["status"]["enum"]
    assert set(states) == set(MACHINES[object_type])


@pytest.mark.parametrize("object_type", MACHINES)
def test_every_target_is_a_state_of_its_machine(object_type):
    machine = MACHINES[object_type]
    assert {target for targets in machine.values() for target in targets} <= set(machine)


@pytest.mark.parametrize("object_type", MACHINES)
def test_what_one_step_reaches_lies_ahead(object_type):
    for current, targets in MACHINES[object_type].items():
        assert all(leads_to(object_type, current, target) for target in targets)


def test_what_many_steps_reach_lies_ahead_and_what_is_behind_does_not():
    assert leads_to("invoice", "draft", "paid")
    assert not leads_to("invoice", "paid", "draft")
    assert not leads_to("invoice", "void", "paid")
    assert leads_to("return", "requested", "closed")
    with pytest.raises(KeyError):
        leads_to("invoice", "lost", "paid")
