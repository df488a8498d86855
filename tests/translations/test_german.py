"""Customers' pages in German: nothing of them is left in English, and English stays as it was."""

import re

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from portal.accounts.models import Person, Provider
from portal.core import clock
from portal.customers.models import Customer
from portal.tenants.models import Partner
from tests.isolation import planting
from tests.isolation.crawl import crawl
from tests.pages.scenery import page, texts
from tests.people import PASSWORD, Site, sign_in
from tests.translations.texts import entries

pytestmark = [pytest.mark.db, pytest.mark.long]

STARTS = ["/", "/orders/", "/questions/", "/questions/ask/", "/notifications/", "/find/?q=none", "/you/",
          "/you/security/", "/you/sessions/"]  # fmt: skip
ALOUD = ("aria-label", "title", "placeholder", "alt", "data-label")
# English texts that are another one in German. Such as "Service" are the same in both.
ENGLISH = {
    one.one.strip() for one in entries() if one.one.strip() not in {s.strip() for s in one.said}
}
FILES = (".pdf", ".csv", ".json")
OF_THEIRS = "/stock/stock.csv"  # a list for them, and no document


def said(content: bytes) -> set[str]:
    """All texts of a page, also those that are only read aloud."""
    soup = BeautifulSoup(content, "html.parser")
    for gone in soup.select("script, style, code"):
        gone.decompose()
    found = {" ".join(text.split()) for text in soup.stripped_strings}
    return found | {tag[name] for tag in soup.find_all(True) for name in ALOUD if tag.get(name)}


def read(answer) -> BeautifulSoup:
    """Also a page that refuses."""
    return BeautifulSoup(answer.content, "html.parser")


def choose(language, email="owner@kestrel.test"):
    with schema_context("kestrel"):
        Person.objects.filter(email=email).update(language=language)


@pytest.fixture
def owner(planted):
    site = Site("kestrel", "kestrel.localhost", 0, 0)
    return sign_in(site, "owner", customer_id=planted["kestrel", planting.CUSTOMERS[0]].customer_id)


def test_no_page_of_a_customer_is_left_in_english(owner):
    choose("de")
    pages = crawl(owner, starts=STARTS)
    html = {address: content for address, content in pages.items() if b"<!doctype" in content}
    assert len(html) > 30
    assert [address for address, content in html.items() if b'<html lang="de"' not in content] == []
    left = {address: said(content) & ENGLISH for address, content in html.items()}
    assert {address: found for address, found in left.items() if found} == {}


def test_files_are_the_same_bytes_in_every_language(owner):
    """What is sealed or final is made again to the byte, whoever asks."""
    english = {
        a: c
        for a, c in crawl(owner, starts=STARTS).items()
        if a.endswith(FILES) and a not in OF_THEIRS
    }
    choose("de")
    assert sum(address.endswith(".pdf") for address in english) >= 2
    for address, before in english.items():
        answer = owner.get(address)
        content = b"".join(answer) if answer.streaming else answer.content
        assert before.startswith(content), address


@pytest.mark.parametrize("address", ["/orders/", "/home/", "/service/", "/bills/"])
def test_german_costs_no_query_more(owner, address):
    owner.get(address)
    counts = []
    for language in ("en", "de"):
        choose(language)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert owner.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_days_and_numbers_are_written_as_in_german(viewer, kestrel):
    choose("de", "viewer@kestrel.test")
    soup = page(viewer.get("/you/"))
    assert soup.select_one("[name=numbers] option").text == "1.234,50, wie üblich"
    assert re.match(r"\d+\. \w+ \d{4}, wie üblich", soup.select_one("[name=days] option").text)
    assert soup.html["lang"] == "de"


def login(language, **headers):
    client = Client(HTTP_HOST="kestrel.localhost")
    return client.get("/login/", headers={"accept-language": language, **headers})


@pytest.mark.parametrize(
    ("asked", "lang", "title"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de", "Anmelden"),
        ("fr,de;q=0.5", "de", "Anmelden"),
        ("en,de;q=0.5", "en", "Log in"),
        ("fr", "en", "Log in"),
        ("", "en", "Log in"),
        ("%%;q=x", "en", "Log in"),
    ],
)
def test_a_stranger_reads_what_the_browser_asks_for(kestrel, asked, lang, title):
    answer = login(asked)
    soup = page(answer)
    assert (soup.html["lang"], answer["Content-Language"]) == (lang, lang)
    assert texts(soup, "h1") == [title]


