"""The page of the brand: drafts, previews on real pages with made-up content, publishing in words."""

import re

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.pages.views.brand_preview import SURFACES
from portal.tenants import brand, branding
from portal.tenants.mail_kinds import MAIL_KINDS
from portal.tenants.models import Partner
from tests.brand.conftest import publish, write
from tests.brand.logos import raster, svg
from tests.pages.scenery import page, texts
from tests.people import sign_in

pytestmark = pytest.mark.db


def fields(soup: BeautifulSoup) -> dict[str, str]:
    """What the form would send as it stands."""
    form = {one["name"]: one.get("value", "") for one in soup.select("#brand-form input[name]")}
    form |= {one["name"]: one.text.strip("\n") for one in soup.select("#brand-form textarea")}
    form |= {"edition": soup.select_one("input[name=edition]")["value"]}
    return {
        name: value for name, value in form.items() if not name.startswith(("no_", "logo_", "icon"))
    }


def post(client: Client, **changed: object):
    sent = {**fields(page(client.get("/brand/"))), **changed}
    return client.post("/brand/", sent)


def test_the_page_shows_what_the_site_opened_with(admin):
    soup = page(admin.get("/brand/"))
    assert soup.select_one("#id_name")["value"] == "Kestrel Point"
    assert soup.select_one("#id_accent")["value"] == "#0e5a68"
    assert texts(soup, ".brand-said") == ["No draft yet. It begins with your first change."]
    assert texts(soup, ".brand-tabs a") == list(SURFACES.values())
    assert "as given, #0e5a68" in soup.select_one(".brand-colours").text


def test_only_who_may_edit_the_brand_sees_it(kestrel, stranger):
    for role in ("engineer", "operator", "finance"):
        client = sign_in(kestrel, role)
        for address in (
            "/brand/",
            "/brand/publish/",
            "/brand/preview/desk/",
            "/brand/preview/paper.png",
        ):
            assert client.get(address).status_code == 403, (role, address)
    viewer = sign_in(kestrel, "viewer", customer_id=kestrel.harbor)
    assert viewer.get("/brand/").status_code == 403
    assert stranger.get("/brand/").status_code == 403
    assert Client(HTTP_HOST=kestrel.host).get("/brand/").url == "/login/?next=/brand/"


def test_a_draft_is_saved_without_scripts_and_shows_to_nobody_else(admin, kestrel, partner):
    answer = post(admin, name="Arden", accent="FFD400", login_title="Welcome", view="login")
    assert (answer.status_code, answer.url) == (302, "/brand/?view=login")
    soup = page(admin.get("/brand/"))
    assert soup.select_one("#id_accent")["value"] == "#ffd400"
    assert "#ffd400 used as #7d6707 · 4.6 : 1" in " ".join(
        soup.select_one(".brand-colours").text.split()
    )
    assert (
        "darker: as given, text in it would have 1.2 : 1" in soup.select_one(".brand-colours").text
    )
    assert "Arden" not in Client(HTTP_HOST=kestrel.host).get("/login/").text


def test_publishing_says_what_changes_and_can_be_taken_back(admin, kestrel, partner):
    logo = SimpleUploadedFile("logo.svg", svg(), "image/svg+xml")
    post(admin, name="Arden", accent="#e4002b", logo_light=logo, do="publish")
    before = page(admin.get("/brand/publish/"))
    assert texts(before, ".bullets li") == [
        "The name is Arden, was Kestrel Point",
        "The colour is #e4002b, was #0e5a68",
        "The logo is new",
    ]
    edition = before.select_one("input[name=edition]")["value"]
    assert admin.post("/brand/publish/", {"edition": edition}).url == "/brand/"
    login = page(Client(HTTP_HOST=kestrel.host).get("/login/"))
    assert login.title.text == "Log in · Arden"
    assert login.select_one(".brand img")["alt"] == "Arden"
    soup = page(admin.get("/brand/"))
    assert "close to one that says late" in soup.text
    assert [row.split(" ", 1)[0] for row in texts(soup, ".brand-history tbody tr")] == ["2", "1"]
    undo = soup.select_one(".page-actions form[data-until]")
    assert re.fullmatch(
        r"Undo version 2 9:5\d Z|Undo version 2 10:00 Z", " ".join(undo.text.split())
    )
    admin.post(undo["action"])
    partner.refresh_from_db()
    assert (brand.of(partner).number, brand.of(partner).name) == (3, "Kestrel Point")


