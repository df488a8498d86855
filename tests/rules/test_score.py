"""What a rule's record makes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.rules import Score, verdict

pytestmark = pytest.mark.pure

SUGGESTING, ACTING = Score("suggesting"), Score("acting")


@pytest.mark.parametrize(
    ("score", "state", "reason"),
    [
        (SUGGESTING._replace(right=29), "suggesting", ""),
        (SUGGESTING._replace(right=30), "may_act", ""),
        (SUGGESTING._replace(right=5, needed=5), "may_act", ""),
        (SUGGESTING._replace(right=29, reversed=1), "suggesting", ""),
        (SUGGESTING._replace(right=30, reversed=1), "may_act", ""),  # 30 right ones since then
        (ACTING, "acting", ""),
        (ACTING._replace(reversed=1), "suggesting", "A person took back what it did."),
        (ACTING._replace(reversed=2), "off", "People took back 2 times what it did."),
        (SUGGESTING._replace(reversed=2), "off", "People took back 2 times what it did."),
        (ACTING._replace(same_cause=1, let_go=400, held_again=1), "off",
         "1 document it let go was held again for the same cause."),
        (ACTING._replace(same_cause=3, let_go=400, held_again=3), "off",
         "3 documents it let go were held again for the same cause."),
        (ACTING._replace(let_go=40, held_again=2), "acting", ""),  # 5 %
        (ACTING._replace(let_go=39, held_again=2), "off",
         "2 of the last 39 documents it let go were held again: more than 5 % is too many."),
        (Score("off", right=99), "off", ""),
        (Score("proposed", right=99, reversed=9), "proposed", ""),
    ],
)  # fmt: skip
def test_a_rule_moves_by_its_record(score, state, reason):
    assert verdict(score) == (state, reason)


scores = st.builds(
    Score, st.sampled_from(("proposed", "suggesting", "acting", "off")),
    *[st.integers(0, 60) for _ in range(6)],
)  # fmt: skip


@given(scores)
def test_no_record_lets_a_rule_act_that_did_not(score):
    assert (verdict(score).state == "acting") <= (score.state == "acting")


@given(scores)
def test_whatever_loses_something_says_why(score):
    found = verdict(score)
    lost = "off" if found.state == "off" != score.state else score.state == "acting" != found.state
    assert bool(lost) == found.reason.endswith(".")


@given(scores, st.integers(1, 5))
def test_a_worse_record_never_does_a_rule_good(score, more):
    rank = ["off", "proposed", "suggesting", "may_act", "acting"].index
    for worse in (
        score._replace(reversed=score.reversed + more),
        score._replace(same_cause=score.same_cause + more),
        score._replace(held_again=score.held_again + more),
        score._replace(needed=score.needed + more),
    ):
        assert rank(verdict(worse).state) <= rank(verdict(score).state)
