"""For whom people of the house work, in words: “all customers”, or customers and groups by name."""

from collections.abc import Iterable, Sequence

from portal.accounts.domain import limits
from portal.accounts.domain.limits import WorksFor
from portal.accounts.models import Person
from portal.customers.models import Customer, CustomerGroup

ALL = "all customers"


def said(people: Sequence[Person]) -> dict[int, str]:
    """By person, for those of the house; whom the asker does not see is counted and not named. Two questions
    about names, however many people."""
    own = [one for one in people if not one.is_customer]
    chosen = limits.chosen_of([one.pk for one in own if one.is_limited])
    customers = _names(
        Customer, "name", (one for each in chosen.values() for one in each.customers)
    )
    groups = _names(
        CustomerGroup, "label", (one for each in chosen.values() for one in each.groups)
    )
    nobody = WorksFor(frozenset(), frozenset())
    return {
        one.pk: _words(chosen.get(one.pk, nobody), customers, groups) if one.is_limited else ALL
        for one in own
    }


def _names(
    model: type[Customer] | type[CustomerGroup], label: str, ids: Iterable[int]
) -> dict[int, str]:
    wanted = set(ids)
    return dict(model.objects.filter(pk__in=wanted).values_list("pk", label)) if wanted else {}  # type: ignore[attr-defined]


def _words(chosen: WorksFor, customers: dict[int, str], groups: dict[int, str]) -> str:
    names = sorted(customers[one] for one in chosen.customers & customers.keys())
    names += [
        f"all of {label}" for label in sorted(groups[g] for g in chosen.groups & groups.keys())
    ]
    hidden = len(chosen.customers) + len(chosen.groups) - len(names)
    names += [f"{hidden} more" if names else f"{hidden} whom you do not see"] if hidden else []
    return (
        f"{', '.join(names[:-1])} and {names[-1]}" if names[1:] else "".join(names) or "nobody now"
    )
