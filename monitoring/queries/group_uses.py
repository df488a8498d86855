"""What goes by a group of customers: people who work for it, and rules of alerts."""

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from monitoring.models import AlertRule
from portal.accounts.models import Limit


class Use(NamedTuple):
    """One thing that names a group: in words, and where it is changed."""

    words: str
    url: str


def uses(group_ids: Collection[int]) -> dict[int, list[Use]]:
    """By group, what uses it; two queries however many groups."""
    found: dict[int, list[Use]] = defaultdict(list)
    limits = Limit.objects.filter(group_id__in=group_ids).select_related("person")
    for limit in limits.order_by("person__name"):
        use = Use(f"{limit.person.name} works for it", f"/people/{limit.person_id}/customers/")
        found[limit.group_id or 0].append(use)
    for rule in AlertRule.objects.filter(group__in=group_ids):
        use = Use(f"the alert rule {rule.name} is for it", f"/alerts/rules/{rule.pk}/")
        found[rule.group_id or 0].append(use)
    return found
