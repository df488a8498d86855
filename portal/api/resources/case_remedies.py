"""What is done about a case: waiting, snoozing, closing, and remedies of its documents."""

from collections.abc import Mapping
from typing import Any, Final

from monitoring import remedies
from monitoring.domain import fixing
from monitoring.domain.deeds import NotDoneError
from monitoring.domain.fixing import ListChangedError, NothingLeftError
from monitoring.domain.leases import HeldError
from monitoring.domain.states import NotNowError
from monitoring.models import Fix
from monitoring.remedies import Situation
from portal.api.base import Resource
from portal.api.operation import Nothing, operation
from portal.api.problems import ProblemError, conflicts
from portal.api.resources.case_shapes import (
    CaseDetail,
    FixShape,
    GoBody,
    ReasonBody,
    SnoozeBody,
    WaitBody,
)
from portal.api.resources.cases import load_case, refuse_if_held, told
from portal.api.resources.filters import load

_WORK: Final[Mapping[str, tuple[str, ...]]] = {"POST": ("desk.work",)}
_EVERYTHING: Final = {"fix": None, "first": None}  # of a skip: not those with one reason alone
_TRIED = (
    "It is tried on everything the case holds; nothing is sent. Read the fix until its state is"
    " `checked`, then let it go with its digest."
)
_GONE = "Nothing was left to do: somebody took care of these documents meanwhile."


class _Remedy(Resource):
    """One of the remedies that pages offer, where it fits the case now."""

    def begin(self, number: int, slug: str) -> Any:
        """What the remedy began: a fix, or a line of the log."""
        case, chosen = load_case(number), remedies.named(slug)
        situation = Situation(case, self.request.user)
        if chosen is None or not chosen.offered(situation):
            raise ProblemError(
                "conflict", f"{case.label} is {case.get_state_display()}: this does not fit it now."
            )
        refuse_if_held(case, self.request.user)
        try:
            with conflicts(HeldError, NotNowError, NotDoneError):
                return chosen.apply(situation, {**_EVERYTHING, **self.sent, **situation.frozen})
        except NothingLeftError:
            raise ProblemError("conflict", _GONE) from None


class WaitCase(_Remedy):
    permissions = _WORK

    @operation(
        "Let a case wait for somebody else", CaseDetail, takes=WaitBody,
        example={"on": "customer", "reason": "asked for the item number"},
    )  # fmt: skip
    def post(self, request: Any, number: int) -> Any:
        self.begin(number, "wait")
        return told(number)


class SnoozeCase(_Remedy):
    permissions = _WORK

    @operation("Put a case off", CaseDetail, takes=SnoozeBody)
    def post(self, request: Any, number: int) -> Any:
        self.begin(number, "snooze")
        return told(number)


class TakeUpCase(_Remedy):
    permissions = _WORK

    @operation("Take a case up again", CaseDetail, takes=Nothing)
    def post(self, request: Any, number: int) -> Any:
        self.begin(number, "take-up")
        return told(number)


class SettleCase(_Remedy):
    permissions = _WORK

    @operation(
        "Close a case about something missing", CaseDetail, takes=ReasonBody,
        example={"reason": "a holiday there"},
    )  # fmt: skip
    def post(self, request: Any, number: int) -> Any:
        self.begin(number, "settle")
        return told(number)


class SkipCase(_Remedy):
    permissions = _WORK

    @operation(
        "Skip what a case holds, with a reason", FixShape, takes=ReasonBody, about=_TRIED,
        example={"reason": "test orders"},
    )  # fmt: skip
    def post(self, request: Any, number: int) -> Any:
        return self.begin(number, "skip")


class RetryCase(_Remedy):
    permissions = _WORK

    @operation("Replay what a case holds, as it is", FixShape, takes=Nothing, about=_TRIED)
    def post(self, request: Any, number: int) -> Any:
        return self.begin(number, "retry")


def _load_fix(number: int, pk: int) -> Any:
    return load(Fix.objects.select_related("person"), pk=pk, case_id=load_case(number).pk)


class OneFix(Resource):
    permissions = {"GET": ("desk.view",)}

    @operation("Read a fix", FixShape)
    def get(self, request: Any, number: int, pk: int) -> Any:
        return _load_fix(number, pk)


class GoFix(Resource):
    permissions = _WORK

    @operation(
        "Let a fix go", FixShape, takes=GoBody, about="To all of its list, or to a few first."
    )
    def post(self, request: Any, number: int, pk: int) -> Any:
        fix = _load_fix(number, pk)
        remedy = remedies.named(fix.remedy)
        if remedy and not all(request.user.may(one) for one in remedy.permissions):
            raise ProblemError("conflict", f"{remedy.label} needs somebody who may do it.")
        with conflicts(HeldError, ListChangedError, NotDoneError, NotNowError):
            fixing.go(
                pk, person=request.user, shown=self.sent["digest"], canary=self.sent["canary"]
            )
        return _load_fix(number, pk)


class CancelFix(Resource):
    permissions = _WORK

    @operation("Stop a fix", FixShape, takes=Nothing, about="Everybody may: the emergency brake.")
    def post(self, request: Any, number: int, pk: int) -> Any:
        _load_fix(number, pk)
        with conflicts(HeldError, ListChangedError, NotDoneError, NotNowError):
            fixing.cancel(pk, actor=request.user.name)
        return _load_fix(number, pk)
