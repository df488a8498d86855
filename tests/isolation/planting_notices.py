"""What a customer's person chose to be told by mail, and what waits to be told to them."""

from monitoring.models import Notice, NoticeMail, NotificationChoice
from portal.accounts.models import Person, Role
from portal.core import clock
from portal.customers.models import Customer


def plant(customer: Customer, text: str) -> None:
    person = Person.objects.create_person(
        email=f"{text}@{text}.example", name=text, role=Role.objects.get(slug="viewer"),
        password=None, customer_id=customer.pk,
    )  # fmt: skip
    NotificationChoice.objects.create(
        person=person, customer=customer, how={"note": text}, actor=text
    )
    mail = NoticeMail.objects.create(person=person, kinds=[text], digest=text)
    Notice.objects.create(
        person=person, kind="question", said={"headline": text, "lines": [[text, "/"]], "more": 0},
        state="sent", due_at=clock.now(), trouble=text, mail=mail,
    )  # fmt: skip
