"""Ask the customer: a question with a link, written on a page of its own."""

from typing import Any

from monitoring import taxonomy
from monitoring.domain.answers import Option
from monitoring.domain.deeds import NotDoneError
from monitoring.models import CaseEvent, ExceptionCase
from monitoring.remedies.base import DocumentRemedy, Given, Remedy, Situation, Terms, Words
from monitoring.remedies.knowledge import Product
from monitoring.remedies.lookup import Lookup
from monitoring.remedies.plain import Retry, Skip
from portal.accounts.models import Person

_LOOKS = "a person looks at it"
_DOES: dict[str, DocumentRemedy] = {
    remedy.slug: remedy for remedy in (Lookup(), Product(), Retry(), Skip())
}


class Ask(Remedy):
    slug, label, key = "ask", "Ask the customer", "q"

    def fits(self, situation: Situation) -> bool:
        return not situation.case.is_internal

    def page(self, situation: Situation) -> str:
        return f"/cases/{situation.case.pk}/ask/"

    def words(self, situation: Situation) -> Words:
        return Words(
            title="Ask the customer",
            submit="Write the question",
            note="One question by a link. You see it as they do before it goes.",
        )

    def apply(self, situation: Situation, given: Given) -> CaseEvent:
        raise NotDoneError(
            "A question is written on its own page, where you see what it looks like."
        )


def deeds(case: ExceptionCase, person: Person) -> list[tuple[str, str]]:
    """What an answer may do, for who may do it themselves. The dots stand for the value beside it."""
    known = bool(taxonomy.kind(case.code).lookup and case.value)
    words = {
        "lookup": f"{case.value} becomes … from now on" if known else "",
        "product": f"{case.value} is a new item: name, unit" if _no_item(case) else "",
        "retry": "it goes on as it is",
        "skip": "it ends here, because …",
    }
    allowed = [
        (slug, text)
        for slug, text in words.items()
        if text and all(person.may(permission) for permission in _DOES[slug].permissions)
    ]
    return [("", _LOOKS), *allowed]


def _no_item(case: ExceptionCase) -> bool:
    return case.code == "unknown_sku" and bool(case.value)


def option(case: ExceptionCase, *, label: str, then: str, value: str) -> Option:
    """An answer as a person entered it: what it says, does, and with which value."""
    if not then:
        return {"label": label, "remedy": "", "terms": {}, "words": ""}
    terms = _terms(case, then, value.strip())
    return {"label": label, "remedy": then, "terms": terms, "words": _DOES[then].said(terms)[:300]}


def _terms(case: ExceptionCase, then: str, value: str) -> Terms:
    if then == "lookup":
        if not value:
            raise NotDoneError(f"Say what {case.value} becomes.")
        table = taxonomy.kind(case.code).lookup
        return {"table": table, "code": case.value, "value": value, "insist": False}
    if then == "product":
        return _item(case.value, value)
    return {"reason": value} if then == "skip" else {}


def _item(sku: str, value: str) -> Terms:
    title, _, uom = (part.strip() for part in value.rpartition(","))
    if not title or not uom:
        raise NotDoneError("Write the name and the unit of the item, such as: Two-person tent, EA")
    return {"sku": sku, "title": title, "uom": uom}


def value_of(found: Option) -> str:
    """What stands beside the deed of an answer."""
    terms: dict[str, Any] = found["terms"]
    return str(terms.get("value") or terms.get("reason") or "")
