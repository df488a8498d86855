"""Which corrections a second person has to let through."""

from decimal import Decimal

from integrations.domain import approval
from monitoring.models import Break, Correction, Reconciliation, ReconVersion
from monitoring.reconcile import Definition
from monitoring.reconcile.definition_json import read

Kind = Correction.Kind
# Orders and shipments are compared without any worth; of these two, worth nothing means not known.
_WORTH_SOMETHING = (Reconciliation.Kind.INVENTORY, Reconciliation.Kind.FINANCIAL)


def needs_second(one: Break, kind: str) -> bool:
    """Whether somebody else has to let a correction through: it changes the books or lets them be wrong,
    is worth more than the limit or nobody knows how much, and the customer's policy asks for two."""
    if kind in (Kind.RESEND, Kind.REINGEST):
        return False
    is_much = not is_worth_known(one) or one.value > limit_of(one)
    return is_much and approval.by_two(one.customer, approval.STOCK)


def is_worth_known(one: Break) -> bool:
    """False for an item that has no price, and for books in another currency than the customer's."""
    return one.value > 0 or one.reconciliation.kind not in _WORTH_SOMETHING


def limit_of(one: Break) -> Decimal:
    """From which value on two people are asked for."""
    return definition_of(one).value_limit


def definition_of(one: Break) -> Definition:
    """What held in the run that last saw the break, so that whoever raises a limit does not let through
    what lies there already."""
    versions = ReconVersion.objects.filter(reconciliation_id=one.reconciliation_id)
    if one.last_run is None:  # runs go after a while, versions stay
        held = versions.filter(at__lte=one.last_seen).first() or versions.last()
    else:
        held = versions.get(version=one.last_run.version)
    if held is None:
        raise ReconVersion.DoesNotExist
    return read(held.content, version=held.version)


def why(one: Break) -> str:
    """What asks for a second person, as the end of a sentence."""
    if is_worth_known(one):
        return "it is worth more than the limit"
    return "nobody knows what it is worth"
