"""What came of objectives, day by day and window by window: made from evidence, and makeable again."""

from decimal import Decimal
from typing import Any

from django.db import models

from monitoring.models.objective import Objective
from portal.tenants.rows import OwnFunction

_FIGURES = (
    "total", "planned", "allowed", "missed_us", "missed_customer", "missed_third_party", "used",
    "share", "pending", "percentile", "slowest", "excused_minutes", "causes", "measured_at",
)  # fmt: skip
_TYPED = (
    " total numeric, planned numeric, allowed numeric, missed_us numeric, missed_customer numeric,"
    " missed_third_party numeric, used numeric, share double precision, pending integer,"
    " percentile interval, slowest interval,"
    " excused_minutes integer, causes jsonb, measured_at timestamptz"
)


def _own(table: str) -> str:
    return ", ".join(f"{table}.{name}" for name in _FIGURES)


# What a customer reads of its promises: the figures and their causes, and who said what to whom not.
OWN_WINDOWS = OwnFunction(
    name="own_promise_windows",
    columns="customer_id bigint, objective_id bigint, sli text, content jsonb, begins timestamptz,"
    f" ends timestamptz,{_TYPED}",
    select=f"""
        SELECT w.customer_id, w.objective_id, o.sli::text, o.content, w.begins, w.ends, {_own("w")}
        FROM monitoring_objectivewindow w JOIN monitoring_objective o ON o.id = w.objective_id
        WHERE o.promised
    """,
)
OWN_DAYS = OwnFunction(
    name="own_promise_days",
    columns=f"customer_id bigint, objective_id bigint, day date, remark text,{_TYPED}",
    select=f"""
        SELECT d.customer_id, d.objective_id, d.day, d.remark::text, {_own("d")}
        FROM monitoring_objectiveday d
    """,
)


class Figures(models.Model):
    """Counts in the objective's unit. Shares of misses are by party; together they are all misses.

    `causes`: the largest, [{party, reason, proof, misses, amount, first, last}]. `stale`: something that
    decides over it has changed since. `allowed` and `used`: the budget.
    """

    ENDLESS = 1e9  # the share where nothing was allowed and something was missed

    objective = models.ForeignKey(Objective, models.CASCADE)
    customer = models.ForeignKey("customers.Customer", models.CASCADE)
    total = models.DecimalField(max_digits=20, decimal_places=6, default=0)
    planned = models.DecimalField(max_digits=20, decimal_places=6, default=0)
    allowed = models.DecimalField(max_digits=20, decimal_places=6, default=0)
    missed_us = models.DecimalField(max_digits=20, decimal_places=6, default=0)
    missed_customer = models.DecimalField(max_digits=20, decimal_places=6, default=0)
    missed_third_party = models.DecimalField(max_digits=20, decimal_places=6, default=0)
    used = models.DecimalField(
        max_digits=20, decimal_places=6, default=0, help_text="Misses that count against it."
    )
    share = models.FloatField(
        default=-1,
        help_text="Of the allowed misses, how much is used; below 0 for nothing counted.",
    )
    pending = models.PositiveIntegerField(default=0)
    percentile = models.DurationField(null=True, help_text="By nearest rank at the target.")
    slowest = models.DurationField(null=True)
    excused_minutes = models.PositiveIntegerField(default=0, help_text="Agreed not to count.")
    causes = models.JSONField(default=list)
    measured_at = models.DateTimeField(null=True)
    stale = models.BooleanField(default=False)

    class Meta:
        abstract = True

    @property
    def missed(self) -> Decimal:
        return self.missed_us + self.missed_customer + self.missed_third_party

    @property
    def parties(self) -> dict[str, Any]:
        return {
            "us": self.missed_us,
            "customer": self.missed_customer,
            "third_party": self.missed_third_party,
        }


class ObjectiveDay(Figures):
    """One local day of an objective. `remark`: what was done about its misses, for the customer to read."""

    day = models.DateField()
    remark = models.CharField(max_length=300, blank=True)
    remark_by = models.CharField(max_length=80, blank=True)

    customer_may_call = OWN_DAYS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["objective", "day"], name="one_day_of_objective")
        ]


class ObjectiveWindow(Figures):
    """One window of an objective, such as a month: measured whole, never added up from days.

    `burning`: the alert policies that fire now, {name: [long, short]}, burn rates; null is endless.
    """

    begins = models.DateTimeField()
    ends = models.DateTimeField()
    burning = models.JSONField(default=dict)
    looked_at = models.DateTimeField(null=True, help_text="When its burning was last looked at.")
    took = models.FloatField(default=0, help_text="Seconds, when it was last measured whole.")

    customer_may_call = OWN_WINDOWS

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["objective", "begins"], name="one_window_of_objective")
        ]
