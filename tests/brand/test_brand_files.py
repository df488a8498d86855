"""Logos, icons and legal texts: for everybody, kept for long, and harmless when opened by themselves."""

import io

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from PIL import Image

from portal.tenants import brand, branding
from tests.brand.conftest import publish, write
from tests.brand.logos import raster, svg
from tests.pages.scenery import page, texts
from tests.people import sign_in

pytestmark = pytest.mark.db


@pytest.fixture
def visitor(kestrel):
    return Client(HTTP_HOST=kestrel.host)


@pytest.mark.parametrize(
    ("body", "ending", "media_type"),
    [(svg(), "svg", "image/svg+xml"), (raster("WEBP"), "png", "image/png")],
)
def test_a_logo_is_served_as_what_it_is_and_may_do_nothing(
    partner, visitor, body, ending, media_type
):
    publish(partner, logo=body)
    url = brand.of(partner).logo.url
    assert url.endswith(f".{ending}")
    answer = visitor.get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, media_type)
    assert (
        answer["Content-Security-Policy"]
        == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    other = "png" if ending == "svg" else "svg"
    assert visitor.get(url.replace(f".{ending}", f".{other}")).status_code == 404


def test_a_drafts_logo_is_for_who_edits_the_brand(kestrel, partner, visitor, admin):
    write(partner, logo=svg())
    url = f"/brand/logo-{branding.draft(partner).logo_light_id}.svg"
    assert admin.get(url).status_code == 200
    assert visitor.get(url).status_code == 404
    assert sign_in(kestrel, "operator").get(url).status_code == 404
    edition = branding.draft(partner).edition
    branding.publish(partner, edition=edition, by="Ada")
    assert visitor.get(url).status_code == 200


def test_a_customers_person_sees_logo_and_icon_under_their_limit(partner, viewer):
    publish(partner, logo=svg())
    assert viewer.get(brand.of(partner).logo.url).status_code == 200
    soup = page(viewer.get("/orders/"))
    icon = soup.select_one("link[rel=icon]")["href"]
    assert viewer.get(icon).status_code == 200


def test_the_icon_is_drawn_in_two_sizes_and_kept_as_long_as_its_version(partner, visitor):
    soup = page(visitor.get("/login/"))
    first = soup.select_one("link[rel=icon]")["href"]
    answer = visitor.get(first)
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert Image.open(io.BytesIO(answer.content)).size == (32, 32)
    publish(partner, accent="#ffd400")
    second = page(visitor.get("/login/")).select_one("link[rel=apple-touch-icon]")["href"]
    drawn = Image.open(io.BytesIO(visitor.get(second).content)).convert("RGB")
    assert (drawn.size, drawn.getpixel((2, 2))) == ((180, 180), (0x7D, 0x67, 0x07))
    assert visitor.get(first)["Cache-Control"] == "no-cache"
    assert visitor.get("/brand/icon-64.png").status_code == 404


def test_legal_texts_are_open_and_linked_and_only_those_there_are(partner, visitor, viewer):
    publish(
        partner, imprint="# Arden LLC\n\n14 Quay Street\nsee https://arden.example/ <b>now</b>",
        support_email="help@arden.example", support_phone="+1 (775) 555-0100",
    )  # fmt: skip
    soup = page(visitor.get("/legal/imprint/"))
    assert texts(soup, "main h2") == ["Arden LLC"]
    link = soup.select_one("main a")
    assert (link["href"], link["rel"]) == ("https://arden.example/", ["nofollow"])
    assert "<b>now</b>" in soup.select_one("main").text
    for one in (
        page(visitor.get("/login/")),
        page(viewer.get("/orders/")),
        page(visitor.get("/legal/imprint/")),
    ):
        foot = one.select_one(".site-foot")
        assert [a["href"] for a in foot.select("a")] == [
            "mailto:help@arden.example", "tel:%2B17755550100", "/legal/imprint/",
        ]  # fmt: skip
        assert "Questions? help@arden.example" in " ".join(foot.text.split())
    for missing in ("/legal/privacy/", "/legal/terms/", "/legal/name/"):
        assert visitor.get(missing).status_code == 404


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "JaVaScRiPt:alert(1)//x.example", "data:text/html,x"]
)
def test_no_link_in_a_text_runs_anything(partner, visitor, text):
    publish(partner, imprint=f"Look at {text} now")
    links = [a["href"] for a in page(visitor.get("/legal/imprint/")).select("main a")]
    assert all(href.startswith(("http://", "https://", "mailto:")) for href in links)


def test_error_pages_carry_the_brand_and_an_unknown_host_nothing(partner, visitor):
    publish(partner, name="Arden", logo=svg(), support_email="help@arden.example")
    missing = visitor.get("/nothing/here/")
    assert missing.status_code == 404
    assert BeautifulSoup(missing.text, "html.parser").select_one(".brand img")["alt"] == "Arden"
    unknown = Client(HTTP_HOST="nobody.localhost").get("/")
    assert unknown.status_code == 404
    for said in ("Arden", "Kestrel", "rossdock", "<img", "<link"):
        assert said not in unknown.text


def test_the_platforms_console_has_an_icon_and_no_brand_page(kestrel):
    console = Client(HTTP_HOST="platform.localhost")
    icon = page(console.get("/login/")).select_one("link[rel=icon]")["href"]
    assert console.get(icon).status_code == 200
    assert console.get("/brand/").status_code == 404
    assert console.get("/legal/imprint/").status_code == 404
