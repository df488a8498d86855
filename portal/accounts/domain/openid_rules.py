"""What the rules of a provider give somebody: a role, and of whom or for whom."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from portal.accounts.models import Provider, ProviderRule, Role
from portal.accounts.openid import claims as said
from portal.accounts.openid.claims import Rule


class Given(NamedTuple):
    """What one rule gives. `customer_id` is that of a customer's person; the limits are those of staff, and
    empty for whoever works for everybody."""

    role: Role
    rule: ProviderRule

    @property
    def customer_id(self) -> int | None:
        return self.rule.customer_id if self.role.for_customers else None

    @property
    def limit_customers(self) -> frozenset[int]:
        staff_for = None if self.role.for_customers else self.rule.customer_id
        return frozenset() if staff_for is None else frozenset({staff_for})

    @property
    def limit_groups(self) -> frozenset[int]:
        return frozenset() if self.rule.group_id is None else frozenset({self.rule.group_id})


def given(provider: Provider, claims: Mapping[str, Any]) -> Given | None:
    """What the first rule that fits gives; None where none does."""
    rows = {row.pk: row for row in provider.rules.select_related("role")}
    found = said.first_fitting(claims, [_rule(row) for row in rows.values()])
    return Given(rows[found.number].role, rows[found.number]) if found else None


def _rule(row: ProviderRule) -> Rule:
    return Rule(row.claim, row.value, row.pk)
