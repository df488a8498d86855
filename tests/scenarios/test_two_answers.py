"""Two people answer the same question at the same moment: one is taken, the other told so."""

import pytest

from monitoring.domain import questions
from monitoring.domain.answers import Given
from monitoring.models import CaseQuestion, Fix
from portal.accounts.models import Person, Role
from portal.core.links import LinkOverError
from tests.monitoring.asking import ask
from tests.monitoring.conftest import hold, place
from tests.scenarios.passes import side_by_side

pytestmark = pytest.mark.db


@pytest.fixture
def case(site, sink):
    return hold(place(site.harbor, sink), "1001", "1002")


@pytest.fixture
def ana(site):
    role = Role.objects.get(slug="operator")
    person = Person.objects.create_person(
        email="ana@two.test", name="Ana", role=role, password="correct horse battery"
    )
    yield person
    person.delete()


def answering(token: str, outcomes: list[str]):
    def work() -> None:
        try:
            questions.answer(token, Given(choice=0))
            outcomes.append("taken")
        except LinkOverError:
            outcomes.append("over")

    return work


def test_of_two_answers_at_once_one_is_taken_and_one_fix_begins(case, ana):
    _, token = ask(case, ana)
    outcomes: list[str] = []
    side_by_side(*[answering(token, outcomes) for _ in range(4)])
    assert sorted(outcomes) == ["over", "over", "over", "taken"]
    assert Fix.objects.count() == 1
    assert case.events.filter(action="answered").count() == 1


def test_of_an_answer_and_taking_back_at_once_one_holds(case, ana):
    question, token = ask(case, ana)
    outcomes: list[str] = []

    def take_back() -> None:
        if questions.revoke(question.pk, by="Ben"):
            outcomes.append("revoked")

    side_by_side(answering(token, outcomes), take_back)
    question.refresh_from_db()
    if question.answered_at:
        assert (outcomes, question.revoked_at) == (["taken"], None)
    else:
        assert (sorted(outcomes), Fix.objects.count()) == (["over", "revoked"], 0)
    case.refresh_from_db()
    assert case.state == "open"


def test_two_questions_at_once_leave_one_open(case, ana):
    side_by_side(lambda: ask(case, ana), lambda: ask(case, ana, text="Is it green?"))
    open_now = CaseQuestion.objects.filter(revoked_at=None)
    assert (open_now.count(), CaseQuestion.objects.count()) == (1, 2)
