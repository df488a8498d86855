"""How much an adjustment may book, and whether it is booked already."""

from monitoring.domain.states import NotNowError
from monitoring.models import Break, Correction
from monitoring.reconcile import ALL, QuantityError, amount, counted, signed, text
from monitoring.reconcile.amounts import size


def quantity(one: Break, given: str) -> str:
    """What to book, with its sign: the gap, unless somebody counted otherwise. NotNowError for more than
    it, for the other direction, and for what was booked since the run that found it."""
    gap = amount(one.gap)
    try:
        found = counted(given.replace("−", "-")) if given.strip() else gap
    except QuantityError as error:
        raise NotNowError(f"{error} Write it as -2 or 2.5.") from None
    if found * gap < 0:
        raise NotNowError(f"The gap is {one.gap}, and {text(found)} would widen it. Turn the sign.")
    if not found or size(found) > size(gap):
        raise NotNowError(
            f"Adjust by something between 0 and the gap of {signed(amount(one.gap))}."
        )
    refuse_twice(one)
    return text(found)


def refuse_twice(one: Break) -> None:
    """NotNowError when the same was booked after the run that found this looked, by whichever
    reconciliation. The breaks of the item have to be locked."""
    found = Correction.objects.filter(
        kind=Correction.Kind.ADJUST,
        state=Correction.State.DONE,
        ended_at__gt=one.last_seen,
        difference__customer_id=one.customer_id,
        difference__sku=one.sku,
    ).select_related("difference__endpoint")
    booked = next((done for done in found if _is_same_place(done.difference, one)), None)
    if booked is not None:
        raise NotNowError(
            f"Adjustment {booked.reference} of {booked.quantity} was booked for it at"
            f" {booked.ended_at:%d %b %H:%M} UTC, over {booked.difference.label}, after the run that found"
            " this looked. Compare again, and see what is left."
        )


def lot_of(one: Break) -> str:
    """The lot that a break of stock is about; `*` for all of them."""
    return one.key.rsplit("|", 2)[1]


def _is_same_place(first: Break, second: Break) -> bool:
    lots = {lot_of(first), lot_of(second)}
    return _site(first) == _site(second) and (len(lots) == 1 or ALL in lots)


def _site(one: Break) -> str:
    return one.endpoint.site if one.location == ALL else one.location
