"""The catalogue as people see it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.connectors import catalogue, registry
from integrations.views.connectors import notes
from tests import pipeline
from tests.pages.scenery import page, texts
from tests.people import Site, sign_in

pytestmark = pytest.mark.db


def test_every_connector_stands_in_the_catalogue_under_its_kind(kestrel: Site) -> None:
    soup = page(sign_in(kestrel, "operator").get("/connectors/"))
    assert texts(soup, "#catalogue tbody th a") == [
        c.manifest.label for _, found in catalogue.by_category() for c in found
    ]
    assert texts(soup, ".band") == [catalogue.PLURALS[c] for c, _ in catalogue.by_category()]


def test_the_catalogue_is_narrowed_by_kind_and_words(kestrel: Site) -> None:
    engineer = sign_in(kestrel, "engineer")
    found = texts(page(engineer.get("/connectors/?kind=erp&q=database")), "#catalogue tbody th a")
    assert found == ["ERP database (SQL)"]
    nothing = page(engineer.get("/connectors/?q=telex"))
    assert "No connector matches." in nothing.text
    assert "Clear filters" in nothing.text
    assert len(texts(page(engineer.get("/connectors/?kind=fax")), ".band")) > 1


@pytest.mark.parametrize("slug", registry.SLUGS)
def test_a_connector_tells_its_documents_checks_and_settings(kestrel: Site, slug: str) -> None:
    found = registry.get(slug)
    soup = page(sign_in(kestrel, "engineer").get(f"/connectors/{slug}/"))
    assert texts(soup, "h1") == [found.manifest.label]
    shown = " ".join(texts(soup, ".checklist .status"))
    assert all(item in shown for item in found.manifest.quality)
    text = soup.select_one("#connector").text
    assert all(setting.label in text for setting in found.settings)
    assert soup.select_one(".page-actions a")["href"] == f"/onboarding/new/?connector={slug}"


def test_a_setting_that_depends_on_another_says_so(kestrel: Site) -> None:
    soup = page(sign_in(kestrel, "engineer").get("/connectors/x12/"))
    rows = {
        r.select_one("th").contents[0].strip(): r for r in soup.select("#connector tr:has(th.main)")
    }
    said = rows["Host key"].select_one("td[data-label=Wanted]").text
    assert said == "where “Place” is SFTP server"


def test_each_kind_of_document_is_named_once(kestrel: Site) -> None:
    soup = page(sign_in(kestrel, "engineer").get("/connectors/edi/"))
    rows = [[cell.text for cell in row.select("th, td")] for row in soup.select(".halves tbody tr")]
    assert rows.count(["Stock", "yes", "yes"]) == 1
    assert len({row[0] for row in rows}) == len(rows)


def test_what_scrolls_is_reached_by_the_keyboard(kestrel: Site) -> None:
    soup = page(sign_in(kestrel, "engineer").get("/connectors/sql/"))
    boxes = soup.select("#connector, .notes pre, .notes table")
    assert len(boxes) > 1
    assert all(box.get("tabindex") == "0" for box in boxes)


def test_who_may_not_onboard_is_offered_none_and_a_customer_sees_no_catalogue(
    kestrel: Site,
) -> None:
    soup = page(sign_in(kestrel, "operator").get("/connectors/sql/"))
    assert soup.select_one(".page-actions") is None
    assert sign_in(kestrel, "viewer", customer_id=kestrel.harbor).get(
        "/connectors/"
    ).status_code in {403, 404}


def test_an_unknown_connector_is_not_there(kestrel: Site) -> None:
    assert sign_in(kestrel, "engineer").get("/connectors/fax/").status_code == 404


def test_how_many_endpoints_use_it_is_counted_in_one_query(kestrel: Site) -> None:
    engineer = sign_in(kestrel, "engineer")
    with CaptureQueriesContext(connection) as none:
        assert "by no endpoint yet" in page(engineer.get("/connectors/http/")).text
    for slug in ("one", "two", "three"):
        pipeline.endpoint(kestrel.harbor, slug, settings={"url": f"http://127.0.0.1:9/{slug}"})
    with CaptureQueriesContext(connection) as three:
        assert "by 3 endpoints" in page(engineer.get("/connectors/http/")).text
    assert len(none) == len(three)


def test_notes_pass_no_markup_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "# T\n<script>alert(1)</script> [a](javascript:alert(1)) **b** `c<d`"
    monkeypatch.setattr(registry, "readme", lambda slug: text)
    made = notes("made-up")
    notes.cache_clear()
    assert "<script" not in made
    assert "href" not in made
    assert "<strong>b</strong>" in made
    assert "<code>c&lt;d</code>" in made
