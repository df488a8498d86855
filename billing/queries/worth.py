"""What the service spares a customer: documents nobody had to touch, minutes, errors that went no further."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Sum

from billing.models import Account, UsageFact
from billing.plans.month import Month
from integrations.queries import volumes
from integrations.queries.windows import outward
from monitoring.queries import effort
from portal.core.money import round_to

_SIXTY = Decimal(60)


@dataclass(frozen=True, slots=True)
class Worth:
    """Of a month. `stopped`: documents that were wrong and were held before anybody acted on them;
    `by_rules`: cases that rules resolved, `rule_minutes` what they take a person."""

    documents: int
    stopped: int
    touches: int
    by_rules: int
    rule_minutes: Decimal

    @property
    def untouched(self) -> int:
        """Documents that went through without anybody: keying them in was avoided."""
        return max(self.documents - self.stopped, 0)

    def minutes(self, per_document: Decimal) -> Decimal:
        """Spared in all, when keying one in takes so many."""
        return self.untouched * per_document + self.rule_minutes

    def money(self, per_document: Decimal, hour: Decimal) -> Decimal:
        """The minutes at what an hour costs, in cents."""
        return round_to(self.minutes(per_document) * hour / _SIXTY, 2)


def of_month(account: Account, of: Month) -> Worth:
    """What the documents of a customer's month say. The account is a customer's."""
    zone = ZoneInfo(account.time_zone)
    begins, ends = (
        datetime.combine(day, time(), zone).astimezone(UTC) for day in (of.begins, of.ends)
    )
    window = outward(begins, ends)
    documents = UsageFact.objects.filter(
        account=account, kind="document", day__gte=of.begins, day__lt=of.ends, free=""
    ).aggregate(sum=Sum("times"))["sum"]
    held = volumes.total(window, customer_id=account.customer_id).held
    made = effort.efforts(window).get(account.customer_id or 0, effort.Effort())
    return Worth(documents or 0, held, made.touches, made.by_rules, Decimal(str(made.saved)))
