"""Corrections stand beside what they correct."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitoring.seal import Adjustment, Change, SeedSigner, UnfitAdjustmentError, adjusted
from monitoring.seal.adjustment import examine, sign

pytestmark = pytest.mark.pure

OURS = SeedSigner(b"k" * 32)
HASH = "ab" * 32
APRIL = {
    "promises": [{"key": "stock", "actual": "98.62"}],
    "credits": [{"key": "stock", "amount": "61.20"}],
}
ONE = Adjustment(
    statement=HASH,
    number=1,
    previous="",
    changes=(Change("credits[stock].amount", "61.20", "91.80"),),
    reason="The fee of April was 4,590.00, not 3,060.00.",
    author="L. Holt",
    approver="M. Reyes",
    at=datetime(2026, 5, 4, 9, 30, tzinfo=UTC),
)
TWO = replace(
    ONE, number=2, previous=ONE.hash, changes=(Change("credits[stock].amount", "91.80", "90.00"),)
)


def signed(*adjustments):
    return [(one, OURS.sign(one.words_to_sign)) for one in adjustments]


def flaws(pairs, statement=HASH):
    return examine(pairs, statement=statement, trusted=[OURS.key])


def test_a_correction_leaves_the_statement_as_it_is():
    read = adjusted(APRIL, [TWO, ONE])
    assert read["credits"] == [{"key": "stock", "amount": "90.00"}]
    assert APRIL["credits"] == [{"key": "stock", "amount": "61.20"}]


def test_signed_corrections_have_no_flaw():
    assert flaws([(ONE, sign(ONE, APRIL, signer=OURS)), *signed(TWO)]) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"changes": ()}, "It changes nothing"),
        ({"reason": "  "}, "Say why"),
        ({"approver": ""}, "somebody who approved it"),
        ({"approver": "L. Holt"}, "L. Holt wrote it; somebody else has to approve it."),
        ({"changes": (Change("credits[asn].amount", "1", "2"),)}, "nothing stands at credits"),
        ({"changes": (Change("credits[stock].amount", "60", "2"),)}, "is 61.20 by now, not 60"),
        ({"changes": (Change("credits[stock].amount", "61.20", "61.20"),)}, "is 61.20 already"),
    ],
)
def test_an_unfit_correction_is_refused_with_the_remedy(change, said):
    with pytest.raises(UnfitAdjustmentError, match=said):
        sign(replace(ONE, **change), APRIL, signer=OURS)


@pytest.mark.parametrize(
    "change",
    [
        {"reason": "Another reason"},
        {"author": "Somebody"},
        {"approver": "Somebody"},
        {"at": datetime(2026, 5, 5, tzinfo=UTC)},
        {"changes": (Change("credits[stock].amount", "61.20", "900"),)},
    ],
)
def test_a_correction_that_was_touched_is_named(change):
    (pair,) = signed(ONE)
    assert flaws([(replace(ONE, **change), pair[1])]) == [
        "Adjustment 1: The signature does not fit: what was signed is not what stands here."
    ]


def test_a_removed_correction_is_missed():
    assert flaws(signed(TWO)) == ["Adjustment 2 does not follow the one before it."]


def test_a_correction_of_another_statement_is_named():
    assert flaws(signed(ONE), statement="cd" * 32) == ["Adjustment 1 corrects another statement."]
