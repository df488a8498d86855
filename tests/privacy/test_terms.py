"""What may be looked for, and where it stands as a whole."""

import re

import pytest

from portal.privacy import forms_of, terms
from portal.privacy.terms import Kind

pytestmark = pytest.mark.pure

MAIL, NAME, PHONE = "mia.olind@example.test", "Mïa O'Lind", "030 1234567"


@pytest.mark.parametrize(("term", "kind"), [
    (MAIL, Kind.MAIL), ("o'lind+x@mail.example.co", Kind.MAIL), (PHONE, Kind.PHONE),
    ("+49 (151) 234-5678", Kind.PHONE), ("1234567", Kind.PHONE), (NAME, Kind.NAME),
    ("J. R. Smith", Kind.NAME), ("Jean-Luc d’Arc", Kind.NAME), ("王小明 李先生", Kind.NAME),
])  # fmt: skip
def test_a_whole_address_a_number_and_a_full_name_are_somebodys(term, kind):
    assert terms.kind(term) == kind


@pytest.mark.parametrize(("term", "why"), [
    ("kestrelpoint.example", "a domain is of everybody"), ("@kestrelpoint.example", "domain is of"),
    ("mia@localhost", "no whole mail"), ("mia@", "no whole mail"), ("orders.view", "domain is of"),
    ("123456", "7 to 20 digits"), ("1" * 21, "7 to 20 digits"), ("PO-1001", "no name"),
    ("Ann_Ex", "no name"), ("Ann Ex 7", "no name"), ("%_% %_%", "no name"), ("Li W", "too short"),
    ("Anabel", "is one word"), ("open", "too short"),
])  # fmt: skip
def test_everything_else_is_refused_in_words(term, why):
    with pytest.raises(terms.UnfitError, match=why):
        terms.kind(term)


def test_a_single_word_may_be_a_whole_name_but_not_a_short_one():
    assert terms.kind("Sukarno", one_word=True) == Kind.NAME
    with pytest.raises(terms.UnfitError, match="too short"):
        terms.kind("Lind", one_word=True)


def test_terms_are_tidied():
    assert terms.tidy([" Mia  Lind", "", "Mia Lind", " "]) == ["Mia Lind"]


WHOLE = [
    (MAIL, f"write to {MAIL}."),
    (MAIL, f"<{MAIL.upper()}>"),
    (MAIL, f'"\\n{MAIL}"'),
    (MAIL, f"EM:{MAIL}'"),
    (MAIL, f"COM+{MAIL}:EM"),
    (PHONE, f"T:{PHONE}"),
    (PHONE, f"{PHONE}, home"),
    (NAME, f"{NAME}'s order"),
    (NAME, f"“{NAME}”"),
    (NAME, f"*{NAME}~"),
    ("Ann Ex", "l’Ann Ex – yes"),
]
LONGER = [
    (MAIL, f"x{MAIL}"),
    (MAIL, f"bob.{MAIL}"),
    (MAIL, f"{MAIL}.org"),
    (MAIL, f"{MAIL}er"),
    (PHONE, f"{PHONE}8"),
    (PHONE, f"0{PHONE}"),
    (PHONE, f"{PHONE}-12"),
    ("1234567", "1.1234567"),
    ("1234567", "1234567.89"),
    ("1234567", "PO1234567"),
    ("Ann Ex", "Joann Ex"),
    ("Ann Ex", "Ann Exner"),
    ("Ann Ex", "Ann Exß"),
    ("Ann Ex", "äAnn Ex"),
    ("Ann Ex", "Mary-Ann Ex"),
    ("Ann Ex", "Ann Ex-Lind"),
]


@pytest.mark.parametrize(("term", "text"), WHOLE)
def test_it_stands_as_a_whole(term, text):
    assert terms.stands_in(term, text)
    assert in_document(term, text.encode())


@pytest.mark.parametrize(("term", "text"), LONGER)
def test_as_a_part_of_something_longer_it_does_not(term, text):
    assert not terms.stands_in(term, text)
    assert not in_document(term, text.encode())
    assert not in_document(term, text.encode("latin-1"))


def in_document(term: str, body: bytes) -> bool:
    return any(terms.whole_in_bytes(form, term).search(body) for form in forms_of.in_bytes(term))


def test_documents_hold_it_escaped_and_in_latin_1():
    assert in_document(NAME, b"to=%20M%C3%AFa%20O%27Lind&x")
    assert in_document(NAME, NAME.encode("latin-1"))
    assert in_document(NAME, b'"\\tM\\u00efa O\'Lind"')
    assert re.search(terms.whole("a_b@x.test", "a_b@x.test"), "a_b@x.test")