def test_a_draft_that_changed_since_it_was_looked_at_is_not_published(admin, partner):
    write(partner, name="Arden", by="Ben")
    seen = page(admin.get("/brand/publish/")).select_one("input[name=edition]")["value"]
    write(partner, name="Borealis", by="Ben")
    answer = admin.post("/brand/publish/", {"edition": seen})
    assert answer.status_code == 409
    assert "Ben changed the draft meanwhile" in answer.text
    assert not branding.history(partner).exists()


def test_what_is_not_right_is_said_at_its_field_and_nothing_is_lost(admin, partner):
    bad = SimpleUploadedFile("logo.svg", svg("<script>alert(1)</script>"), "image/svg+xml")
    answer = post(
        admin, name="", accent="reddish", support_email="nobody", logo_light=bad,
        subject_invoice="{iban} for you", imprint="Kept while I mend the rest",
    )  # fmt: skip
    assert answer.status_code == 422
    soup = BeautifulSoup(answer.text, "html.parser")
    said = {one["id"]: " ".join(one.text.split()) for one in soup.select("div.field-error")}
    assert said == {
        "id_name_error": "Enter the name your customers know you by.",
        "id_accent_error": "Enter a colour of six digits, such as #0e5a68.",
        "id_logo_light_error": "The logo holds a script.",
        "id_support_email_error": "Enter an address such as help@example.com.",
        "id_subject_invoice_error": "{iban} is not known here. There is {customer}, {partner}, {issuer},"
        " {document}, {month}, {total}.",
    }
    assert soup.select_one("#id_imprint").text.strip() == "Kept while I mend the rest"
    assert len(soup.select(".error-summary a")) == 5
    assert not partner.brand_versions.exists()


def test_while_one_types_what_is_right_is_kept_and_the_rest_is_named(admin, partner):
    sent = {**fields(page(admin.get("/brand/"))), "name": "Arden", "accent": "#12"}
    answer = admin.post("/brand/live/", sent)
    assert answer.status_code == 200
    draft = branding.draft(partner)
    assert (draft.name, draft.accent, draft.edition) == ("Arden", "#0e5a68", 1)
    soup = BeautifulSoup(answer.text, "html.parser")
    assert "Your colour: Enter a colour" in soup.select_one("#brand-said").text
    assert soup.select_one("input[name=edition]")["value"] == "1"
    assert {one["src"].partition("?")[0] for one in soup.select("iframe")} == {
        "/brand/preview/desk/"
    }
    assert all("v=1" in one["src"] for one in soup.select("iframe"))


def test_typing_does_not_overwrite_what_a_colleague_wrote(admin, partner):
    sent = fields(page(admin.get("/brand/")))
    write(partner, name="Theirs", by="Ben")
    answer = admin.post("/brand/live/", {**sent, "name": "Mine"})
    assert "Ben changed the draft meanwhile" in answer.text
    assert branding.draft(partner).name == "Theirs"


@pytest.mark.parametrize("surface", SURFACES)
def test_a_preview_is_the_draft_on_a_real_page_framed_by_us_alone(admin, partner, surface):
    write(partner, name="Arden", accent="#ffd400", logo=svg(), support_email="help@arden.example")
    answer = admin.get(f"/brand/preview/{surface}/?theme=dark&v=1")
    assert answer.status_code == 200
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    soup = page(answer)
    assert soup.select("script") == []
    assert "Kestrel" not in answer.text
    if surface != "mail":
        assert soup.body.has_attr("inert")
        assert soup.html["data-theme"] == "dark"
        [sheet] = [one["href"] for one in soup.select("link") if "brand.css?" in one["href"]]
        assert b"--accent:#7d6707" in admin.get(sheet).content


