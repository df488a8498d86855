"""Who lets a rule work, and how far."""

from decimal import Decimal

import pytest

from integrations.domain import approval
from integrations.models import Kind
from monitoring.domain import rule_states
from monitoring.domain.states import NotNowError
from monitoring.models import RuleStep
from portal.accounts.models import Person
from portal.customers.models import Customer
from tests.monitoring.rule_scenery import rule

pytestmark = pytest.mark.db
SUGGESTING, ACTING = "suggesting", "acting"


@pytest.fixture
def cleo(admin):
    return Person.objects.get(email="admin@kestrel.test")


def ask_two(customer_id: int) -> None:
    customer = Customer.objects.get(pk=customer_id)
    policy = {**approval.policy_of(customer), Kind.LOOKUP: approval.TWO}
    approval.set_policy(customer, policy, actor="Ana")


def test_one_person_may_approve_where_the_policy_asks_for_no_other(kestrel, ben):
    made = rule("proposed", proposer=ben, customer_id=kestrel.harbor)
    rule_states.approve(made.pk, ben, SUGGESTING, limits={"most_documents": 7})
    made.refresh_from_db()
    assert (made.state, made.approved_by, made.most_documents) == ("suggesting", "Engineer", 7)
    step = RuleStep.objects.get()
    assert (step.actor, step.text) == ("Engineer", "Approved: it suggests from now on")


def test_the_proposer_alone_cannot_approve_where_two_are_asked(kestrel, ben, cleo):
    ask_two(kestrel.harbor)
    made = rule("proposed", proposer=ben, proposed_by="Engineer", customer_id=kestrel.harbor)
    with pytest.raises(NotNowError, match="Somebody other than Engineer.*policy of Harbor Outf"):
        rule_states.approve(made.pk, ben, SUGGESTING)
    made.refresh_from_db()
    assert made.state == "proposed"
    rule_states.approve(made.pk, cleo, SUGGESTING)
    with pytest.raises(NotNowError, match="Somebody other"):
        rule_states.set_limits(made.pk, ben, {"most_documents": 9999})


def test_a_rule_for_all_is_as_strict_as_the_strictest_customer(kestrel, ben):
    made = rule("proposed", proposer=ben)
    ask_two(kestrel.maris)
    with pytest.raises(NotNowError, match="policy of Maris Foods"):
        rule_states.approve(made.pk, ben, SUGGESTING)


def test_letting_a_rule_skip_by_itself_always_takes_two(kestrel, ben, cleo):
    made = rule(SUGGESTING, proposer=ben, remedy="skip", terms={"reason": "test"}, right=30)
    with pytest.raises(NotNowError, match="documents would end with nobody looking"):
        rule_states.approve(made.pk, ben, ACTING)
    rule_states.approve(made.pk, cleo, ACTING)
    with pytest.raises(NotNowError, match="documents would end"):
        rule_states.set_limits(made.pk, ben, {"most_documents": 9999})


def test_operators_propose_and_do_not_approve(ana):
    made = rule("proposed")
    for state in (SUGGESTING, ACTING):
        with pytest.raises(NotNowError, match="whose role may approve"):
            rule_states.approve(made.pk, ana, state)
    for verb in (rule_states.switch_on, rule_states.only_suggest):
        with pytest.raises(NotNowError):
            verb(made.pk, ana)
    with pytest.raises(NotNowError):
        rule_states.switch_off(made.pk, ana, "no")
    with pytest.raises(NotNowError):
        rule_states.set_limits(made.pk, ana, {"most_documents": 1})
    made.refresh_from_db()
    assert (made.state, made.most_documents) == ("proposed", 50)


@pytest.mark.parametrize(
    ("state", "right", "why"),
    [
        ("proposed", 30, "another state by now: proposed"),
        ("off", 30, "another state by now: switched off"),
        ("acting", 30, "another state by now: acts by itself"),
        ("suggesting", 29, "was right 29 times in a row; it may act after 30"),
    ],
)
def test_a_rule_acts_only_after_it_was_right_often_enough(ben, state, right, why):
    made = rule(state, right=right)
    with pytest.raises(NotNowError, match=why):
        rule_states.approve(made.pk, ben, ACTING)


def test_how_often_it_has_to_be_right_is_said_when_it_is_approved(ben):
    made = rule("proposed")
    rule_states.approve(made.pk, ben, SUGGESTING, limits={"suggestions_needed": 2})
    made.refresh_from_db()
    made.right = 2
    made.save()
    rule_states.approve(made.pk, ben, ACTING)
    made.refresh_from_db()
    assert (made.state, made.right) == ("acting", 0)


def test_nothing_is_approved_before_it_was_tried(ben):
    made = rule("proposed", evidence={"left": [1]})
    with pytest.raises(NotNowError, match="still being tried"):
        rule_states.approve(made.pk, ben, SUGGESTING)


def test_switched_on_again_it_starts_anew_as_a_suggestion(ben):
    made = rule(ACTING, right=12)
    with pytest.raises(NotNowError, match="Say why"):
        rule_states.switch_off(made.pk, ben, " ")
    rule_states.switch_off(made.pk, ben, "the shop renames its items")
    made.refresh_from_db()
    assert (made.state, made.off_reason) == ("off", "the shop renames its items")
    before = made.judged_from
    rule_states.switch_on(made.pk, ben)
    made.refresh_from_db()
    assert (made.state, made.right, made.off_reason) == ("suggesting", 0, "")
    assert made.judged_from > before
    assert [step.text for step in made.steps.all()] == [
        "Switched on: it suggests from now on", "Switched off: the shop renames its items",
    ]  # fmt: skip


def test_limits_are_set_and_told(ben):
    made = rule(SUGGESTING)
    given = {"most_documents": 5, "most_amount": Decimal("99.50"), "most_per_day": 20,
             "expires_at": None, "suggestions_needed": 3}  # fmt: skip
    rule_states.set_limits(made.pk, ben, given)
    made.refresh_from_db()
    assert {name: getattr(made, name) for name in given} == given
    assert made.steps.get().text == (
        "Limits: 5 documents and 99.50 a case, 20 documents a day; acts after 3 right"
    )
