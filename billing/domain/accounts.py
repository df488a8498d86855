"""Who is billed, and in whose name. Every customer has an account from the first time one is asked for."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django_tenants.utils import get_public_schema_name

from billing.models import Account, LegalEntity
from billing.plans.month import month_of
from portal.core import clock
from portal.customers.models import Customer
from portal.tenants.brand import Brand
from portal.tenants.current import is_platform
from portal.tenants.models import Partner
from portal.tenants.rows import beyond_limit
from portal.tenants.site import current_site


def entity() -> LegalEntity:
    """Whose name stands on new accounts' invoices; made on first use."""
    found = LegalEntity.objects.first()
    if found is None:
        site = current_site()
        with beyond_limit():  # whoever comes first
            found = LegalEntity.objects.create(name=site.name, time_zone=site.zone)
    return found


def of_customer(customer: Customer) -> Account:
    """The customer's account. It begins with the month in which the customer began."""
    found = Account.objects.filter(customer_id=customer.pk).first()
    return found or _opened(customer)


def _opened(customer: Customer) -> Account:
    began = customer.created_at.astimezone(ZoneInfo(customer.time_zone)).date()
    account, _ = Account.objects.get_or_create(
        customer_id=customer.pk,
        defaults={
            "slug": customer.slug, "entity": entity(), "name": customer.name,
            "currency": customer.currency, "time_zone": customer.time_zone,
            "open_from": month_of(began).key,
        },
    )  # fmt: skip
    return account


def of_customers(customers: Iterable[int]) -> dict[int, Account]:
    """By customer; those that have none get one."""
    wanted = set(customers)
    found = {a.customer_id: a for a in Account.objects.filter(customer_id__in=wanted)}
    for customer in Customer.objects.filter(pk__in=wanted - found.keys()):
        found[customer.pk] = _opened(customer)
    return {pk: account for pk, account in found.items() if pk is not None}


def open_missing() -> None:
    """An account for everyone who is to be billed: customers of a partner, partners of the platform."""
    if is_platform():
        for partner in Partner.objects.exclude(schema_name=get_public_schema_name()):
            of_partner(partner)
    else:
        known = Account.objects.values("customer_id")
        for customer in Customer.objects.exclude(pk__in=known):
            _opened(customer)


def of_partner(partner: Partner) -> Account:
    """The partner's account with the platform, in the public schema."""
    account, _ = Account.objects.get_or_create(
        slug=partner.slug,
        defaults={
            "entity": entity(), "name": partner.name, "time_zone": partner.time_zone,
            "open_from": month_of(partner.opened_at.date()).key,
        },
    )  # fmt: skip
    return account


def of_schema(partner: str) -> Account:
    """The account of the partner with this schema; the connection has to be in public."""
    return of_partner(Partner.objects.get(schema_name=partner))


def this_month(account: Account) -> str:
    """The running month by the account's clock, as YYYY-MM."""
    return month_of(clock.now().astimezone(ZoneInfo(account.time_zone)).date()).key


def own_brand() -> Brand:
    """The brand of whoever's schema this is, as it stands on bills."""
    return current_site().brand


def look_back(account: Account, key: str) -> None:
    """Something of this month changed: if it is closed, the next invoice reckons from there on again."""
    if key < account.open_from and (not account.reckon_from or key < account.reckon_from):
        account.reckon_from = key
        account.save(update_fields=["reckon_from"])


def locked(pk: int) -> Account:
    """The account, held alone until the transaction ends: nobody notes usage or makes invoices final."""
    return Account.objects.select_for_update().get(pk=pk)


def month_now() -> str:
    """The running month by the clock of whoever bills."""
    return month_of(clock.now().astimezone(ZoneInfo(entity().time_zone)).date()).key
