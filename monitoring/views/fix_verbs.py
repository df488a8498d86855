"""Letting a fix go, cancelling it, undoing it, trying it again, and trying the same elsewhere."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from monitoring import remedies
from monitoring.domain import fixing
from monitoring.domain.deeds import NotDoneError
from monitoring.domain.fixing import ListChangedError, NothingLeftError
from monitoring.domain.leases import HeldError
from monitoring.domain.states import NotNowError
from monitoring.models import ExceptionCase, Fix
from monitoring.views.case_side import carries
from monitoring.views.holding import refuse_if_held
from monitoring.views.loading import load, load_fix
from monitoring.views.remedy import GONE
from portal.accounts.rules import requires

_REFUSALS = (HeldError, ListChangedError, NotDoneError, NotNowError)
_LAST = 2**62  # beyond every problem there is


def _answered(
    request: HttpRequest, number: int, pk: int, verb: Callable[[ExceptionCase, Fix], object]
) -> HttpResponse:
    """Do `verb`, or say why not; either way the page of the fix is next."""
    case = load(number)
    fix = load_fix(case, pk)
    try:
        verb(case, fix)
    except _REFUSALS as error:
        messages.error(request, _plainly(fix, error))
    return redirect(f"/cases/{number}/fixes/{pk}/")


def _plainly(fix: Fix, error: Exception) -> str:
    fix.refresh_from_db(fields=["state"])
    if isinstance(error, NotNowError) and fix.state in Fix.RUNNING:
        return f"It is under way already: {fix.get_state_display()}."
    return str(error)


@requires("desk.work")
@require_POST
def go(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """To the canary, or to all. The list must be the one that was shown."""
    shown, canary = request.POST.get("shown", ""), request.POST.get("canary") == "1"

    def let_go(case: ExceptionCase, fix: Fix) -> None:
        _permitted(request, fix)
        fixing.go(fix.pk, person=request.user, shown=shown, canary=canary)

    return _answered(request, number, pk, let_go)


def _permitted(request: HttpRequest, fix: Fix) -> None:
    """What a remedy needs, it needs of everybody who lets it go, and not only of who began it."""
    remedy, person = remedies.named(fix.remedy), request.user
    if remedy and not all(person.may(one) for one in remedy.permissions):  # type: ignore[union-attr]
        raise NotDoneError(f"{remedy.label} is not for your role. Who may has to let it go.")


@requires("desk.work")
@require_POST
def cancel(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Stop it. Everybody may, whoever has the case: it is the emergency brake."""
    actor: str = request.user.name  # type: ignore[union-attr]
    return _answered(request, number, pk, lambda _, fix: fixing.cancel(fix.pk, actor=actor))


@requires("desk.work")
@require_POST
def undo(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    def take_back(case: ExceptionCase, fix: Fix) -> None:
        refuse_if_held(case, request.user)  # type: ignore[arg-type]
        _permitted(request, fix)
        fixing.undo(fix.pk, person=request.user)

    return _answered(request, number, pk, take_back)


@requires("desk.work")
@require_POST
def again(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    return _answered(
        request, number, pk, lambda _, fix: fixing.check_again(fix.pk, person=request.user)
    )


@requires("desk.work")
@require_POST
def like(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Try in this case what was done in another one of the same cause, with the same terms."""
    case = load(number)
    model = Fix.objects.select_related("case").filter(pk=pk).first()
    if model is None or not _same_cause(case, model.case):
        raise Http404
    if not carries(model, request.user):  # type: ignore[arg-type]
        messages.error(request, "This remedy does not carry over to another case as it is.")
        return redirect(f"/cases/{number}/")
    return _begin_like(request, case, model)


def _same_cause(case: ExceptionCase, other: ExceptionCase) -> bool:
    return (case.code, case.value) == (other.code, other.value) and case.is_of_documents


def _begin_like(request: HttpRequest, case: ExceptionCase, model: Fix) -> HttpResponse:
    try:
        begun = fixing.begin(
            case, model.remedy, model.terms, words=model.words,
            ids=fixing.frozen(case, up_to=_LAST), person=request.user,
        )  # fmt: skip
    except NothingLeftError:
        messages.info(request, GONE)
    except _REFUSALS as error:
        messages.error(request, str(error))
    else:
        return redirect(f"/cases/{case.pk}/fixes/{begun.pk}/")
    return redirect(f"/cases/{case.pk}/")
