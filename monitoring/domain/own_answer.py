"""The one thing a customer's person changes: an answer to a question they were asked.

Under the row limit they may only read, so the question is looked for under it, and only the verb
itself runs beyond it; the verb checks the owner once more.
"""

from monitoring.domain import questions
from monitoring.domain.answers import Given
from monitoring.models import CaseQuestion
from portal.accounts.models import Person
from portal.core.links import NoLinkError
from portal.tenants.rows import beyond_limit


def answer(number: int, given: Given, *, person: Person) -> CaseQuestion:
    """Answer one of the questions of the person's customer. Errors as for `questions.answer`."""
    if person.customer_id is None:
        raise NoLinkError
    if not CaseQuestion.objects.filter(pk=number, customer_id=person.customer_id).exists():
        raise NoLinkError
    with beyond_limit():
        return questions.answer_own(number, given, customer_id=person.customer_id)
