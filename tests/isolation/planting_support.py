"""Who asked to act as a customer's person, what the customer allows, and what the ledger says of it."""

from portal.accounts.models import Person
from portal.core import clock
from portal.customers.models import Customer
from portal.support.domain import handing, ledger, states
from portal.support.models import Consent, SupportAccess
from portal.support.models import LedgerEntry as Entry


def plant(customer: Customer, text: str) -> SupportAccess:
    person = Person.objects.filter(customer_id=customer.pk).first()
    Consent.objects.create(customer=customer, changed_at=clock.now(), changed_by=text)
    access = SupportAccess.objects.create(
        customer=customer, person=person, person_name=text, staff_name=text, reason=text,
        minutes=60, asked_at=clock.now(), state="granted", granted_by=text,
        granted_at=clock.now(),
    )  # fmt: skip
    handing.hand_over(access)
    access = states.begin(access)
    ledger.of_access(access, Entry.Kind.LOOKED, page=text, path=f"/{text}/")
    return access
