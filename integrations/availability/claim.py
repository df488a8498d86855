"""What one order line claims of one site's stock, by how far it is."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

_NOTHING = Decimal(0)


class Claim(NamedTuple):
    """Quantities in the line's unit. hard: the site was not told. sent: it was. consumed: it left.
    released: it was let go. Together they are what the line claimed."""

    hard: Decimal = _NOTHING
    sent: Decimal = _NOTHING
    consumed: Decimal = _NOTHING
    released: Decimal = _NOTHING

    @property
    def total(self) -> Decimal:
        return self.hard + self.sent + self.consumed + self.released


def claim_for(claim: Claim, quantity: Decimal) -> Claim:
    """The claim of a line that asks for `quantity` in all now. What left stays so, and what the site
    knows of stays sent, up to the new quantity; let go before, it is claimed again."""
    wanted = max(_NOTHING, quantity - claim.consumed)
    sent = min(claim.sent, wanted)
    return Claim(hard=wanted - sent, sent=sent, consumed=claim.consumed)


def let_go(claim: Claim) -> Claim:
    """The claim of a line that wants no more than what left."""
    return Claim(consumed=claim.consumed, released=claim.total - claim.consumed)


def after_shipping(claims: Sequence[Claim], *, shipped: Decimal, ended: bool) -> list[Claim]:
    """The claims of the lines of one SKU at one site, the first served first, when `shipped` have
    left for the order in all. A site that ships knows the rest too. `ended`: the rest is not coming.

    More than was claimed is not in the claims: nobody had claimed it.
    """
    after = []
    for claim in claims:
        consumed = min(claim.total, shipped)
        shipped -= consumed
        rest = claim.total - consumed
        released = rest if ended else min(claim.released, rest)
        after.append(Claim(sent=rest - released, consumed=consumed, released=released))
    return after
