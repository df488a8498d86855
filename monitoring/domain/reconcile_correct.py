"""What people do about a break: asked, let through by a second person where it is worth much, done."""

from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Q

from monitoring.domain import findings, reconcile_adjusting, reconcile_remedies, reconcile_under_way
from monitoring.domain.reconcile_second import needs_second, why
from monitoring.domain.states import NotNowError
from monitoring.models import Break, Correction
from portal.core import clock
from portal.core.errors import CrossdockError

Kind, State, Status = Correction.Kind, Correction.State, Break.Status
MAY: Final = {
    "recon_mismatch": (Kind.ADJUST, Kind.ACCEPT),
    "recon_unit": (Kind.ACCEPT,),
    "recon_everywhere": (Kind.ACCEPT,),
    "recon_channel": (Kind.RESEND, Kind.ACCEPT),
    "oversell_risk": (Kind.RESEND, Kind.ACCEPT),
    "missed_order": (Kind.REINGEST, Kind.ACCEPT),
    "order_not_posted": (Kind.RESEND, Kind.ACCEPT),
    "order_not_transmitted": (Kind.RESEND, Kind.ACCEPT),
}
_BY_STATE: Final = {"invoice_unmatched": (Kind.PAIR, Kind.ACCEPT)}
_ONLY_ACCEPT: Final = (Kind.ACCEPT,)
NO_NAME: Final = (
    "not_cross_referenced"  # a code without its item: stock of another name books nothing away
)
_OVER: Final = "This difference is over: the last run did not find it."
_ACCEPTED: Final = (
    "It was accepted as it is. It opens again as soon as the difference is another one."
)
_CORRECTED: Final = "It was corrected already. The next run says whether it helped."


def possible(one: Break) -> tuple[str, ...]:
    """The corrections that help against a break of its kind, the usual one first. None for what is over,
    or was accepted as it is; what was adjusted is not adjusted once more before a run looked."""
    if one.status in (Status.CLOSED, Status.ACCEPTED):
        return ()
    usual = _BY_STATE.get(one.state) or MAY.get(one.code, _ONLY_ACCEPT)
    if one.cause == NO_NAME:
        return _ONLY_ACCEPT
    if one.status == Status.CORRECTED:
        return tuple(kind for kind in usual if not _is_once(one, kind))
    return usual


def _is_once(one: Break, kind: str) -> bool:
    return kind == Kind.ADJUST or needs_second(one, kind)


@transaction.atomic
def ask(
    break_id: int, kind: str, *, actor: Any, reason: str, quantity: str = "", order: str = ""
) -> Correction:
    """Correct a break, or ask for somebody to let it through. NotNowError says what stands against it.

    `quantity`: of an adjustment, with its sign. `order`: whose the invoice is that is paired by hand.
    """
    one = _locked(break_id)
    _refuse_settled(one, kind)
    if kind not in possible(one):
        raise NotNowError(f"{Kind(kind).label.capitalize()} does not help against this.")
    if not reason.strip():
        raise NotNowError("Say in a sentence why: whoever looks at the books reads it.")
    if kind == Kind.ADJUST:
        reconcile_under_way.refuse(one)
    by_two = needs_second(one, kind)
    given = {
        "quantity": reconcile_adjusting.quantity(one, quantity) if kind == Kind.ADJUST else "",
        "reference": reconcile_remedies.order_of(one, order) if kind == Kind.PAIR else "",
    }
    made = _make(one, kind, given, actor=actor, reason=reason)
    return made if by_two else _carry_out(made, actor.name)


@transaction.atomic
def approve(correction_id: int, *, actor: Any) -> Correction:
    """Let it through. NotNowError for whoever asked for it, and for one whose difference is over,
    another one, or seen to already."""
    correction = _asked(correction_id)
    if correction.actor_id == actor.pk:
        raise NotNowError(f"Somebody else has to let this through: {why(correction.difference)}.")
    _refuse_unfit(correction)
    correction.approver_name = actor.name[:80]
    return _carry_out(correction, actor.name)


