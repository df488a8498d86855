"""How often a token may ask.

The bucket stands in the token's row and not in memory: several processes answer, and a limit that each of
them counts for itself is no limit. It is one short locked update in a request that asks the database anyway.
"""

from math import ceil
from typing import Final, NamedTuple

from django.db import transaction

from portal.accounts.models import ApiToken
from portal.core import bucket, clock

RATE: Final = 10.0  # requests a second, on and on
BURST: Final = 200.0  # and as many at once
POLICY: Final = f'"token";q={BURST:.0f};w={BURST / RATE:.0f}'


class Left(NamedTuple):
    """`wait`: seconds until the next request may come, 0 where this one may."""

    wait: int
    remaining: int
    full_in: int

    @property
    def header(self) -> str:
        """As draft-ietf-httpapi-ratelimit-headers has it."""
        return f'"token";r={self.remaining};t={self.full_in}'


@transaction.atomic
def take(token: ApiToken) -> Left:
    """Count one request of this token."""
    now = clock.now().timestamp()
    locked = ApiToken.objects.select_for_update().only("bucket").get(pk=token.pk)
    held = (
        bucket.from_json(locked.bucket)
        if locked.bucket
        else bucket.full(rate=RATE, burst=BURST, now=now)
    )
    after, wait = bucket.take(held, now=now)
    if not wait:
        ApiToken.objects.filter(pk=token.pk).update(bucket=bucket.to_json(after))
    remaining = bucket.available(after, now=now)
    return Left(ceil(wait), remaining, ceil((BURST - remaining) / RATE))
