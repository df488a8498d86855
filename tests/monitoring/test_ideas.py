"""What one may ask a customer, proposed from the case and from what helped before."""

import pytest

from integrations.domain import master_data
from integrations.models import LookupRow
from monitoring.domain import answers
from monitoring.models import ExceptionCase
from monitoring.queries.ideas import ideas
from tests.monitoring.conftest import hold
from tests.monitoring.lanes import apply
from tests.monitoring.test_fixing import lookup

pytestmark = pytest.mark.db


def item(place, sku, title="Tent"):
    master_data.put_product(
        place.customer_id, sku, title=title, uom="EA", endpoint_id=place.erp.pk, by="Ana"
    )


def of_kind(case, code, value, **fields):
    ExceptionCase.objects.filter(pk=case.pk).update(code=code, value=value, **fields)
    return ideas(ExceptionCase.objects.get(pk=case.pk))


def test_an_unknown_item_may_be_one_that_looks_like_it(harbor):
    item(harbor, "TENT-2P", "Two-person tent")
    same, words = ideas(hold(harbor, "1001"))
    assert (same.text, same.form) == ("Is TENT-OLD the same as TENT-2P?", "yes_no")
    assert same.why == "it is 67% like it and shares TENT: Two-person tent"
    yes, no = same.options
    assert (yes["label"], yes["remedy"], yes["words"]) == (
        "Yes", "lookup", "TENT-OLD → TENT-2P added to lookup sku",
    )  # fmt: skip
    assert yes["terms"] == {"table": "sku", "code": "TENT-OLD", "value": "TENT-2P", "insist": False}
    assert (no["label"], no["remedy"]) == ("No", "")
    assert (words.text, words.form, words.options) == (
        "Item TENT-OLD is not in your item list. What shall we do?", "text", [],
    )  # fmt: skip


def test_several_likenesses_are_a_choice_of_them(harbor):
    for sku in ("TENT-2P", "TENT-3P", "TENT-OLD2", "TENT-4P", "TENT-5P"):
        item(harbor, sku)
    same, which, _ = ideas(hold(harbor, "1001"))
    assert same.text == "Is TENT-OLD the same as TENT-OLD2?"
    assert (which.text, which.form) == ("Which of your items is TENT-OLD?", "choice")
    assert [option["label"] for option in which.options] == [
        "TENT-OLD2", "TENT-2P", "TENT-3P", "TENT-4P", "None of these",
    ]  # fmt: skip


def test_what_helped_before_comes_first(harbor, ana, sink):
    for sku in ("TENT-OLD2", "SOMETHING"):
        item(harbor, sku)
    case = hold(harbor, "1001")
    apply(lookup(case, ana, value="SOMETHING"), ana)
    LookupRow.objects.filter(code="TENT-OLD").delete()
    again = hold(harbor, "1002")
    assert again.pk == case.pk
    first = ideas(again)[0]
    assert (first.text, first.why) == (
        "Is TENT-OLD the same as SOMETHING?", "it was solved so before",
    )  # fmt: skip


def test_without_anything_alike_it_is_asked_in_words(harbor):
    [only] = ideas(hold(harbor, "1001"))
    assert only.form == "text"


def test_items_of_another_customer_are_no_ideas(harbor, maris):
    item(maris, "TENT-OLD2")
    assert [idea.form for idea in ideas(hold(harbor, "1001"))] == ["text"]


def test_of_a_unit_it_is_asked_how_many_pieces_it_has(harbor):
    found = of_kind(hold(harbor, "1001"), "uom_mismatch", "CS", customer_title="The unit CS")
    assert [(one.text, one.form) for one in found] == [
        ("How many single pieces (EA) are in one CS?", "text"),
        ("The unit CS. What shall we do?", "text"),
    ]


def test_where_the_customer_decides_it_is_asked_whether_it_goes_on(harbor):
    found = of_kind(
        hold(harbor, "1001", "1002"), "duplicate_order", "", customer_title="An order came twice"
    )
    assert (found[0].text, found[0].form) == (
        "An order came twice: 2 orders wait. Shall we go on with it as it is?", "yes_no",
    )  # fmt: skip
    assert [option["remedy"] for option in found[0].options] == ["retry", ""]


def test_every_idea_can_be_asked(harbor, ana):
    for sku in ("TENT-2P", "TENT-3P", "TENT-OLD2", "TENT-4P", "TENT-5P"):
        item(harbor, sku)
    case = hold(harbor, "1001")
    found = ideas(case)
    assert len(found) == 3
    for idea in found:
        answers.must_fit(case, idea.form, idea.options, person=ana)
