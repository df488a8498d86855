"""Who pays by which plan: beginning, ending, changing over, and what is agreed with one customer alone.

Whatever reaches back into a closed month makes the next invoice reckon from there on, and bill the
difference.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from billing.domain import accounts
from billing.models import Account, Discount, OneOff, Override, PlanVersion, SpendCap, Subscription
from billing.plans import reading
from billing.plans.month import month, month_of
from billing.rating import read as read_terms
from portal.core.money import parse_amount

_MOST: Final = Decimal(10) ** 12


class NotAgreedError(ValueError):
    """It cannot be agreed; the text says why."""


@transaction.atomic
def subscribe(
    account: Account, version: PlanVersion, *, begins: date, by: str, ends: date | None = None
) -> Subscription:
    """The account has this version from a day on. NotAgreedError for prices that are not published, another
    currency, an archived plan, or a plan that they have then."""
    held = accounts.locked(account.pk)
    _refuse_version(held, version)
    _refuse_day(begins)
    _refuse_day(ends)
    if ends is not None and ends <= begins:
        raise NotAgreedError("It would end before it begins.")
    if _overlapping(held, version, begins, ends):
        raise NotAgreedError(f"{held.name} has {version.plan.name} then already.")
    made = Subscription.objects.create(
        account=held,
        version=version,
        begins=begins,
        ends=ends,
        since=begins,
        trial_days=version.content.get("trial_days", 0),
        created_by=by[:80],
    )
    accounts.look_back(held, month_of(begins).key)
    return made


def _refuse_day(day: date | None) -> None:
    """A slip of the pen, such as 0026."""
    if day is not None and not 2000 <= day.year < 2200:
        raise NotAgreedError(f"{day.year} is no year that anything is agreed for.")


def _refuse_version(account: Account, version: PlanVersion) -> None:
    if version.state != PlanVersion.State.PUBLISHED:
        raise NotAgreedError(f"{version} is not published.")
    if version.plan.archived_at:
        raise NotAgreedError(f"{version.plan.name} is archived: nobody new gets it.")
    currency = version.content["currency"]
    if currency != account.currency:
        raise NotAgreedError(
            f"{version.plan.name} is in {currency}, and {account.name} pays in {account.currency}."
        )


def _overlapping(account: Account, version: PlanVersion, begins: date, ends: date | None) -> bool:
    """Whether they have the plan on any of these days."""
    found = Subscription.objects.filter(account=account, version__plan=version.plan)
    found = found.filter(Q(ends=None) | Q(ends__gt=begins))
    return (found.filter(begins__lt=ends) if ends else found).exists()


@transaction.atomic
def end(subscription: Subscription, *, on: date) -> None:
    """Its last day is the one before. NotAgreedError for a day before it began, or where another follows."""
    account = accounts.locked(subscription.account_id)
    one = Subscription.objects.select_for_update().get(pk=subscription.pk)
    _refuse_day(on)
    if on < one.begins:
        raise NotAgreedError(f"It begins on {one.begins:%-d %b %Y}.")
    if Subscription.objects.filter(follows=one).exists():
        raise NotAgreedError("Another version follows it: end that one.")
    if one.ends is not None and on > one.ends and _overlapping(account, one.version, one.ends, on):
        raise NotAgreedError(f"{account.name} has {one.version.plan.name} after that already.")
    before, one.ends = one.ends, on
    one.save(update_fields=["ends"])
    accounts.look_back(account, month_of(min(on, before or on)).key)


@transaction.atomic
def move(subscription: Subscription, version: PlanVersion, *, on: date, by: str) -> Subscription:
    """Go on with another version of the same plan, or with another plan, from the first of a month on: tiers
    and allowances are of whole months. Trial and ramps of the same plan go on, and another plan has no trial;
    overrides and discounts come along."""
    account = accounts.locked(subscription.account_id)
    old = Subscription.objects.select_for_update().get(pk=subscription.pk)
    _refuse_version(account, version)
    if not old.begins <= on or (old.ends is not None and on >= old.ends):
        raise NotAgreedError(f"{on:%-d %b %Y} is no day of this subscription.")
    _refuse_day(on)
    if on.day != 1:
        raise NotAgreedError("Change over on the first of a month: tiers are of whole months.")
    is_same = version.plan_id == old.version.plan_id
    if not is_same and _overlapping(account, version, on, old.ends):
        raise NotAgreedError(f"{account.name} has {version.plan.name} then already.")
    made = Subscription.objects.create(
        account=account, version=version, begins=on, ends=old.ends,
        since=old.since if is_same else on, trial_days=old.trial_days if is_same else 0, follows=old,
        created_by=by[:80],
    )  # fmt: skip
    old.ends = on
    old.save(update_fields=["ends"])
    _bring_along(old, made)
    accounts.look_back(account, month_of(on).key)
    return made


def _bring_along(old: Subscription, made: Subscription) -> None:
    charges = {one["key"] for one in made.version.content["charges"]}
    for one in old.overrides.filter(charge__in=charges, until__gte=month_of(made.begins).key):
        one.pk, one.subscription, one._state.adding = None, made, True
        one.save()
    for less in old.discounts.filter(Q(until="") | Q(until__gte=month_of(made.begins).key)):
        less.pk, less.subscription, less._state.adding = None, made, True
        less.save()


@transaction.atomic
def override(
    subscription: Subscription, charge: str, terms: Mapping[str, Any], *, begins: str, until: str,
    reason: str, author: str,
) -> Override:  # fmt: skip
    """Another price for one charge from one month to another. TermsError for prices that are none."""
    account = accounts.locked(subscription.account_id)
    content = reading.read(subscription.version.content)
    found = next((one for one in content.charges if one.key == charge), None)
    if found is None:
        raise NotAgreedError(f"{subscription.version} has no charge {charge}.")
    read_terms(found.model, terms)
    _refuse_months(begins, until)
    if not reason.strip():
        raise NotAgreedError("Say why: whoever looks at the price later wants to know.")
    if subscription.overrides.filter(charge=charge, begins__lte=until, until__gte=begins).exists():
        raise NotAgreedError(f"Another price is agreed for {found.name} in these months.")
    accounts.look_back(account, begins)
    return Override.objects.create(
        subscription=subscription, charge=charge, terms=dict(terms), begins=begins, until=until,
        reason=reason.strip(), author=author[:80],
    )  # fmt: skip


def _refuse_months(begins: str, until: str) -> None:
    month(begins), month(until)
    if until < begins:
        raise NotAgreedError("It would end before it begins.")


@transaction.atomic
def discount(
    subscription: Subscription, name: str, *, begins: str, reason: str, author: str, until: str = "",
    percent: Decimal | None = None, amount: Decimal | None = None,
) -> Discount:  # fmt: skip
    """Less to pay, from one month to another or without end: a percentage of every charge, or an amount."""
    account = accounts.locked(subscription.account_id)
    _refuse_months(begins, until or begins)
    if (percent is None) == (amount is None):
        raise NotAgreedError("A discount is either a percentage or an amount.")
    if percent is not None and not 0 < percent <= 100:
        raise NotAgreedError("A percentage is above 0 and at most 100.")
    if amount is not None and amount <= 0:
        raise NotAgreedError("An amount is above 0.")
    if not reason.strip():
        raise NotAgreedError("Say why: whoever looks at the price later wants to know.")
    said = {"name": name, "percent": percent, "amount": amount, "begins": begins, "until": until}
    if subscription.discounts.filter(**said).exists():
        raise NotAgreedError("This discount is agreed already.")
    accounts.look_back(account, begins)
    return Discount.objects.create(
        subscription=subscription, name=name, percent=percent, amount=amount, begins=begins,
        until=until, reason=reason.strip(), author=author[:80],
    )  # fmt: skip


@transaction.atomic
def charge_once(
    account: Account, name: str, *, day: date, quantity: str, unit_amount: str, key: str, author: str,
    unit: str = "piece",
) -> OneOff:  # fmt: skip
    """Something that is charged once, on the next invoice that includes its day. The same key again gives
    the one there is."""
    _refuse_day(day)
    for text in (quantity, unit_amount):
        if parse_amount(text) < 0:
            raise NotAgreedError("Nothing is charged below 0: give a credit instead.")
    if parse_amount(quantity) * parse_amount(unit_amount) >= _MOST:
        raise NotAgreedError("It comes to more than can be billed.")
    made, _ = OneOff.objects.get_or_create(
        key=key,
        defaults={
            "account": account, "name": name, "day": day, "quantity": parse_amount(quantity),
            "unit": unit, "unit_amount": parse_amount(unit_amount), "author": author[:80],
        },
    )  # fmt: skip
    return made


@transaction.atomic
def cap_spending(account: Account, amount: Decimal | None, *, begins: str, author: str) -> SpendCap:
    """No month from this one on is billed above `amount`; None lifts the cap. NotAgreedError for a closed
    month: what was billed stays."""
    held = accounts.locked(account.pk)
    month(begins)
    if begins < held.open_from:
        raise NotAgreedError(f"{month(begins).begins:%B %Y} is closed. Begin with an open month.")
    if amount is not None and amount < 0:
        raise NotAgreedError("A cap is not below 0.")
    made, _ = SpendCap.objects.update_or_create(
        account=held, begins=begins, defaults={"amount": amount, "author": author[:80]}
    )
    return made
