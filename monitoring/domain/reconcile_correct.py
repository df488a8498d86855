"""What people do about a break: asked, let through by a second person where it is worth much, done."""

from decimal import Decimal
from typing import Any, Final

from django.db import IntegrityError, transaction

from integrations.domain import approval
from monitoring.domain import findings, reconcile_remedies
from monitoring.domain.states import NotNowError
from monitoring.models import Break, Correction, ReconVersion
from monitoring.reconcile import amount, signed, text
from monitoring.reconcile.amounts import size
from monitoring.reconcile.definition_json import read
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


def possible(one: Break) -> tuple[str, ...]:
    """The corrections that help against a break of its kind, the usual one first."""
    if one.status == Status.CLOSED:
        return ()
    return _BY_STATE.get(one.state) or MAY.get(one.code, _ONLY_ACCEPT)


def needs_second(one: Break, kind: str) -> bool:
    """Whether somebody else has to let a correction through: it changes the books or lets them be wrong,
    is worth more than the limit, and the customer's policy asks for two."""
    if kind in (Kind.RESEND, Kind.REINGEST):
        return False
    return one.value > limit_of(one) and approval.by_two(one.customer, approval.STOCK)


def limit_of(one: Break) -> Decimal:
    """From which value on two people are asked for."""
    current = one.reconciliation.version
    version = ReconVersion.objects.get(reconciliation_id=one.reconciliation_id, version=current)
    return read(version.content, version=current).value_limit


def ask(
    break_id: int, kind: str, *, actor: Any, reason: str, quantity: str = "", order: str = ""
) -> Correction:
    """Correct a break, or ask for somebody to let it through. NotNowError says what stands against it.

    `quantity`: of an adjustment, with its sign. `order`: whose the invoice is that is paired by hand.
    """
    with transaction.atomic():
        one = _locked(break_id)
        if kind not in possible(one):
            raise NotNowError(f"{Kind(kind).label.capitalize()} does not help against this.")
        if not reason.strip():
            raise NotNowError("Say in a sentence why: whoever looks at the books reads it.")
        given = {
            "quantity": _quantity(one, quantity) if kind == Kind.ADJUST else "",
            "reference": reconcile_remedies.order_of(one, order) if kind == Kind.PAIR else "",
        }
        made = _make(one, kind, given, actor=actor, reason=reason)
        if needs_second(one, kind):
            return made
    return _carry_out(made.pk, actor.name)


def approve(correction_id: int, *, actor: Any) -> Correction:
    """Let it through. NotNowError for whoever asked for it, and for one that is over."""
    with transaction.atomic():
        correction = _asked(correction_id)
        if correction.actor_id == actor.pk:
            raise NotNowError(
                "Somebody else has to let this through: it is worth more than the limit."
            )
        if correction.gap != correction.difference.gap:
            raise NotNowError(
                "The difference has changed since it was asked for. Refuse it, and look again."
            )
        correction.approver_name = actor.name[:80]
        correction.save(update_fields=["approver_name"])
    return _carry_out(correction_id, actor.name)


@transaction.atomic
def refuse(correction_id: int, *, actor: Any, reason: str) -> Correction:
    """Send it back with a reason."""
    correction = _asked(correction_id)
    if not reason.strip():
        raise NotNowError("Say why: whoever asked for it goes on from there.")
    correction.approver_name = actor.name[:80]
    return _end(correction, State.REFUSED, reason.strip())


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


def _quantity(one: Break, given: str) -> str:
    """What to book, with its sign: the gap, unless somebody counted otherwise."""
    if one.status == Status.CORRECTED:
        raise NotNowError("An adjustment was posted already. The next run says whether it helped.")
    try:
        found = amount(given.replace("−", "-").strip()) if given.strip() else amount(one.gap)
    except ValueError:
        raise NotNowError(f"“{given[:20]}” is no quantity. Write it as -2 or 2.5.") from None
    if not found or size(found) > size(amount(one.gap)):
        raise NotNowError(
            f"Adjust by something between 0 and the gap of {signed(amount(one.gap))}."
        )
    return text(found)


def _carry_out(correction_id: int, actor: str) -> Correction:
    """Do it, once. What a system does not allow ends the correction, saying why."""
    try:
        with transaction.atomic():
            correction = _asked(correction_id)
            outcome = reconcile_remedies.DEEDS[correction.kind](correction, actor)
            _note(correction)
            return _end(correction, State.DONE, outcome)
    except (NotNowError, CrossdockError) as error:
        with transaction.atomic():
            return _end(_asked(correction_id), State.FAILED, str(error))


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
    one = (
        Break.objects.select_for_update(of=("self",))
        .select_related("customer", "reconciliation")
        .get(pk=break_id)
    )
    if one.status == Status.CLOSED:
        raise NotNowError("This difference is over: the last run did not find it.")
    return one


def _asked(correction_id: int) -> Correction:
    correction = (
        Correction.objects.select_for_update(of=("self",))
        .select_related("difference__customer", "difference__reconciliation")
        .get(pk=correction_id)
    )
    if correction.state != State.ASKED:
        raise NotNowError(f"It is {correction.get_state_display()} already.")
    return correction
