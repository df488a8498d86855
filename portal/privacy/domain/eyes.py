"""Two people: whoever asked for an erasure does not agree alone where another may."""

from portal.accounts.models import Person
from portal.privacy.models import Erasure


def others(by: Person) -> list[Person]:
    """Who else may erase, by name."""
    people = Person.objects.select_related("role").filter(customer_id=None, is_active=True)
    found = people.exclude(pk=by.pk).order_by("name", "pk")
    return [person for person in found if person.may("privacy.erase")]


def wanted(erasure: Erasure, by: Person) -> list[str]:
    """Why this person may not agree, in a sentence; empty where they may."""
    if erasure.asker_id != by.pk:
        return []
    if named := ", ".join(person.name for person in others(by)):
        return [f"You asked for this, so somebody else agrees to it: {named}."]
    return []
