"""Statements on the partner's pages."""

import hashlib

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring.domain import statement_build
from monitoring.models import Statement, StatementAdjustment, StatementEvidence, StatementTerms
from portal.core import clock
from portal.customers.models import Customer
from tests.monitoring.statement_scenery import MAY, month, planted, sealed, without_triggers
from tests.pages.scenery import page, texts
from tests.people import sign_in

pytestmark = [pytest.mark.db, pytest.mark.long]

PAGES = ("", "check/", "statement.pdf", "statement.csv", "statement.json", "evidence.csv")


def visible(response):
    soup = BeautifulSoup(response.content, "html.parser")
    for hidden in soup.select("script, style"):
        hidden.decompose()
    return " ".join(soup.get_text(" ").split())


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def test_the_list_tells_how_far_each_statement_is(kestrel, engineer):
    planted(kestrel.harbor)
    planted(kestrel.maris, is_approved=True)
    with clock.freeze(MAY):
        shown = page(engineer.get("/statements/"))
    rows = texts(shown, "#statements tbody tr")
    assert len(rows) == 2
    text = " ".join(rows)
    assert "waits for approval" in text
    assert "approved" in text
    assert "4 of 5 kept" in text
    assert "$61.20" in text


def test_the_views_of_the_list_hold_what_they_say(kestrel, engineer):
    planted(kestrel.harbor)
    planted(kestrel.maris, is_approved=True)
    approve = texts(page(engineer.get("/statements/?view=approve")), "#statements tbody tr")
    assert len(approve) == 1
    assert "Harbor Outfitters" in approve[0]
    assert "No draft" in visible(engineer.get("/statements/?view=draft"))
    maris = texts(page(engineer.get("/statements/?customer=maris")), "#statements tbody tr")
    assert "Maris Foods" in maris[0]
    assert len(maris) == 1


def test_the_list_takes_as_many_queries_for_three_as_for_one(kestrel, engineer):
    sealed(kestrel.harbor, "2026-02")
    one = queries(engineer, "/statements/")
    sealed(kestrel.harbor, "2026-03", "2026-04")
    assert queries(engineer, "/statements/") == one


def test_a_statement_takes_as_many_queries_for_three_corrections_as_for_one(kestrel, engineer):
    told = planted(kestrel.harbor)
    url = f"/statements/{told.pk}/"

    def correct(number):
        StatementAdjustment.objects.create(
            statement=told, customer_id=kestrel.harbor, reason=f"Reason {number}", author=1,
            author_name="Ana", asked_at=MAY,
            changes=[{"path": "delivered.orders", "before": 312, "after": number}],
        )  # fmt: skip

    correct(1)
    one = queries(engineer, url)
    correct(2)
    correct(3)
    assert queries(engineer, url) == one


def test_a_list_longer_than_a_page_goes_on(kestrel, engineer, monkeypatch):
    from monitoring.views import statements as view

    monkeypatch.setattr(view, "SIZE", 2)
    sealed(kestrel.harbor, "2026-02", "2026-03", "2026-04")
    sealed(kestrel.maris, "2026-04")
    seen, url = [], "/statements/"
    while url:
        shown = page(engineer.get(url))
        seen += texts(shown, "#statements tbody .main")
        older = shown.select_one(".pager [rel=next]")
        url = older["href"] if older else ""
    assert len(seen) == len(set(seen)) == 4


def test_the_page_tells_what_the_customer_reads_and_the_seal_beside_it(kestrel, engineer):
    told = planted(kestrel.harbor)
    text = visible(engineer.get(f"/statements/{told.pk}/"))
    for said in (
        "In April 2026 we kept 4 of 5 promises",
        "We propose to give back $61.20, 2 % of the monthly fee.",
        "of 4,316 allowed minutes (431,600 in all)",
        "Northwind sent no stock report",
        "312 orders worth $84,006.00 were put right before their cut-off",
        "without that work 315 of 412 orders would have missed",
        "Stock, ERP against Reno",
        "Lookup: carriers. 4 codes added",
        told.hash,
        told.key,
    ):
        assert said in text