def test_no_other_page_may_be_framed(admin):
    for address in ("/brand/", "/brand/publish/", "/orders/"):
        answer = admin.get(address)
        assert answer["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_a_preview_asks_for_nobodys_data(admin, partner):
    write(partner, name="Arden", logo=svg())
    admin.get("/brand/preview/desk/")
    for surface in SURFACES:
        with CaptureQueriesContext(connection) as asked:
            admin.get(f"/brand/preview/{surface}/")
        read = {
            table for one in asked for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', one["sql"])
        }
        known = {"tenants_domain", "tenants_partner", "tenants_brandversion", "tenants_brandimage",
                 "accounts_session", "accounts_person", "accounts_role"}  # fmt: skip
        assert read <= known, surface


@pytest.mark.parametrize("kind", MAIL_KINDS)
def test_every_mail_can_be_looked_at(admin, kind):
    answer = admin.get(f"/brand/preview/mail/?kind={kind}")
    assert answer.status_code == 200
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "Sample" in answer.text


def test_what_there_is_no_preview_of_is_not_found(admin):
    assert admin.get("/brand/preview/nothing/").status_code == 404
    assert admin.get("/brand/preview/mail/?kind=nothing").status_code == 404
    assert admin.get("/brand/preview/desk/?theme=<b>").status_code == 200


def test_the_page_asks_as_much_with_one_version_as_with_three(admin, partner):
    counts = []
    for number in range(1, 4):
        publish(partner, name=f"Arden {number}", logo=raster())
        admin.get("/brand/")
        with CaptureQueriesContext(connection) as asked:
            admin.get("/brand/")
        counts.append(len(asked))
    assert counts[0] == counts[2]
    assert counts[2] <= 16


def test_a_page_asks_no_more_with_a_brand_than_without(operator, partner):
    operator.get("/orders/")
    with CaptureQueriesContext(connection) as plain:
        operator.get("/orders/")
    publish(partner, name="Arden", logo=svg(), support_email="help@arden.example", imprint="Arden")
    operator.get("/orders/")
    with CaptureQueriesContext(connection) as branded:
        operator.get("/orders/")
    assert len(branded) == len(plain)


def test_hostile_words_are_text_everywhere(admin, kestrel, partner):
    hostile = "</style><script>alert(1)</script>"
    publish(
        partner, name=hostile[:80], login_title=hostile, login_words=hostile, support_phone=hostile[:40],
        imprint=hostile, mail_signature=hostile, pdf_foot=hostile,
    )  # fmt: skip
    for client, address in (
        (Client(HTTP_HOST=kestrel.host), "/login/"), (Client(HTTP_HOST=kestrel.host), "/legal/imprint/"),
        (admin, "/brand/"), (admin, "/brand/preview/mail/"), (admin, "/brand/preview/portal/"),
        (admin, "/brand/preview/paper.png"), (admin, "/nothing/"),
    ):  # fmt: skip
        answer = client.get(address)
        assert b"<script>alert" not in answer.content, address
        assert answer.status_code in (200, 404), address


def test_the_audit_trail_tells_what_was_published(admin, partner):
    from auditlog.models import LogEntry

    post(admin, name="Arden")
    edition = branding.draft(partner).edition
    admin.post("/brand/publish/", {"edition": edition})
    entry = LogEntry.objects.filter(
        object_pk=str(partner.pk), action=LogEntry.Action.UPDATE
    ).first()
    assert entry.changes_dict["name"] == ["Kestrel Point", "Arden"]
    assert entry.actor.email == "admin@kestrel.test"


def test_another_partner_keeps_its_own(admin, partner, aurora):
    publish(partner, name="Arden", logo=svg())
    logo = brand.of(partner).logo
    other = Client(HTTP_HOST=aurora.host)
    assert "Arden" not in other.get("/login/").text
    assert other.get(logo.url).status_code == 404
    assert sign_in(aurora, "admin").get(logo.url).status_code == 404
    assert not Partner.objects.get(schema_name="aurora").brand_versions.exists()