def test_a_stranger_whose_language_nobody_speaks_reads_the_partners(kestrel):
    Partner.objects.filter(schema_name="kestrel").update(language="de")
    assert page(login("fr")).html["lang"] == "de"
    assert page(login("en")).html["lang"] == "en"


def test_what_is_wrong_at_the_login_is_said_in_german(kestrel):
    client = Client(HTTP_HOST="kestrel.localhost")
    answer = client.post(
        "/login/", {"username": "no@x.test", "password": "x"}, headers={"accept-language": "de"}
    )
    [error] = texts(read(answer), ".error-summary p")
    assert error.startswith("E-Mail und Passwort passen nicht zusammen.")


def test_a_form_of_django_says_what_is_wrong_in_german(kestrel):
    client = Client(HTTP_HOST="kestrel.localhost")
    answer = client.post("/login/", {"username": "x@x.test"}, headers={"accept-language": "de"})
    # As a browser puts it together: `texts` has a blank between the link and what follows it.
    told = [line.get_text() for line in read(answer).select(".error-summary p")]
    assert told == ["Passwort: Dieses Feld ist zwingend erforderlich."]


@pytest.mark.parametrize(
    "address",
    [
        "/nothing-here/",
        "/join/nope/",
        "/ask/nope/",
        "/unsubscribe/nope/",
        "/reset/nope/",
        "/forgot/",
    ],
)
def test_pages_of_strangers_are_german(kestrel, address):
    client = Client(HTTP_HOST="kestrel.localhost")
    answer = client.get(address, headers={"accept-language": "de"})
    assert read(answer).html["lang"] == "de"
    assert said(answer.content) & ENGLISH == set()


@pytest.mark.parametrize(
    ("state", "title"),
    [
        (Partner.State.SUSPENDED, "Vorübergehend geschlossen"),
        (Partner.State.ARCHIVED, "Diese Seiten sind geschlossen"),
    ],
)
def test_a_closed_site_says_so_in_the_browsers_language_then_in_the_partners(kestrel, state, title):
    Partner.objects.filter(schema_name="kestrel").update(state=state, language="de")
    client = Client(HTTP_HOST="kestrel.localhost")
    for asked in ("de", "fr"):
        answer = client.get("/login/", headers={"accept-language": asked})
        soup = read(answer)
        assert (soup.html["lang"], texts(soup, "h1")) == ("de", [title])
        assert said(answer.content) & ENGLISH == set()
    assert read(client.get("/login/", headers={"accept-language": "en"})).html["lang"] == "en"


def test_logging_in_by_a_provider_is_german_and_so_is_why_it_fails(kestrel):
    Provider.objects.create(
        ref="id", name="Kestrel ID", issuer="ftp://id.test", client_id="x", is_on=True,
        changed_at=clock.now(), changed_by="Ada",
    )  # fmt: skip
    assert texts(page(login("de")), ".safe-with a") == ["Mit Kestrel ID anmelden"]
    client = Client(HTTP_HOST="kestrel.localhost")
    answer = client.get("/login/with/id/", headers={"accept-language": "de"})
    soup = read(answer)
    assert (answer.status_code, texts(soup, "h1")) == (422, ["Nicht angemeldet"])
    assert texts(soup, "[role=alert]")[0].startswith("Geben Sie die https-Adresse ein")
    assert said(answer.content) & ENGLISH == set()


def test_a_persons_choice_is_before_the_customers_and_that_before_the_partners(viewer, kestrel):
    def lang():
        answer = viewer.get("/orders/", headers={"accept-language": "en"})
        return page(answer).html["lang"]

    assert lang() == "en"
    Partner.objects.filter(schema_name="kestrel").update(language="de")
    assert lang() == "de"
    Customer.objects.filter(pk=kestrel.harbor).update(language="en")
    assert lang() == "en"
    choose("de", "viewer@kestrel.test")
    assert lang() == "de"


