"""What differences mean, in words."""

from decimal import Decimal

import pytest

from integrations.canonical.problem import Problem
from integrations.evidence import Result, compare, weigh

pytestmark = pytest.mark.pure


def weighed(*pairs, noun="order"):
    return weigh(
        [compare(str(n), Result(a), Result(b)) for n, (a, b) in enumerate(pairs, 1)], noun=noun
    )


def alarms(*pairs):
    return {(a.code, a.path) for a in weighed(*pairs).alarms}


def line(**more):
    return {"lines": [{"line_no": "1", **more}]}


def test_a_factor_is_told_with_its_size_and_a_sample():
    found = weighed((line(quantity="2", uom="EA"), line(quantity="24", uom="EA")))
    assert [w.sentence for w in found.alarms] == [
        "lines[].quantity: The number changes by a factor (×12) in 1 order, e.g. “2” → “24”."
    ]


def test_totals_are_told_in_money():
    pairs = [
        compare(
            str(n),
            Result({"n": n}, key=str(n), amount=Decimal("200.00"), currency="USD"),
            Result({"n": n}, key=str(n), amount=Decimal("99.625"), currency="USD"),
        )
        for n in range(12)
    ]
    # 12 × (99.625 − 200.00) = −1,204.500
    assert "Totals of 12 orders change by −1,204.500 USD." in weigh(pairs, noun="order").summary


def test_nothing_that_changes_is_said_so():
    assert weighed(({"a": "1"}, {"a": "1"})).summary == (
        "1 order ran through the old and the new version: nothing changes.",
        "Nothing looks harmful.",
    )


def test_refused_and_rerouted_documents_are_told_with_reasons():
    problem = Problem("uom_mismatch", "lines[0].uom", "CA", "No row.")
    found = weigh(
        [
            compare("1", Result({}, target="RNO1"), Result({}, target="ATL2")),
            compare("2", Result({}), Result({}, (problem,))),
        ],
        noun="order",
    )
    assert found.summary == (
        "2 orders ran through the old and the new version: 2 change, 0 stay the same.",
        "1 order that was valid would be refused: uom_mismatch (1).",
        "1 order goes elsewhere: RNO1 → ATL2 (1).",
        "2 changes look harmful.",
    )


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ({"totals": {"tax": "5.00"}}, {"totals": {"tax": "-5.00"}}, "sign"),
        ({"totals": {"tax": "5.25"}}, {"totals": {"tax": "5"}}, "precision_lost"),
        ({"on_hand": "12"}, {"on_hand": "0"}, "zeroed"),
        ({"currency": "EUR"}, {"currency": "USD"}, "currency_changed"),
        ({"on_hand": "4", "uom": "EA"}, {"on_hand": "4", "uom": "CA"}, "unit_without_number"),
        (
            {"weight": {"value": "10", "uom": "LB"}},
            {"weight": {"value": "20", "uom": "KG"}},
            "unit_conversion_wrong",
        ),
        ({"sku": "0047"}, {"sku": "47"}, "leading_zeros_lost"),
        ({"sku": "TENT-2P"}, {"sku": "TENT2P"}, "id_reformatted"),
        ({"sku": "Tent"}, {"sku": "TENT"}, "case_changed"),
        ({"status": "open"}, {"status": "on_hold"}, "meaning_changed"),
        ({"taxes_included": False}, {"taxes_included": True}, "flag_flipped"),
        ({"due_on": "2026-03-04"}, {"due_on": "2026-04-03"}, "day_month_swapped"),
        ({"due_on": "2026-03-04"}, {"due_on": "2026-03-05"}, "date_shifted"),
        (
            {"placed_at": "2026-03-04T10:00:00Z"},
            {"placed_at": "2026-03-04T18:00:00Z"},
            "date_shifted",
        ),
        ({"name": "Müller"}, {"name": "M?ller"}, "encoding_damaged"),
        ({"name": "Müller"}, {"name": "MÃ¼ller"}, "encoding_damaged"),
        ({"name": "Dana Ortiz"}, {"name": "DanaOrtiz"}, "spaces_lost"),
        ({"po_number": "PO-1"}, {}, "field_lost"),
        ({"tracking": ["1Z", "2Z"]}, {"tracking": ["1Z"]}, "entries_lost"),
    ],
)
def test_harm_to_one_value_is_an_alarm(old, new, code):
    assert code in {found for found, _ in alarms((old, new))}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({}, {"po_number": "PO-1"}),
        ({"company": ""}, {"company": "Peak & Co."}),
        ({"city": " Reno "}, {"city": "Reno"}),
        ({"totals": {"tax": "5.00"}}, {"totals": {"tax": "5.0"}}),
        ({"due_on": "2026-03-04"}, {"due_on": "2026-03-04T00:00:00Z"}),
        ({"weight": {"value": "10", "uom": "LB"}}, {"weight": {"value": "4.536", "uom": "KG"}}),
        ({"gtin": "036000291452"}, {"gtin": "00036000291452"}),
        ({"name": "MÃ¼ller"}, {"name": "Müller"}),
        ({"description": "Tent"}, {"description": "A tent"}),
        ({"notes": []}, {"notes": [{"audience": "gift", "text": "Hi"}]}),
        ({"postal_code": "89408-1234"}, {"postal_code": "89408"}),
    ],
)
def test_what_harms_nobody_is_a_note(old, new):
    found = weighed((old, new))
    assert found.fields
    assert found.alarms == ()


def test_lines_that_stand_twice_are_an_alarm():
    one, twice = {"sku": "A", "quantity": "1"}, {"sku": "A", "quantity": "1"}
    assert alarms(({"lines": [one]}, {"lines": [one, twice]})) == {("entries_doubled", "lines[]")}


def test_a_new_key_and_a_shared_key_are_alarms():
    changes = [
        compare("1", Result({}, key="A"), Result({}, key="C")),
        compare("2", Result({}, key="B"), Result({}, key="C")),
    ]
    assert {a.code for a in weigh(changes).alarms} == {"key_changed", "keys_collide"}


def test_amounts_that_no_longer_add_up_are_an_alarm():
    totals = {"lines": "10.00", "tax": "1.00", "total": "11.00"}
    found = alarms(({"totals": totals}, {"totals": totals | {"fees": "3.00"}}))
    assert found == {("sums_broken", "totals.total")}


def test_many_values_that_become_one_are_an_alarm():
    pairs = [({"service_level": name}, {"service_level": "GROUND"}) for name in ("A1", "B2", "C3")]
    assert alarms(*pairs) == {("collapsed", "service_level")}


def test_text_cut_at_one_length_is_an_alarm_and_a_dropped_suffix_is_none():
    words = ("Sleeping mat", "Backpack blue", "Camp lamp tall")
    cut = [({"description": w}, {"description": w[:8]}) for w in words]
    suffix = [({"description": f"{w} (EU)"}, {"description": w}) for w in words]
    assert alarms(*cut) == {("truncated", "description")}
    assert alarms(*suffix) == set()


def test_an_address_taken_from_another_address_is_an_alarm():
    pairs = [
        (
            {"ship_to": {"name": ship}, "bill_to": {"name": bill}},
            {"ship_to": {"name": bill}, "bill_to": {"name": bill}},
        )
        for ship, bill in (("Ann One", "Bob Two"), ("Cat Three", "Dan Four"))
    ]
    assert alarms(*pairs) == {("other_field", "ship_to.name")}
    assert (
        weighed(*pairs)
        .alarms[0]
        .sentence.startswith(
            "ship_to.name: The value now comes from another field (from bill_to.name) in 2 orders"
        )
    )
