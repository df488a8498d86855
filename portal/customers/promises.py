"""What a customer is promised: in which hours we work for them, and how soon cases are seen to."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db import transaction

from portal.core.events import publish
from portal.customers import calendars
from portal.customers.calendar_json import to_json
from portal.customers.models import Customer
from portal.customers.targets import DEFAULTS, POLICY, Targets


class PromisesMade(NamedTuple):
    """A customer's hours or targets were set by `actor`."""

    customer_id: int
    actor: str


@transaction.atomic
def promise(
    customer: Customer,
    *,
    calendar: Mapping[str, Any],
    targets: Mapping[int, Targets],
    actor: str,
) -> None:
    """From now on, for open cases too. Targets like ours are not kept, so that they follow ours.

    CalendarError for hours nobody can keep.
    """
    row = Customer.objects.select_for_update().get(pk=customer.pk)
    row.calendar = to_json(calendars.read(calendar, zone=row.time_zone))
    own = {str(s): list(pair) for s, pair in sorted(targets.items()) if pair != DEFAULTS[s]}
    others = {key: policy for key, policy in row.policies.items() if key != POLICY}
    row.policies = others | ({POLICY: own} if own else {})
    row.save(update_fields=["calendar", "policies"])
    publish(PromisesMade(row.pk, actor))
