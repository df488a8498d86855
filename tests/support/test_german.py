"""What a customer reads of support access, in German. What is kept of it stays English."""

import pytest
from django.core import mail

from portal.accounts.models import Person
from portal.support.domain import asking, deciding, states
from portal.support.models import LedgerEntry, Rule
from tests.pages.scenery import page, texts
from tests.support.conftest import WHY, allow, ask, begun
from tests.translations.test_german import ENGLISH, read, said

pytestmark = pytest.mark.db


@pytest.fixture
def german(house):
    Person.objects.filter(pk__in=[house.hanna.pk, house.vera.pk]).update(language="de")
    return house


def left_in_english(answer) -> set[str]:
    return said(answer.content) & ENGLISH


def test_whoever_decides_is_written_to_in_german(german):
    access = ask(german)
    assert asking.tell_deciders(access) == 1
    [letter] = mail.outbox
    assert letter.subject == "Ana Ruiz bittet um Einblick in Ihre Daten"
    assert f"Warum: {WHY}" in letter.body
    assert "Für höchstens 60 Minuten." in letter.body
    assert "Erlauben oder ablehnen" in letter.alternatives[0][0]


def test_the_page_is_german_from_asking_to_the_end(german):
    access = ask(german)
    shown = german.hanna_client.get("/privacy/")
    assert texts(page(shown), ".privacy-open h2") == ["Ana Ruiz möchte sehen, was Vera sieht"]
    assert left_in_english(shown) == set()
    german.hanna_client.post(f"/privacy/{access.pk}/grant/")
    german.ana_client.post(f"/support/{access.pk}/begin/")
    german.ana_client.get("/orders/")
    assert left_in_english(german.hanna_client.get("/privacy/")) == set()
    german.hanna_client.post(f"/privacy/{access.pk}/end/")
    shown = german.hanna_client.get("/privacy/?check=1")
    words = page(shown).get_text()
    assert "Hanna Berg hat ihn beendet" in words
    assert "Bestellungen" in texts(page(shown), ".privacy-rows td")[-1]
    assert left_in_english(shown) == set()
    assert LedgerEntry.objects.get(kind="ended").said["how"] == "Hanna Berg ended it"
    assert LedgerEntry.objects.get(kind="looked").said["page"] == "Orders"


@pytest.mark.parametrize("rule", Rule.values)
def test_what_is_allowed_is_said_in_german(german, rule):
    allow(german, Rule(rule))
    shown = german.hanna_client.get("/privacy/")
    assert left_in_english(shown) == set()
    assert texts(page(shown), ".privacy-ways label") == [
        "Uns jedes Mal fragen", "Ohne Rückfrage, innerhalb der Grenzen", "Nie",
    ]  # fmt: skip


def test_what_cannot_be_chosen_is_said_in_german(german):
    given = {"rule": "always", "longest": 60, "until": "2020-01-01"}
    answer = german.hanna_client.post("/privacy/consent/", given)
    assert answer.status_code == 422
    told = [line.get_text() for line in read(answer).select(".error-summary p")]
    assert told == ["Wieder fragen ab: Wählen Sie einen Tag, der noch kommt."]


def test_what_is_over_is_refused_in_german(german):
    access = ask(german)
    deciding.refuse(german.hanna, access.pk)
    answer = german.hanna_client.post(f"/privacy/{access.pk}/grant/", follow=True)
    assert "Dieser Zugriff ist vorbei: Hanna Berg hat abgelehnt." in page(answer).get_text()
    with pytest.raises(states.NotNowError, match="This access is over: Hanna Berg said no."):
        deciding.grant(german.hanna, access.pk)


def test_the_banner_speaks_as_the_page_does(german):
    begun(german)
    shown = german.ana_client.get("/orders/")
    assert page(shown).html["lang"] == "de"
    assert texts(page(shown), ".acting p")[0].startswith("Sie handeln als Vera von ")
    assert left_in_english(shown) == set()
    answer = german.ana_client.get("/you/")
    assert answer.status_code == 403
    assert "Sie handeln als Vera und dürfen" in read(answer).get_text()