def test_without_any_choice_the_browser_decides(viewer):
    assert page(viewer.get("/orders/", headers={"accept-language": "de"})).html["lang"] == "de"


def test_a_person_switches_the_language_on_their_page(viewer):
    viewer.post("/you/", {"language": "de"})
    soup = page(viewer.get("/you/"))
    assert texts(soup, "h1") == ["Ihre Einstellungen"]
    assert texts(soup, "#toasts .toast") == ["Your settings are saved"]  # said before the change
    viewer.post("/you/", {"language": "en"})
    assert texts(page(viewer.get("/you/")), "h1") == ["Your settings"]


def test_no_language_is_chosen_that_there_is_not(viewer):
    answer = viewer.post("/you/", {"language": "fr"})
    assert answer.status_code == 422
    assert Person.objects.get(email="viewer@kestrel.test").language == ""


def test_staff_read_english_whatever_their_browser_asks_for(operator):
    answer = operator.get("/orders/", headers={"accept-language": "de"})
    assert page(answer).html["lang"] == "en"
    assert "Auftrag" not in answer.content.decode()


def test_programs_read_english(viewer):
    choose("de", "viewer@kestrel.test")
    answer = viewer.get("/api/v1/nothing/", headers={"accept-language": "de"})
    assert answer["Content-Language"] == "en"


def test_staff_choose_for_a_customer_and_for_everybody(kestrel):
    admin = sign_in(kestrel, "admin")
    harbor = f"customer-{kestrel.harbor}"
    answer = admin.post("/customers/languages/", {"everybody": "de", harbor: "en"})
    assert answer.status_code == 302
    assert Partner.objects.get(schema_name="kestrel").language == "de"
    languages = dict(Customer.objects.values_list("slug", "language"))
    assert languages == {"harbor": "en", "maris": ""}
    soup = page(admin.get("/customers/languages/"))
    assert soup.select_one(f"[name={harbor}] option[selected]")["value"] == "en"


def test_a_language_that_there_is_not_is_refused_in_words(kestrel):
    admin = sign_in(kestrel, "admin")
    answer = admin.post("/customers/languages/", {"everybody": "fr"})
    assert answer.status_code == 422
    assert "fr is no language of these pages." in texts(read(answer), ".error-summary p")[0]
    assert Partner.objects.get(schema_name="kestrel").language == ""


@pytest.mark.parametrize("role", ["operator", "finance"])
def test_who_may_not_edit_customers_chooses_nothing(kestrel, role):
    assert sign_in(kestrel, role).get("/customers/languages/").status_code == 403


def test_a_customers_people_choose_for_nobody_else(viewer):
    assert viewer.post("/customers/languages/", {"everybody": "de"}).status_code == 403


def test_who_works_for_some_customers_chooses_for_these_only(kestrel):
    from portal.accounts.models import Limit

    engineer = sign_in(kestrel, "engineer")
    person = Person.objects.get(email="engineer@kestrel.test")
    person.is_limited = True
    person.save()
    Limit.objects.create(person=person, customer_id=kestrel.harbor)
    given = {
        "everybody": "de",
        f"customer-{kestrel.harbor}": "de",
        f"customer-{kestrel.maris}": "de",
    }
    assert engineer.post("/customers/languages/", given).status_code == 302
    assert Partner.objects.get(schema_name="kestrel").language == ""
    assert dict(Customer.objects.values_list("slug", "language")) == {"harbor": "de", "maris": ""}


def test_somebody_is_let_in_as_before(kestrel):
    """The words of a form are another language's, its names are not."""
    sign_in(kestrel, "viewer", customer_id=kestrel.harbor)
    client = Client(HTTP_HOST=kestrel.host)
    entered = {"username": "viewer@kestrel.test", "password": PASSWORD}
    answer = client.post("/login/", entered, headers={"accept-language": "de"})
    assert answer.status_code == 302


def test_what_is_refused_before_anybody_is_known_is_said_in_the_browsers_language(kestrel):
    client = Client(HTTP_HOST=kestrel.host)
    answer = client.get("/login/?q=\0", headers={"accept-language": "de"})
    assert answer.status_code == 400
    assert texts(read(answer), "h1") == ["Diese Anfrage kann nicht gelesen werden"]
