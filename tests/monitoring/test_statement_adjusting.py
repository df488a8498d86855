"""Corrections of sealed statements: written by one, signed by another, read beside the seal."""

import pytest
from django.db import IntegrityError, transaction

from monitoring.domain import statement_adjust, statement_check
from monitoring.models import Statement, StatementAdjustment
from monitoring.seal import UnfitAdjustmentError
from tests.monitoring.statement_scenery import month, sealed, without_triggers

pytestmark = pytest.mark.db

WHY = "Order 1003 was a test of ours"


@pytest.fixture
def told(kestrel):
    month(kestrel.harbor)
    return sealed(kestrel.harbor)[0]


def corrected(told, author, approver, path="delivered.orders", value="1"):
    asked = statement_adjust.ask(told, [(path, value)], reason=WHY, person=author)
    return statement_adjust.approve(asked.pk, person=approver)


def flaws(told):
    fresh = Statement.objects.get(pk=told.pk)
    return [flaw for check in statement_check.verify(fresh) for flaw in check.flaws]


def test_a_correction_is_read_beside_the_seal(told, ana, ben):
    before = told.content
    corrected(told, ana, ben)
    assert statement_adjust.current(told)["delivered"]["orders"] == 1
    assert Statement.objects.get(pk=told.pk).content == before
    assert flaws(told) == []


def test_corrections_follow_one_another(told, ana, ben):
    first, second = corrected(told, ana, ben), corrected(told, ben, ana, value="0")
    assert [first.number, second.number] == [1, 2]
    assert second.previous == first.hash
    assert statement_adjust.current(told)["delivered"]["orders"] == 0


def test_whoever_wrote_it_does_not_sign_it(told, ana):
    asked = statement_adjust.ask(told, [("delivered.orders", "1")], reason=WHY, person=ana)
    with pytest.raises(UnfitAdjustmentError, match="somebody else has to approve it"):
        statement_adjust.approve(asked.pk, person=ana)
    assert statement_adjust.current(told)["delivered"]["orders"] == 2


@pytest.mark.parametrize(
    ("changes", "reason", "said"),
    [
        ([], WHY, "Name a place"),
        ([("delivered.orders", "1")], " ", "Name a place"),
        ([("delivered.orders", "2")], WHY, "is 2 already"),
        ([("delivered", "2")], WHY, "no single figure"),
        ([("delivered.order", "1")], WHY, "nothing stands at delivered.order"),
        ([("delivered.orders", "many")], WHY, "many is no figure. Write it like 61.20."),
        (
            [("delivered.orders", "1.5")],
            WHY,
            "1.5 cannot stand at delivered.orders, where it was 2",
        ),
        ([("delivered.median_minutes", "soon")], WHY, "soon is no figure"),
    ],
)
def test_what_corrects_nothing_is_refused_with_the_remedy(told, ana, changes, reason, said):
    with pytest.raises(UnfitAdjustmentError, match=said):
        statement_adjust.ask(told, changes, reason=reason, person=ana)
    assert not StatementAdjustment.objects.exists()


def test_what_was_decided_is_decided(told, ana, ben):
    asked = statement_adjust.ask(told, [("delivered.orders", "1")], reason=WHY, person=ana)
    statement_adjust.refuse(asked.pk, person=ben)
    with pytest.raises(UnfitAdjustmentError, match="decided it already"):
        statement_adjust.approve(asked.pk, person=ben)


def test_figures_that_moved_meanwhile_are_looked_at_again(told, ana, ben):
    late = statement_adjust.ask(told, [("delivered.orders", "0")], reason=WHY, person=ana)
    corrected(told, ana, ben)
    with pytest.raises(UnfitAdjustmentError, match="is 1 by now, not 2"):
        statement_adjust.approve(late.pk, person=ben)


def test_a_signed_correction_cannot_be_touched(told, ana, ben):
    done = corrected(told, ana, ben)
    for touch in (
        lambda: StatementAdjustment.objects.filter(pk=done.pk).update(reason="Another"),
        lambda: StatementAdjustment.objects.filter(pk=done.pk).delete(),
    ):
        with pytest.raises(IntegrityError, match="sealed"), transaction.atomic():
            touch()


def test_a_correction_that_was_touched_all_the_same_is_named(told, ana, ben):
    done = corrected(told, ana, ben)
    with without_triggers():
        StatementAdjustment.objects.filter(pk=done.pk).update(reason="Another")
    assert flaws(told) == [
        "Adjustment 1: The signature does not fit: what was signed is not what stands here."
    ]


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("credits.cap", "NaN", "NaN is no figure. Write it like 61.20."),
        ("credits.cap", "Infinity", "Infinity is no figure. Write it like 61.20."),
        ("credits.cap", "1_000", "1_000 is no figure. Write it like 61.20."),
        ("credits.cap", "1E9999", "1E9999 is no figure. Write it like 61.20."),
        ("credits.cap", "9" * 16, f"{'9' * 16} is no figure. Write it like 61.20."),
        ("credits.cap", "-5", "credits.cap cannot be below nothing."),
        ("delivered.orders", "-1", "delivered.orders cannot be below nothing."),
        ("number", "7", "number is what the statement is of. Correct what it says."),
        (
            "customer.slug",
            "maris",
            "customer.slug is what the statement is of. Correct what it says.",
        ),
        ("evidence.root", "00", "evidence.root is what the statement is of. Correct what it says."),
        ("period.zone", "UTC", "period.zone is what the statement is of. Correct what it says."),
    ],
)
def test_what_no_statement_can_say_is_not_signed(told, ana, path, value, said):
    with pytest.raises(UnfitAdjustmentError) as refused:
        statement_adjust.ask(told, [(path, value)], reason="typo", person=ana)
    assert str(refused.value) == said
    assert told.adjustments.count() == 0
