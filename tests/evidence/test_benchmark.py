"""The benchmark's edits, and the ones that were held out."""

import pytest

from benchmarks.evidence import judged
from benchmarks.evidence_edits import EDITS
from tests.evidence import holdout

pytestmark = pytest.mark.pure


def test_the_edits_are_ten_harmful_and_twenty_harmless():
    assert [edit.harmful for edit in EDITS] == [True] * 10 + [False] * 20


def test_all_harmful_edits_are_flagged_with_at_most_two_false_alarms():
    flagged = [edit for edit in EDITS if judged(edit).alarms]
    assert sum(edit.harmful for edit in flagged) == 10
    assert sum(not edit.harmful for edit in flagged) <= 2


def test_edits_that_were_held_out_are_flagged_with_at_most_one_false_alarm():
    flagged = [edit for edit in holdout.EDITS if judged(edit).alarms]
    assert sum(edit.harmful for edit in holdout.EDITS) == 6
    assert sum(edit.harmful for edit in flagged) == 6
    assert sum(not edit.harmful for edit in flagged) <= 1
