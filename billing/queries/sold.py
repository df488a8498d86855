"""Who has which version of which plan."""

from collections import defaultdict
from datetime import date

from django.db.models import Count, Q, QuerySet

from billing.models import Account, Plan, Subscription


def on(day: date) -> QuerySet[Subscription]:
    """The subscriptions that hold on a day, or begin later."""
    return Subscription.objects.filter(Q(ends=None) | Q(ends__gt=day))


def counts(day: date) -> dict[int, int]:
    """By plan how many accounts have it."""
    found = on(day).order_by().values_list("version__plan")
    return dict(found.annotate(count=Count("account", distinct=True)))


def by_version(plan: Plan, day: date) -> dict[int, list[str]]:
    """By version the names of the accounts that have it."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    rows = on(day).filter(version__plan=plan).order_by("account__name")
    for version, name in rows.values_list("version", "account__name"):
        if name not in found[version]:
            found[version].append(name)
    return dict(found)


def accounts_of(plan: Plan, day: date, *, most: int) -> list[Account]:
    """Accounts that have the plan, or any where nobody has; in their order, so many at most."""
    has = Account.objects.filter(pk__in=on(day).filter(version__plan=plan).values("account"))
    return list(has[:most]) or list(Account.objects.all()[:most])
