"""Deeds that teach something: a lookup row, a mapping, a product. The documents then go on as they are."""

from typing import Any

from integrations.domain import (
    approval,
    drafts,
    evidence,
    lookups,
    master_data,
    publishing,
    writing,
)
from integrations.domain.lookups import NotAProductError
from integrations.models import ChangeRequest, LookupRow, LookupTable, Problem
from monitoring.domain.deeds.base import Deed, Doer, NotDoneError, Terms, Undo
from monitoring.models import CaseCause, ExceptionCase


class Lookup(Deed):
    """terms {table, code, value, insist}: what a code means for the customer from now on."""

    slug = "lookup"
    undoes = "takes the lookup row back"

    def refuse(self, doer: Doer, terms: Terms) -> None:
        table = _own_table(doer.case.customer_id, terms["table"])
        try:
            if table and not terms.get("insist"):
                lookups.must_be_product(table, terms["code"], terms["value"])
        except NotAProductError as error:
            raise NotDoneError(str(error)) from error

    def change(self, doer: Doer, terms: Terms) -> Undo:
        own = _own_table(doer.case.customer_id, terms["table"]) or _make_table(
            doer.case.customer_id, terms["table"]
        )
        was = {}
        for code in _spellings(doer.case, terms["code"]):
            known = LookupRow.objects.filter(table=own, code=code).first()
            was[code] = known.value if known else None
            lookups.put(own, code, terms["value"], by=doer.name, insist=bool(terms.get("insist")))
        return {"table": own.pk, "was": was}

    def revert(self, doer: Doer, terms: Terms, undo: Undo) -> str:
        table = LookupTable.objects.filter(pk=undo["table"]).first()
        if table is None:
            return f"The lookup {terms['table']} is gone: nothing was left to take back"
        try:
            for code, was in undo["was"].items():
                lookups.take_back_row(table, code, wrote=terms["value"], was=was, by=doer.name)
        except lookups.ChangedSinceError as error:
            return str(error)
        return f"{terms['code']} means what it meant before"


def _own_table(customer_id: int, name: str) -> LookupTable | None:
    return LookupTable.objects.filter(customer_id=customer_id, name=name).first()


def _make_table(customer_id: int, name: str) -> LookupTable:
    """A new table keeps the policy that held for its name until now, so that one new row decides about
    one code and not about all others."""
    shared = LookupTable.objects.filter(customer=None, name=name).first()
    return LookupTable.objects.create(
        customer_id=customer_id,
        name=name,
        default=shared.default if shared else LookupTable.Default.PASS_THROUGH,
        default_value=shared.default_value if shared else "",
    )


def _spellings(case: ExceptionCase, code: str) -> list[str]:
    """The code and its other spellings in the case: causes do not tell capitals apart, lookups do."""
    causes = CaseCause.objects.filter(case=case).values("fingerprint")
    values = Problem.objects.filter(fingerprint__in=causes).values_list("value", flat=True)
    same = {value.strip() for value in values.distinct() if value.strip().lower() == code.lower()}
    return sorted({code, *same})


class Mapping(Deed):
    """terms {change}: a change request of a mapping; its draft is what is tried."""

    slug = "mapping"
    undoes = "rolls the mapping back"

    def refuse(self, doer: Doer, terms: Terms) -> None:
        change = _change(terms)
        mine = change.customer_id == doer.case.customer_id
        if not mine or change.state not in ChangeRequest.OPEN:
            raise NotDoneError(f"{change} is {change.get_state_display()}: choose an open draft.")

    def hinders(self, fix: Any) -> str:
        change, author = _change(fix.terms), fix.person  # it goes live in the name of who began it
        if change.state == ChangeRequest.State.APPROVED:
            return ""
        if author is not None and approval.may_approve(change, author):
            return ""
        return f"{change} has to be approved by somebody else before it can go live. Ask for that in Changes."

    def change(self, doer: Doer, terms: Terms) -> Undo | None:
        change = _change(terms)
        if doer.dry:
            writing.write(drafts.subject_of(change), change.content, by=doer.name)
            return None
        try:
            _go_live(change, doer)
        except drafts.NotNowError as error:
            raise NotDoneError(f"{change} does not go live: {error}") from error
        return {"change": change.pk}

    def revert(self, doer: Doer, terms: Terms, undo: Undo) -> str:
        change = _change(terms)
        try:
            publishing.roll_back(change.pk, actor=doer.name, reason=f"{doer.words} undone")
        except drafts.NotNowError as error:
            return f"The mapping stays: {error}"
        return f"{change} was rolled back"


def _change(terms: Terms) -> ChangeRequest:
    change = ChangeRequest.objects.filter(pk=terms["change"], kind="mapping").first()
    if change is None:
        raise NotDoneError("This draft is gone.")
    return change


def _go_live(change: ChangeRequest, doer: Doer) -> None:
    """An approved change is published; a draft of one's own goes live where the policy lets it."""
    if change.state == ChangeRequest.State.APPROVED:
        publishing.publish(change.pk, actor=doer.name)
        return
    if not evidence.is_of_this_draft(change):
        evidence.gather(change)
    publishing.make_live(change.pk, actor=doer.person, reason=doer.words)


class Product(Deed):
    """terms {sku, title, uom}: an item that nobody knew is an item from now on."""

    slug = "product"
    undoes = "discontinues the new item"

    def refuse(self, doer: Doer, terms: Terms) -> None:
        wrong = master_data.objections(terms["sku"], title=terms["title"], uom=terms["uom"])
        if wrong:
            raise NotDoneError(wrong[0])

    def change(self, doer: Doer, terms: Terms) -> Undo:
        case = doer.case
        try:
            master_data.put_product(
                case.customer_id, terms["sku"], title=terms["title"], uom=terms["uom"],
                endpoint_id=case.endpoint_id, by=doer.name,
            )  # fmt: skip
        except master_data.KnownAlreadyError as error:
            raise NotDoneError(f"{error} Replay the documents as they are.") from error
        return {"sku": terms["sku"]}

    def revert(self, doer: Doer, terms: Terms, undo: Undo) -> str:
        master_data.discontinue(doer.case.customer_id, terms["sku"], by=doer.name)
        return f"{terms['sku']} stays among the items, as discontinued"