def test_missed_promises_come_first(kestrel, engineer):
    told = planted(kestrel.harbor)
    names = texts(page(engineer.get(f"/statements/{told.pk}/")), ".sealed-promises tbody th")
    assert names[0].startswith("Stock shown in your shops")
    assert names[1].startswith("New orders known to us")


def test_checking_the_seal_says_what_was_checked(kestrel, engineer):
    told = planted(kestrel.harbor)
    text = visible(engineer.get(f"/statements/{told.pk}/check/"))
    assert "The seal of April 2026 is intact" in text
    assert text.count("passed") == 5
    with without_triggers():
        StatementEvidence.objects.filter(statement=told, name="leg-003").delete()
    broken = visible(engineer.get(f"/statements/{told.pk}/check/"))
    assert "The seal of April 2026 is broken" in broken
    assert "Evidence cutoff event leg-003 was removed after it was sealed." in broken


def test_the_sealed_bytes_have_the_printed_hash(kestrel, engineer):
    told = planted(kestrel.harbor)
    answer = engineer.get(f"/statements/{told.pk}/statement.json")
    assert hashlib.sha256(answer.content).hexdigest() == told.hash
    assert answer["Content-Disposition"] == 'attachment; filename="harbor-2026-04.json"'


def test_files_are_what_they_say(kestrel, engineer):
    told = planted(kestrel.harbor)
    pdf = engineer.get(f"/statements/{told.pk}/statement.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert pdf.content == engineer.get(f"/statements/{told.pk}/statement.pdf").content
    assert b"promises,freshness," in engineer.get(f"/statements/{told.pk}/statement.csv").content
    evidence = engineer.get(f"/statements/{told.pk}/evidence.csv").content.decode().splitlines()
    assert evidence[0] == "kind,id,fields,sha256"
    assert len(evidence) == 1 + told.said.evidence.rows
    assert engineer.get(f"/statements/{told.pk}/statement.exe").status_code == 404


def test_a_draft_is_renewed_and_sealed_by_hand(kestrel, engineer):
    with clock.freeze(MAY):
        draft = statement_build.draft(Customer.objects.get(pk=kestrel.harbor), "2026-04")
        assert "A draft: made anew" in visible(engineer.get(f"/statements/{draft.pk}/"))
        month(kestrel.harbor)
        engineer.post(f"/statements/{draft.pk}/renew/")
        assert "2 orders worth" in visible(engineer.get(f"/statements/{draft.pk}/"))
        engineer.post(f"/statements/{draft.pk}/seal/")
        again = engineer.post(f"/statements/{draft.pk}/seal/")
    assert Statement.objects.get().sealed_by == "Engineer"
    assert again.status_code == 409
    assert "April 2026 is sealed already. Correct it by an adjustment." in visible(again)
    assert engineer.post(f"/statements/{draft.pk}/renew/").status_code == 409


def test_a_sealed_statement_is_approved_once(kestrel, engineer):
    told = planted(kestrel.harbor)
    answer = engineer.post(f"/statements/{told.pk}/approve/", follow=True)
    assert "Harbor Outfitters sees April 2026 from now on" in visible(answer)
    again = engineer.post(f"/statements/{told.pk}/approve/")
    assert "Engineer approved it already." in visible(again)


def correct(client, told, path="delivered.orders", value="311"):
    return client.post(
        f"/statements/{told.pk}/correct/",
        {"path": path, "value": value, "reason": "One was a test"},
        follow=True,
    )


def test_a_correction_takes_two_people(kestrel, engineer):
    told = planted(kestrel.harbor)
    assert "waits for somebody else" in visible(correct(engineer, told))
    row = StatementAdjustment.objects.get()
    own = engineer.post(f"/statements/{told.pk}/sign/{row.pk}/")
    assert "somebody else has to approve it" in visible(own)
    admin = sign_in(kestrel, "admin")
    admin.post(f"/statements/{told.pk}/sign/{row.pk}/")
    text = visible(admin.get(f"/statements/{told.pk}/"))
    assert "Corrections since the seal" in text
    assert "delivered, orders: 311 instead of 312" in text


def test_the_figures_that_may_be_corrected_are_offered_in_words(kestrel, engineer):
    told = planted(kestrel.harbor)
    offered = page(engineer.get(f"/statements/{told.pk}/")).select("#figures option")
    said = {one["value"]: one.get_text() for one in offered}
    assert said["delivered.orders"] == "delivered, orders: 312"
    assert not {"number", "currency", "customer.slug"} & set(said)
    assert not [path for path in said if path.endswith(".key")]
    assert correct(engineer, told, path="credits.percent", value="3").status_code == 200


def test_an_unfit_correction_keeps_what_was_entered(kestrel, engineer):
    told = planted(kestrel.harbor)
    answer = correct(engineer, told, path="delivered.order")
    assert answer.status_code == 409
    assert "nothing stands at delivered.order" in visible(answer)
    soup = BeautifulSoup(answer.content, "html.parser")
    assert soup.select_one("input[name=path]")["value"] == "delivered.order"
    assert correct(engineer, told, path="").status_code == 422


def test_a_correction_is_decided_on_its_own_statement_only(kestrel, engineer):
    told, other = planted(kestrel.harbor), planted(kestrel.maris)
    correct(engineer, told)
    row = StatementAdjustment.objects.get()
    admin = sign_in(kestrel, "admin")
    assert admin.post(f"/statements/{other.pk}/sign/{row.pk}/").status_code == 404
    admin.post(f"/statements/{told.pk}/refuse/{row.pk}/")
    row.refresh_from_db()
    assert row.state == "refused"


def test_terms_are_entered_and_kept(kestrel, engineer):
    given = {
        "recipients": "dana@harbor.test\nmo@harbor.test",
        "monthly_fee": "3060.00",
        "cap": "15",
    }
    engineer.post("/statements/terms/harbor/", given)
    row = StatementTerms.objects.get()
    assert row.recipients == ["dana@harbor.test", "mo@harbor.test"]
    assert (str(row.monthly_fee), str(row.cap), row.sends_itself) == ("3060.00", "15.00", False)
    shown = page(engineer.get("/statements/terms/harbor/"))
    assert shown.select_one("textarea").text.split() == row.recipients
    bad = engineer.post("/statements/terms/harbor/", {**given, "recipients": "dana"})
    assert bad.status_code == 422
    assert "dana is no mail address." in visible(bad)
    assert engineer.get("/statements/terms/nobody/").status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_the_stranger_sees_nothing(kestrel, stranger, path):
    told = planted(kestrel.harbor)
    assert stranger.get(f"/statements/{told.pk}/{path}").status_code in (403, 404)


def test_an_operator_looks_and_changes_nothing(kestrel, operator):
    told = planted(kestrel.harbor)
    shown = page(operator.get(f"/statements/{told.pk}/"))
    assert not shown.select("form[action*=approve], form[action*=correct]")
    for verb in ("renew", "seal", "approve", "correct", "sign/1", "refuse/1"):
        assert operator.post(f"/statements/{told.pk}/{verb}/").status_code == 403
    assert operator.get("/statements/terms/harbor/").status_code == 403
    assert operator.get(f"/statements/{told.pk}/check/").status_code == 200


def test_a_customer_does_not_open_the_partners_pages(kestrel, viewer):
    told = planted(kestrel.harbor)
    for url in ("/statements/", f"/statements/{told.pk}/", f"/statements/{told.pk}/statement.json"):
        assert viewer.get(url).status_code in (403, 404)


@pytest.mark.parametrize(
    ("recipients", "backend", "said"),
    [
        (
            [],
            "django.core.mail.backends.locmem.EmailBackend",
            "Nobody gets it by mail: its terms name nobody",
        ),
        (
            ["h@harbor.test"],
            "django.core.mail.backends.dummy.EmailBackend",
            "It is not mailed: no mail server",
        ),
        (
            ["h@harbor.test"],
            "django.core.mail.backends.locmem.EmailBackend",
            "and goes to h@harbor.test",
        ),
    ],
)
def test_who_approves_hears_who_gets_it(admin, kestrel, settings, recipients, backend, said):
    settings.EMAIL_BACKEND = backend
    told = planted(kestrel.harbor)
    StatementTerms.objects.create(customer_id=kestrel.harbor, recipients=recipients)
    assert said in visible(admin.post(f"/statements/{told.pk}/approve/", follow=True))
