"""Exception cases: the desk's list, one of them, and whose it is."""

from collections.abc import Mapping
from typing import Any, Final

from monitoring.domain import assignment, leases, states
from monitoring.domain.leases import HeldError
from monitoring.domain.states import NotNowError
from monitoring.models import ExceptionCase, Team
from monitoring.queries import choice as choices
from monitoring.queries import desk
from monitoring.queries.choice import Choice
from monitoring.views.hands import workers
from portal.api.base import Resource
from portal.api.operation import Nothing, operation
from portal.api.pages import Page
from portal.api.problems import ProblemError, conflicts, refuse
from portal.api.resources.case_shapes import (
    AssignBody,
    CaseDetail,
    CaseFilters,
    CaseShape,
    CommentBody,
)
from portal.api.resources.filters import listed, load, of_customer

_WORK: Final[Mapping[str, tuple[str, ...]]] = {"POST": ("desk.work",)}


def load_case(number: int) -> Any:
    """The case or 404."""
    found = ExceptionCase.objects.select_related("customer", "endpoint", "assignee", "team")
    return load(found, number=number) if number < 2**63 else load(found, number=0)


def told(number: int) -> Any:
    """The case with its log and what was tried, as `CaseDetail` says it."""
    found = load_case(number)
    found.told = list(found.events.all()[:500])
    found.tried = list(found.fixes.all()[:50])
    return found


class Cases(Resource):
    permissions = {"GET": ("desk.view",)}

    @operation(
        "List cases, the newest first", CaseShape, paged=True, filters=CaseFilters,
        about="Without a view: all that are open.",
    )  # fmt: skip
    def get(self, request: Any) -> Page:
        asked = self.asked
        choice = Choice(
            view=asked.get("view", ""), cause=asked.get("code", ""), tag=asked.get("tag", ""),
            endpoint=asked.get("endpoint", ""), severity=asked.get("severity"),
            holder=asked.get("holder", ""), text=asked.get("q", "").strip(),
        )  # fmt: skip
        found = ExceptionCase.objects.filter(choices.wanted(choice, request.user))
        return listed(self, of_customer(self, desk.with_names(found)), "-number")


class OneCase(Resource):
    permissions = {"GET": ("desk.view",)}

    @operation("Read a case with its log", CaseDetail)
    def get(self, request: Any, number: int) -> Any:
        return told(number)


class CaseComments(Resource):
    permissions = _WORK

    @operation(
        "Comment on a case", CaseDetail, takes=CommentBody, example={"text": "Called Northwind."}
    )
    def post(self, request: Any, number: int) -> Any:
        case = load_case(number)
        if self.sent["for_customer"] and case.is_internal:
            raise refuse("No customer reads anything of this case.", at="/for_customer")
        states.comment(case, actor=request.user.name, **self.sent)
        return told(number)


class CaseAssignment(Resource):
    permissions = _WORK

    @operation(
        "Give a case to a person or a team", CaseDetail, takes=AssignBody,
        about="Without either it is free again.", example={"team": "Integration"},
    )  # fmt: skip
    def post(self, request: Any, number: int) -> Any:
        case, person, team = load_case(number), None, None
        if wanted := self.sent.get("person"):
            person = next((one for one in workers() if one.pk == wanted), None)
            if person is None:
                raise refuse("There is nobody of that id who works on cases.", at="/person")
        if name := self.sent.get("team"):
            team = Team.objects.filter(name=name).first()
            if team is None:
                raise refuse("There is no team of that name.", at="/team")
        assignment.assign(case, actor=request.user.name, person=person, team=team)
        return told(number)


class TakeCase(Resource):
    permissions = _WORK

    @operation("Take a case", CaseDetail, takes=Nothing, about="A lease of five minutes, and seen.")
    def post(self, request: Any, number: int) -> Any:
        with conflicts(HeldError, NotNowError):
            states.take(load_case(number).pk, request.user)
        return told(number)


class ReleaseCase(Resource):
    permissions = _WORK

    @operation("Give a lease back", CaseDetail, takes=Nothing)
    def post(self, request: Any, number: int) -> Any:
        leases.release(load_case(number).pk, request.user)
        return told(number)


def refuse_if_held(case: Any, person: Any) -> None:
    """409 while another works on the case."""
    lease = leases.of([case.pk]).get(case.pk)
    if lease and lease.person_id != person.pk:
        raise ProblemError("conflict", leases.held_by(lease))
