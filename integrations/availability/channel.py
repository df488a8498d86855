"""What one channel may sell of what can be promised."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from integrations.availability.promise import Level, Reserved, SiteFigures, site_figures
from portal.core.decimals import plain_number


@dataclass(frozen=True, slots=True)
class ChannelPolicy:
    """`share` of what can be promised (0 to 1), less `buffer` units, at most `cap` units.

    The shares of all channels may add up to more than 1, which only a fast feed or a buffer that
    covers its delay makes safe. Raises ValueError for figures outside their range.
    """

    share: Decimal = Decimal(1)
    buffer: int = 0
    cap: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise ValueError(f"share must be from 0 to 1, not {self.share}")
        if self.buffer < 0:
            raise ValueError(f"buffer must not be below 0, not {self.buffer}")
        if self.cap is not None and self.cap < 0:
            raise ValueError(f"cap must not be below 0, not {self.cap}")


def channel_quantity(
    available: Decimal, *, share: Decimal, buffer: int, cap: int | None = None
) -> int:
    """max(0, ⌊available × share⌋ − buffer), at most `cap`: units. Raises as `ChannelPolicy`."""
    return _apply(ChannelPolicy(share=share, buffer=buffer, cap=cap), available)


def explain_channel(
    levels: Iterable[Level], reservations: Iterable[Reserved], *, policy: ChannelPolicy
) -> dict[str, Any]:
    """The figures behind a channel's quantity, ready for JSON: quantities as decimal text, times in
    RFC 3339. `quantity` is what the channel is told. Raises as `site_figures`."""
    figures = site_figures(levels, reservations)
    available = sum((one.available for one in figures), Decimal(0))
    return {
        "quantity": str(_apply(policy, available)),
        "atp": plain_number(available),
        "share": plain_number(policy.share),
        "buffer": policy.buffer,
        "cap": policy.cap,
        "sites": [_site(one) for one in figures],
    }


def _apply(policy: ChannelPolicy, available: Decimal) -> int:
    shared = (available * policy.share).to_integral_value(rounding=ROUND_FLOOR)
    quantity = max(0, int(shared) - policy.buffer)
    return quantity if policy.cap is None else min(quantity, policy.cap)


def _site(one: SiteFigures) -> dict[str, str]:
    return {
        "site": one.level.site,
        "on_hand": plain_number(one.level.on_hand),
        "committed": plain_number(one.level.committed),
        "reserved": plain_number(one.reserved),
        "safety": plain_number(one.level.safety),
        "available": plain_number(one.available),
        "as_of": one.level.as_of.isoformat(),
    }
