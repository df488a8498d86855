"""For whom a person of the partner works: for everybody, or for some customers and groups only."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import NamedTuple

from django.db import connection, transaction

from portal.accounts.models import Limit, Person
from portal.tenants.limited import limited_to_customers
from portal.tenants.rows import beyond_limit, limited_to_customer

# Groups are on this floor's other side and are known here by their table: who is in one by now.
_CUSTOMERS = """
    SELECT customer_id FROM accounts_limit WHERE person_id = %s AND customer_id IS NOT NULL
    UNION
    SELECT m.customer_id FROM accounts_limit l
        JOIN customers_customergroup_members m ON m.customergroup_id = l.group_id
        WHERE l.person_id = %s
"""


class LimitError(Exception):
    """This limit cannot be given; the text says why and what to do."""


class WorksFor(NamedTuple):
    """What was chosen for a limited person: ids of customers and of groups."""

    customers: frozenset[int]
    groups: frozenset[int]


def working_as(person: Person) -> AbstractContextManager[None]:
    """The database as this person may see it: one customer's rows, some customers', or all.

    Every way in for people has to work inside it: pages have it from a middleware.
    """
    if (customer_id := getattr(person, "customer_id", None)) is not None:
        return limited_to_customer(customer_id)
    if getattr(person, "is_limited", False):
        return limited_to_customers(customers_of(person), person_id=person.pk)
    return nullcontext()


def customers_of(person: Person) -> tuple[int, ...]:
    """The ids of the customers a limited person works for now, in order."""
    with connection.cursor() as cursor:
        cursor.execute(_CUSTOMERS, [person.pk, person.pk])
        return tuple(sorted(row[0] for row in cursor.fetchall()))


def chosen(person: Person) -> WorksFor | None:
    """What was chosen for the person; None for somebody who works for everybody."""
    if not person.is_limited:
        return None
    rows = list(Limit.objects.filter(person=person).values_list("customer_id", "group_id"))
    return WorksFor(
        frozenset(customer for customer, _ in rows if customer is not None),
        frozenset(group for _, group in rows if group is not None),
    )


def chosen_of(person_ids: Iterable[int]) -> dict[int, WorksFor]:
    """What was chosen for each of these who is limited, whole: also what whoever asks does not see."""
    customers: dict[int, set[int]] = defaultdict(set)
    groups: dict[int, set[int]] = defaultdict(set)
    found = Limit.objects.filter(person__in=list(person_ids), person__is_limited=True)
    with beyond_limit():
        rows = list(found.values_list("person_id", "customer_id", "group_id"))
    for person_id, customer, group in rows:
        if customer is not None:
            customers[person_id].add(customer)
        if group is not None:
            groups[person_id].add(group)
    return {
        one: WorksFor(frozenset(customers[one]), frozenset(groups[one]))
        for one in {row[0] for row in rows}
    }


def limit(person: Person, *, customers: Iterable[int], groups: Iterable[int], by: Person) -> None:
    """From now on the person works for these customers and groups only. LimitError where that cannot be.

    Whoever is limited gives no more than they have, and to nobody who has more.
    """
    given = WorksFor(frozenset(customers), frozenset(groups))
    if not given.customers and not given.groups:
        raise LimitError("Choose at least one customer or group, or everybody.")
    with beyond_limit(), transaction.atomic():
        found = _may_be_changed(person, by)
        if by.is_limited:
            _must_have(by, given)
        _store(found, given, by=by.name)


def lift(person: Person, *, by: Person) -> None:
    """From now on the person works for everybody. LimitError where `by` does not do so themselves."""
    with beyond_limit(), transaction.atomic():
        found = _may_be_changed(person, by)
        if by.is_limited:
            raise LimitError(
                "You work for some customers yourself. Ask somebody who works for all of them."
            )
        _store(found, None, by=by.name)


def set_to(person: Person, *, customers: frozenset[int], groups: frozenset[int], by: str) -> None:
    """As `limit`, by a rule of somebody who works for everybody, and not by a person. Inside a transaction,
    beyond any limit."""
    _store(person, WorksFor(customers, groups), by=by)


def why_not(person: Person, *, by: Person) -> str:
    """Why `by` may not change for whom the person works, in a sentence; blank when they may."""
    if person.is_customer:
        return f"{person.name} is a customer's person, and sees that customer only."
    if person.pk == by.pk:
        return "This is for whom you work yourself. Ask a colleague to change it."
    with beyond_limit():
        if by.is_limited and not _has_less(person, by):
            return (
                f"{person.name} works for more customers than you do."
                " Ask somebody who works for all of them."
            )
    return ""


def works_for(person: Person, customer_id: int) -> bool:
    """Whether this customer is one of those the person works for."""
    if person.customer_id is not None:
        return bool(person.customer_id == customer_id)
    if not person.is_limited:
        return True
    with beyond_limit():
        return customer_id in customers_of(person)


def works_within(person: Person, *, by: Person) -> bool:
    """Whether `by` works for every customer that the person works for, or belongs to."""
    if not by.is_limited:
        return True
    if person.customer_id is not None:
        return works_for(by, person.customer_id)
    with beyond_limit():
        return _has_less(person, by)


def _may_be_changed(person: Person, by: Person) -> Person:
    """The person, locked."""
    found = Person.objects.select_for_update().get(pk=person.pk)
    if refused := why_not(found, by=by):
        raise LimitError(refused)
    return found


def _has_less(person: Person, by: Person) -> bool:
    return person.is_limited and set(customers_of(person)) <= set(customers_of(by))


def _must_have(by: Person, given: WorksFor) -> None:
    own = chosen(by)
    groups = own.groups if own else frozenset()
    if not (given.customers <= set(customers_of(by)) and given.groups <= groups):
        raise LimitError("You can give only customers and groups that you work for yourself.")


def _store(person: Person, given: WorksFor | None, *, by: str) -> None:
    """Rows that stay are left alone, so that the audit log tells what changed."""
    before = chosen(person) or WorksFor(frozenset(), frozenset())
    after = given or WorksFor(frozenset(), frozenset())
    gone = Limit.objects.filter(person=person)
    for row in gone:
        if row.customer_id not in after.customers and row.group_id not in after.groups:
            row.delete()
    for customer in sorted(after.customers - before.customers):
        Limit.objects.create(person=person, customer_id=customer, made_by=by[:80])
    for group in sorted(after.groups - before.groups):
        Limit.objects.create(person=person, group_id=group, made_by=by[:80])
    if person.is_limited != (given is not None):
        person.is_limited = given is not None
        person.save(update_fields=["is_limited"])
