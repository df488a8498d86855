"""The language that somebody is written to in, when there is no request to ask a browser."""

from django.conf import settings

from portal.accounts.models import Person
from portal.core import tongue
from portal.tenants import languages
from portal.tenants.rows import beyond_limit


def of_person(person: Person) -> str:
    """What they chose, else their customer or partner. Staff are written to in the language of our texts."""
    if person.customer_id is None:
        return settings.LANGUAGE_CODE
    return tongue.first(person.language or languages.chosen_for(person.customer_id))


def of_address(email: str, *, customer_id: int) -> str:
    """Of whoever of a customer has this address, else their customer's."""
    with beyond_limit():
        known = Person.objects.filter(email=email.strip().lower(), customer_id=customer_id).first()
    return of_person(known) if known else languages.of_customer(customer_id)
