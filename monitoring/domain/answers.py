"""The answers a question offers, and what each of them does."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _

from monitoring.domain import deeds
from monitoring.domain.deeds import NotDoneError
from monitoring.domain.deeds.base import Doer
from monitoring.models import CaseQuestion, ExceptionCase

Option = dict[str, Any]  # label, remedy, terms, words
Form = CaseQuestion.Form
LONGEST_LABEL: Final = 80
LONGEST_ANSWER: Final = 400
# What a customer may set going: nothing that edits a document or decides about a change of ours.
_TERMS: Final[Mapping[str, Mapping[str, type]]] = {
    "lookup": {"table": str, "code": str, "value": str, "insist": bool},
    "retry": {},
    "skip": {"reason": str},
    "product": {"sku": str, "title": str, "uom": str},
}
_COUNTS: Final = {Form.YES_NO: (2, 2), Form.CHOICE: (2, 6), Form.TEXT: (0, 0)}


class Given(NamedTuple):
    """What somebody answered: the number of an option, or a text; a remark, and their name."""

    choice: int | None = None
    text: str = ""
    remark: str = ""
    by: str = ""


def must_fit(case: ExceptionCase, form: str, options: Sequence[Option], *, person: Any) -> None:
    """NotDoneError for answers that the form cannot have, or whose remedies cannot be right."""
    least, most = _COUNTS[Form(form)]
    if not least <= len(options) <= most:
        wanted = f"{least}" if least == most else f"{least} to {most}"
        raise NotDoneError(f"A question for {Form(form).label} has {wanted} answers.")
    labels = [option["label"] for option in options]
    if any(not 0 < len(label.strip()) <= LONGEST_LABEL for label in labels):
        raise NotDoneError(f"Each answer has words, {LONGEST_LABEL} characters at most.")
    if len({label.lower() for label in labels}) < len(labels):
        raise NotDoneError("Two answers say the same.")
    for option in options:
        if option["remedy"]:
            _must_be_doable(case, option, person)


def _must_be_doable(case: ExceptionCase, option: Option, person: Any) -> None:
    wanted, terms = _TERMS.get(option["remedy"]), option["terms"]
    if wanted is None:
        raise NotDoneError(f"An answer cannot do this: {option['remedy']}.")
    if {name: type(value) for name, value in terms.items()} != wanted:
        raise NotDoneError(f"“{option['label']}” does not say what it does.")
    doer = Doer(case, person, person.name, option["words"], True)
    deeds.of(option["remedy"]).refuse(doer, terms)


def unfit(question: CaseQuestion, given: Given) -> str:
    """Why it is no answer to the question, in the customer's words; "" when it is one."""
    if question.form == Form.TEXT:
        fits = 0 < len(given.text.strip()) <= LONGEST_ANSWER
        return (
            ""
            if fits
            else _("Write an answer of %(most)s characters at most.") % {"most": LONGEST_ANSWER}
        )
    fits = given.choice is not None and 0 <= given.choice < len(question.options)
    return "" if fits else _("Choose one of the answers.")


def option(question: CaseQuestion, given: Given) -> Option | None:
    """The chosen option; None for an answer in words."""
    if question.form == Form.TEXT or given.choice is None:
        return None
    chosen: Option = question.options[given.choice]
    return chosen
