import pytest

from portal.privacy import forms_of

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("form", [
    b"m\xc3\xafa o'lind & co", b"m\\u00efa o'lind & co", b"m\xefa o'lind & co",
    b"m\xc3\xafa o'lind &amp; co", b"m\xc3\xafa o&apos;lind &amp; co",
    b"m%c3%afa%20o%27lind%20%26%20co", b"m%c3%afa+o%27lind+%26+co",
])  # fmt: skip
def test_every_way_a_document_may_hold_a_name(form):
    assert form in forms_of.in_bytes("Mïa O'Lind & Co")


def test_letters_beyond_ascii_are_looked_for_in_each_case():
    assert {"mïa lind".encode(), "MÏA LIND".encode().lower()} <= set(forms_of.in_bytes("Mïa Lind"))
