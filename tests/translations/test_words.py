"""Titles, promises and pure packages in the reader's language."""

from datetime import date
from decimal import Decimal

import pytest

from monitoring.domain import own_titles
from monitoring.slo.title_words import detail_said, title_said
from monitoring.statements import words as statement_words
from portal.accounts import role_words
from portal.accounts.domain import signing_in
from portal.accounts.openid.errors import OpenIdError, UnknownKeyError
from portal.core import manner, tongue, words
from portal.core.manner import Manner
from portal.support import endings, looked_at

pytestmark = pytest.mark.pure


def test_a_language_is_the_first_that_was_chosen_and_that_we_speak():
    assert tongue.first("", "de") == "de"
    assert tongue.first("xx", "") == "en"
    assert tongue.first() == "en"


def test_a_title_is_found_again_with_what_stands_in_its_places():
    with tongue.speaking("de"):
        assert own_titles.said("Item TENT-2P is not in your item list") == (
            "Artikel TENT-2P ist nicht in Ihrer Artikelliste"
        )
        assert own_titles.said("We are looking into an order we could not pass on") == (
            "Wir klären, warum wir eine Bestellung nicht weitergeben konnten"
        )
        assert own_titles.said("Order 7 of Web (DE) has not reached us yet") == (
            "Bestellung 7 aus Web (DE) hat uns noch nicht erreicht"
        )


def test_what_stands_in_a_place_is_no_pattern_and_no_place():
    with tongue.speaking("de"):
        title = "Item {endpoint}.* is not in your item list"
        assert own_titles.said(title) == "Artikel {endpoint}.* ist nicht in Ihrer Artikelliste"


@pytest.mark.parametrize("title", ["Where is my parcel?", "", "Item is not in your item list"])
def test_a_title_that_a_person_wrote_stays_as_it_is(title):
    with tongue.speaking("de"):
        assert own_titles.said(title) == title


def test_every_title_stays_as_it_is_in_english():
    for text in own_titles.TITLES:
        title = text.format(value="X-1", path="p", endpoint="Web", object="an order")
        assert own_titles.said(title) == title


@pytest.mark.parametrize(
    ("title", "german"),
    [
        (
            "New orders known to us within 15 minutes",
            "Neue Bestellungen uns bekannt innerhalb von 15 Minuten",
        ),
        (
            "Orders at the warehouse within 1 minute",
            "Bestellungen im Lager innerhalb von 1 Minute",
        ),
        ("No document lost", "Kein Dokument verloren"),
        ("Something of our own", "Something of our own"),
    ],
)
def test_what_is_promised_is_said_in_the_readers_language(title, german):
    assert title_said(title) == title
    with tongue.speaking("de"):
        assert title_said(title) == german


def test_what_is_counted_is_said_in_the_readers_language():
    with tongue.speaking("de"):
        assert detail_said("19 of 20 orders") == "19 von 20 Bestellungen"
        assert detail_said("share of time") == "Anteil der Zeit"
        assert detail_said("whatever") == "whatever"


def test_pure_packages_say_it_as_it_is_written_unless_a_language_is_spoken():
    assert statement_words.month("2026-03") == "March 2026"
    with tongue.speaking("de"):
        assert statement_words.month("2026-03") == "März 2026"
        assert statement_words.money(Decimal("1234.5"), "EUR") == "€1.234,50"
    assert statement_words.month("2026-03") == "March 2026"


def test_numbers_of_pure_packages_have_the_readers_marks():
    with tongue.speaking("en"), manner.override(Manner(numbers="ch")):
        assert statement_words.plain_number(Decimal("1234.5")) == "1’234.5"


def test_documents_are_written_alike_whoever_asks():
    with tongue.speaking("de"), tongue.as_documents():
        assert statement_words.month("2026-03") == "March 2026"
        assert words.figures("1,234.5") == "1,234.5"
        assert words.ngettext("day", "days", 2) == "days"
        assert words.month(date(2026, 3, 1), short=True) == "Mar"


def test_the_first_names_of_roles_are_translated_and_the_partners_own_are_not():
    with tongue.speaking("de"):
        assert role_words.said("Customer viewer") == "Lesezugriff (Kunde)"
        assert role_words.said("Buyer") == "Buyer"


def test_how_an_access_ended_is_found_again_with_the_name_as_it_is():
    kept = endings.ENDED_IT % {"name": "Ana said no"}
    assert kept == "Ana said no ended it"
    assert endings.said(kept) == kept
    with tongue.speaking("de"):
        assert endings.said(kept) == "Ana said no hat ihn beendet"
        assert endings.said(endings.TIME_OVER) == "die Zeit war um"
        assert endings.said(endings.STANDING) == "dauerhafte Einwilligung"
        assert endings.said("Vera") == "Vera"
        assert endings.said("") == ""


def test_pages_that_were_looked_at_are_kept_in_english_and_said_in_the_readers_language():
    with tongue.speaking("de"):
        assert looked_at.called("/orders/7/") == "An order"
        assert looked_at.said(looked_at.called("/orders/7/")) == "Eine Bestellung"
        assert looked_at.said(looked_at.called("/elsewhere/")) == "Eine andere Seite"
        assert looked_at.said("") == ""


def test_a_way_of_signing_in_by_a_provider_is_found_again():
    with tongue.speaking("de"):
        assert signing_in.way_said("password and code") == "Passwort und Code"
        assert signing_in.way_said("Kestrel ID and recovery code") == (
            "Kestrel ID und Wiederherstellungscode"
        )
        assert signing_in.way_said("Kestrel ID, second step there") == (
            "Kestrel ID, zweiter Schritt dort"
        )
        assert signing_in.way_said("Kestrel ID") == "Kestrel ID"


def test_why_a_provider_lets_nobody_in_is_said_to_each_reader_in_their_language():
    """One error is remembered and told to whoever presses the button next."""
    with tongue.speaking("de"):
        error = OpenIdError("unreachable", "%(host)s did not answer in time.", host="id.test")
        assert str(error) == "id.test hat nicht rechtzeitig geantwortet."
        assert "signiert" in str(UnknownKeyError())
    assert str(error) == "id.test did not answer in time."
