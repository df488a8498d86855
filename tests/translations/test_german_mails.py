"""Mails are written in the language of whoever gets them."""

import pytest
from django.core import mail
from django.test import Client

from monitoring.domain.notices import choices, sending, telling
from monitoring.domain.notices.telling import Line, Said
from monitoring.models import NotificationChoice
from portal.accounts import languages
from portal.accounts.domain import mails
from portal.accounts.models import Person
from portal.core import clock, tongue
from portal.customers.models import Customer
from portal.tenants.letter import letter
from portal.tenants.mail_kinds import MAIL_KINDS
from portal.tenants.models import Partner
from portal.tenants.site import current_site
from tests.people import sign_in
from tests.translations.texts import entries

pytestmark = pytest.mark.db
ENGLISH = {one.one for one in entries() if one.one not in one.said}


@pytest.fixture(autouse=True)
def outbox(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def jo(viewer):
    person = Person.objects.get(email="viewer@kestrel.test")
    person.language = "de"
    person.save()
    return person


def test_a_forgotten_password_is_answered_in_german(jo):
    Client(HTTP_HOST="kestrel.localhost").post("/forgot/", {"email": jo.email})
    [sent] = mail.outbox
    assert sent.subject == "Ein neues Passwort setzen: Kestrel Point"
    assert "Er funktioniert einmal, eine Stunde lang" in sent.body
    assert "It works once" not in sent.body
    [(html, _)] = sent.alternatives
    assert '<html lang="de">' in html


def test_staff_are_written_to_in_english_whatever_asks_for_it(operator, kestrel):
    client = Client(HTTP_HOST="kestrel.localhost", headers={"accept-language": "de"})
    client.post("/forgot/", {"email": "operator@kestrel.test"})
    assert mail.outbox[-1].subject == "Set a new password: Kestrel Point"


def test_who_could_not_log_in_is_told_in_german(jo):
    mails.locked(jo.email, address="192.0.2.1", agent="Mozilla/5.0 (Windows) Firefox/130.0")
    [sent] = mail.outbox
    assert "zuletzt mit Firefox auf Windows von 192.0.2.1" in sent.body


def test_an_invitation_is_written_in_the_customers_language(kestrel):
    Customer.objects.filter(pk=kestrel.harbor).update(language="de")
    owner = sign_in(kestrel, "owner", customer_id=kestrel.harbor)
    from portal.accounts.models import Role

    role = Role.objects.get(slug="viewer")
    owner.post("/colleagues/", {"email": "bea@x.test", "name": "Bea", "role": role.pk})
    [sent] = mail.outbox
    assert sent.subject == "Owner lädt Sie zu Kestrel Point ein"
    assert "Ihre Rolle: Lesezugriff (Kunde)." in sent.body


def test_of_two_colleagues_each_is_told_in_their_language(kestrel, jo):
    sign_in(kestrel, "viewer", email="amy@kestrel.test", customer_id=kestrel.harbor)
    amy = Person.objects.get(email="amy@kestrel.test")
    off = {kind: "off" for kind in NotificationChoice.Kind.values}
    for person in (jo, amy):
        choices.choose(
            person,
            {**off, "shipment": "at_once"},
            hour=7,
            paused_until=None,
            today=clock.now().date(),
        )

    def say():
        from django.utils.translation import ngettext

        text = ngettext("A shipment was sent", "%(n)d shipments were sent", 2) % {"n": 2}
        return Said(text, [Line("WEB-1001", "/x/")])

    assert telling.tell(kestrel.harbor, "shipment", say) == 2
    sending.send_due()
    subjects = {sent.to[0]: sent.subject for sent in mail.outbox}
    assert subjects == {
        "viewer@kestrel.test": "2 Sendungen gingen hinaus",
        "amy@kestrel.test": "2 shipments were sent",
    }


def test_a_language_is_the_persons_else_the_customers_else_the_partners(kestrel, viewer):
    person = Person.objects.get(email="viewer@kestrel.test")
    assert languages.of_person(person) == "en"
    Partner.objects.filter(schema_name="kestrel").update(language="de")
    assert languages.of_person(person) == "de"
    Customer.objects.filter(pk=kestrel.harbor).update(language="en")
    assert languages.of_person(person) == "en"
    person.language = "de"
    person.save()
    assert languages.of_person(person) == "de"
    assert languages.of_address(person.email, customer_id=kestrel.harbor) == "de"
    assert languages.of_address("nobody@x.test", customer_id=kestrel.harbor) == "en"
    assert languages.of_address("nobody@x.test", customer_id=kestrel.maris) == "de"


@pytest.mark.parametrize("kind", sorted(set(MAIL_KINDS) - {"alert", "mail_test"}))
def test_no_mail_is_left_in_english(kestrel, kind):
    from portal.pages.brand_sample_mails import context

    with tongue.speaking("de"):
        said = letter(kind, current_site(), MAIL_KINDS[kind].variables, context(kind))
    lines = {line.strip() for line in said.text.splitlines()}
    assert lines & ENGLISH == set()
    assert said.subject not in ENGLISH


def test_a_partners_own_words_are_for_every_language(kestrel):
    from portal.tenants import letter as letters

    site = current_site()
    own = site.brand._replace(mail_texts={"password": {"subject": "Hello {name}"}})
    with tongue.speaking("de"):
        assert letters.own_or_usual("password", own) == ("Hello {name}", "{name},")
