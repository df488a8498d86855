"""Every mail stands in the partner's frame: its logo, words, signature and foot, and nobody else's name."""

import pytest
from bs4 import BeautifulSoup
from django.core import mail as outgoing

from portal.pages import brand_sample_mails
from portal.tenants import branding, mailing
from portal.tenants.letter import letter
from portal.tenants.mail_kinds import MAIL_KINDS
from portal.tenants.site import current_site
from tests.brand.conftest import publish
from tests.brand.logos import svg

pytestmark = pytest.mark.db


def made(kind, **values):
    variables = brand_sample_mails.variables(kind) | values
    return letter(kind, current_site(), variables, brand_sample_mails.context(kind))


@pytest.mark.parametrize("kind", MAIL_KINDS)
def test_without_a_brand_a_mail_has_the_partners_name_and_the_usual_words(kestrel, kind):
    one = made(kind)
    assert one.inline == ()
    for text in (one.text, one.html):
        assert "Kestrel Point" in text
        assert "rossdock" not in text
        assert "Questions?" not in text
        assert "{" not in text
    assert "#0e5a68" in one.html
    assert "<img" not in one.html


@pytest.mark.parametrize("kind", MAIL_KINDS)
def test_a_brand_stands_around_every_mail(partner, kind):
    publish(
        partner, name="Arden", accent="#ffd400", logo=svg(), mail_signature="Your Arden team\nAda",
        mail_foot="Arden LLC, Register 42", support_email="help@arden.example", support_phone="+1 555",
        imprint="Arden LLC",
    )  # fmt: skip
    one = made(kind)
    assert [part.content_id for part in one.inline] == ["logo"]
    soup = BeautifulSoup(one.html, "html.parser")
    logo = soup.select_one("img")
    assert (logo["src"], logo["alt"], logo["width"], logo["height"]) == (
        "cid:logo",
        "Arden",
        "160",
        "40",
    )
    assert "#7d6707" in one.html
    for text in (one.text, soup.text):
        for said in ("Your Arden team", "Arden LLC, Register 42", "help@arden.example", "+1 555"):
            assert said in text
        assert "Kestrel" not in text
    assert "http://kestrel.localhost:8000/legal/imprint/" in one.text


def test_subject_and_opening_are_the_partners_own_with_values_escaped(partner):
    publish(
        partner,
        mail_texts={
            "invoice": {
                "subject": "{document} for {month}",
                "opening": "Dear {customer},\n\n- as agreed",
            }
        },
    )
    one = made("invoice", customer="<b>Harbor</b> {month}", month="May\r\nBcc: x@evil.example")
    assert one.subject == "Invoice INV-00042 for May Bcc: x@evil.example"
    assert one.text.startswith("Dear <b>Harbor</b> {month},\n\n- as agreed\n\n")
    assert "Dear &lt;b&gt;Harbor&lt;/b&gt; {month}," in one.html
    assert "<li>as agreed</li>" in one.html
    assert "<b>Harbor" not in one.html
    assert made("statement").subject == "Service statement April 2026"


def test_the_logo_goes_with_the_mail_as_a_picture_it_shows(partner):
    publish(partner, logo=svg())
    one = made("budget")
    mailing.send(current_site(), kind="budget", **one.parts, to=["a@harbor.example"])
    [sent] = outgoing.outbox
    [picture] = [part for part in sent.message().walk() if part.get_content_type() == "image/png"]
    assert picture["Content-ID"] == "<logo>"
    assert picture["Content-Disposition"] == 'inline; filename="logo.png"'
    assert picture.get_payload(decode=True).startswith(b"\x89PNG")


def test_a_mail_takes_back_what_was_taken_back(partner):
    publish(partner, mail_signature="Your Arden team")
    branding.go_back(partner, 1, by="Ada")
    assert "Your Arden team" not in made("budget").text