@transaction.atomic
def refuse(correction_id: int, *, actor: Any, reason: str) -> Correction:
    """Send it back with a reason."""
    correction = _asked(correction_id)
    if not reason.strip():
        raise NotNowError("Say why: whoever asked for it goes on from there.")
    correction.approver_name = actor.name[:80]
    return _end(correction, State.REFUSED, reason.strip())


def _refuse_settled(one: Break, kind: str) -> None:
    """NotNowError for what a run or a person has seen to."""
    if one.status == Status.CLOSED:
        raise NotNowError(_OVER)
    if one.status == Status.ACCEPTED:
        raise NotNowError(_ACCEPTED)
    if one.status == Status.CORRECTED and _is_once(one, kind):
        raise NotNowError(_CORRECTED)


def _make(one: Break, kind: str, given: dict[str, str], *, actor: Any, reason: str) -> Correction:
    try:
        with transaction.atomic():
            return Correction.objects.create(
                difference=one,
                kind=kind,
                **given,
                gap=one.gap,
                value=one.value,
                reason=reason.strip()[:300],
                actor=actor,
                actor_name=actor.name[:80],
            )
    except IntegrityError:
        raise NotNowError("A correction of this waits for approval already.") from None


def _refuse_unfit(correction: Correction) -> None:
    """NotNowError when what it was asked for is no longer so."""
    one = correction.difference
    _refuse_settled(one, correction.kind)
    if one.status == Status.CORRECTED:
        raise NotNowError(_CORRECTED)
    if correction.gap != one.gap:
        raise NotNowError(
            "The difference has changed since it was asked for. Refuse it, and look again."
        )
    if correction.kind == Kind.ADJUST:
        reconcile_adjusting.refuse_twice(one)
        reconcile_under_way.refuse(one)


def _carry_out(correction: Correction, actor: str) -> Correction:
    """Do it, with its break locked. What a system does not allow ends the correction, saying why."""
    try:
        with transaction.atomic():
            outcome = reconcile_remedies.DEEDS[correction.kind](correction, actor)
            _note(correction)
    except (NotNowError, CrossdockError) as error:
        return _end(correction, State.FAILED, str(error))
    return _end(correction, State.DONE, outcome)


def _note(correction: Correction) -> None:
    one = correction.difference
    if correction.kind == Kind.ACCEPT:
        one.status, one.accepted_gap = Status.ACCEPTED, one.gap
        findings.clear(
            [one.fingerprint],
            cause=f"Accepted: {correction.reason}",
            actor=correction.actor_name,
        )
    else:
        one.status, one.corrected_gap = Status.CORRECTED, one.gap
    one.save(update_fields=["status", "accepted_gap", "corrected_gap"])


def _end(correction: Correction, state: str, outcome: str) -> Correction:
    correction.state, correction.outcome = state, outcome[:300]
    correction.ended_at = clock.now()
    correction.save()
    return correction


def _locked(break_id: int) -> Break:
    """The break, locked with the others of its item: what one reconciliation books is a gap of another."""
    customer_id, sku = Break.objects.values_list("customer_id", "sku").get(pk=break_id)
    of_item = Q(customer_id=customer_id, sku=sku) if sku else Q()
    found = (
        Break.objects.select_for_update(of=("self",))
        .select_related("customer", "reconciliation", "last_run", "endpoint")
        .filter(Q(pk=break_id) | of_item)
        .order_by("pk")
    )
    return next(one for one in found if one.pk == break_id)


def _asked(correction_id: int) -> Correction:
    """It with its break, both locked, the break first as everybody does."""
    break_id = Correction.objects.values_list("difference_id", flat=True).get(pk=correction_id)
    one = _locked(break_id)
    correction = Correction.objects.select_for_update().get(pk=correction_id)
    correction.difference = one
    if correction.state != State.ASKED:
        state = correction.get_state_display()
        raise NotNowError(f"It is {state} already. {correction.outcome}".strip())
    return correction
