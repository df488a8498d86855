"""The pages: of whoever asks, of the customer who decides and reads, and of the platform."""

import csv
import io
from datetime import UTC, datetime

import pytest
from auditlog.models import LogEntry
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client
from django_tenants.utils import schema_context

from portal.accounts.models import Person
from portal.audit.domain import checking
from portal.audit.models import Mark
from portal.pages.views import platform_support, support
from portal.support.domain import deciding
from portal.support.models import Consent, LedgerEntry, Rule, SupportAccess
from portal.tenants.models import Partner
from tests.accounts.conftest import person
from tests.audit.conftest import owner
from tests.monitoring import desk
from tests.pages import scenery
from tests.pages.scenery import page, texts
from tests.support.conftest import WHY, allow, ask, begun, of_the_platform

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch):
    """What is done once an answer has left is done at once."""
    for view in (support, platform_support):
        monkeypatch.setattr(view, "afterwards", lambda answer, work: work())


def words(answer) -> str:
    soup = BeautifulSoup(answer.content, "html.parser")
    return " ".join(soup.get_text(" ").split())


def client_of(house, who) -> Client:
    client = Client(HTTP_HOST=house.site.host)
    client.force_login(who, backend="portal.accounts.backends.EmailBackend")
    return client


def the_case_of(customer_id: int) -> int:
    place = scenery.business(customer_id, prefix=f"of-{customer_id}-")
    return desk.make(place.shop, "An item nobody knows").pk


class TestAsking:
    """The page of whoever asks."""

    def post(self, house, **given):
        said = {"person": house.vera.pk, "reason": WHY, "minutes": 60, **given}
        return house.ana_client.post("/support/?customer=harbor", said)

    def test_asking_writes_to_whoever_decides(self, house):
        answer = self.post(house)
        assert (answer.status_code, answer.url) == (302, "/support/")
        [letter] = mail.outbox
        assert letter.to == ["hanna@kestrel.test"]
        assert letter.subject == "Ana Ruiz asks to see your data"
        assert WHY in letter.body
        assert "/privacy/" in letter.body
        assert "waits for Harbor Outfitters" in words(house.ana_client.get("/support/"))

    def test_what_is_wrong_is_said_beside_its_field(self, house):
        answer = self.post(house, reason="too short")
        assert answer.status_code == 422
        assert "at least 10 letters" in words(answer)
        answer = self.post(house, case=999999)
        assert (answer.status_code, "There is no case 999999" in words(answer)) == (422, True)
        assert self.post(house, minutes=17).status_code == 422
        assert not SupportAccess.objects.exists()

    def test_a_case_of_another_customer_is_none(self, house):
        case = the_case_of(house.site.maris)
        answer = self.post(house, case=case)
        assert answer.status_code == 422
        assert f"There is no case {case} of Harbor Outfitters" in words(answer)
        assert not SupportAccess.objects.exists()
        ours = the_case_of(house.site.harbor)
        assert self.post(house, case=ours).status_code == 302
        assert SupportAccess.objects.get().case == ours

    def test_asking_again_is_refused_in_words_until_it_is_withdrawn(self, house):
        assert self.post(house).status_code == 302
        answer = self.post(house)
        assert answer.status_code == 422
        assert "You asked already on 1 Dec at 09:00" in words(answer)
        assert len(mail.outbox) == 1
        house.ana_client.post(f"/support/{SupportAccess.objects.get().pk}/withdraw/")
        assert self.post(house).status_code == 302

    def test_nobody_of_another_customer_can_be_named(self, house):
        mara = person("viewer", name="Mara", customer_id=house.site.maris)
        assert self.post(house, person=mara.pk).status_code == 422
        assert self.post(house, person=house.ana.pk).status_code == 422

    def test_what_the_customer_allows_is_said_before(self, house):
        assert "is asked each time" in words(house.ana_client.get("/support/?customer=harbor"))
        allow(house, longest=15)
        shown = page(house.ana_client.get("/support/?customer=harbor"))
        assert "allows it without asking, 15 min at most" in shown.get_text()
        assert texts(shown, "select[name=minutes] option") == ["15 min"]
        allow(house, Rule.NEVER)
        assert not page(house.ana_client.get("/support/?customer=harbor")).select("[name=reason]")

    def test_with_a_standing_consent_it_can_begin_at_once(self, house):
        allow(house)
        self.post(house)
        assert mail.outbox == []
        assert page(house.ana_client.get("/support/")).select_one("form[action$='/begin/']")

    def test_it_is_withdrawn_by_whoever_asked(self, house):
        access = ask(house)
        assert house.ana_client.post(f"/support/{access.pk}/withdraw/").status_code == 302
        assert "Ana Ruiz withdrew it" in words(house.ana_client.get("/support/"))

    def test_beginning_what_is_not_granted_says_why(self, house):
        access = ask(house)
        answer = house.ana_client.post(f"/support/{access.pk}/begin/", follow=True)
        assert "The customer has not answered yet" in words(answer)

    def test_whoever_works_for_another_customer_sees_none_of_it(self, house):
        from portal.accounts.models import Limit

        access = ask(house)
        lea = person("operator", name="Lea")
        Person.objects.filter(pk=lea.pk).update(is_limited=True)
        Limit.objects.create(person=lea, customer_id=house.site.maris, made_by="x")
        lea.refresh_from_db()
        client = client_of(house, lea)
        shown = words(client.get("/support/"))
        assert WHY not in shown
        assert "Harbor" not in shown
        assert words(client.get("/support/?customer=harbor")).count("Harbor") == 0
        assert client.post(f"/support/{access.pk}/begin/").status_code == 404

    def test_whoever_works_for_the_customer_does_all_of_it_under_the_limit(self, house):
        from portal.accounts.models import Limit

        Person.objects.filter(pk=house.ana.pk).update(is_limited=True)
        Limit.objects.create(person=house.ana, customer_id=house.site.harbor, made_by="x")
        assert self.post(house).status_code == 302
        access = SupportAccess.objects.get()
        deciding.grant(house.hanna, access.pk)
        assert house.ana_client.post(f"/support/{access.pk}/begin/").url == "/"
        assert "You act as Vera" in words(house.ana_client.get("/orders/"))
        assert house.ana_client.post("/support/end/").url == "/support/"


class TestPrivacy:
    """The customer's page."""

    def test_the_owner_allows_refuses_and_ends(self, house):
        access = ask(house)
        shown = words(house.hanna_client.get("/privacy/"))
        assert "Ana Ruiz asks to see what Vera sees" in shown
        assert WHY in shown
        assert house.hanna_client.post(f"/privacy/{access.pk}/grant/").status_code == 302
        assert "Ana Ruiz may see what Vera sees" in words(house.hanna_client.get("/privacy/"))
        house.ana_client.post(f"/support/{access.pk}/begin/")
        assert "Ana Ruiz sees what Vera sees" in words(house.hanna_client.get("/privacy/"))
        house.hanna_client.post(f"/privacy/{access.pk}/end/")
        assert "still looking" not in words(house.hanna_client.get("/privacy/"))
        other = ask(house)
        house.hanna_client.post(f"/privacy/{other.pk}/refuse/")
        assert "You refused once" in words(house.hanna_client.get("/privacy/"))

    def test_who_only_looks_reads_all_and_decides_nothing(self, house):
        access = begun(house)
        vera = client_of(house, house.vera)
        shown = page(vera.get("/privacy/"))
        assert WHY in shown.get_text()
        assert not shown.select("main form")
        for verb in ("grant", "refuse", "end"):
            assert vera.post(f"/privacy/{access.pk}/{verb}/").status_code == 403
        assert vera.post("/privacy/consent/", {"rule": "never"}).status_code == 403

    def test_the_ledger_says_who_why_from_when_to_when_and_what(self, house):
        begun(house)
        for path in ("/orders/", "/stock/", "/orders/"):
            house.ana_client.get(path)
        house.clock.move(600)
        house.ana_client.post("/support/end/")
        [row] = page(house.hanna_client.get("/privacy/")).select(".privacy-rows tbody tr")
        said = " ".join(row.get_text(" ").split())
        for part in ("Ana Ruiz", "Kestrel Point", "as Vera", WHY, "allowed by Hanna Berg",
                     "09:00", "09:10", "Orders ×2 , Stock", "Ana Ruiz ended it"):  # fmt: skip
            assert part.replace(" ,", ",") in said.replace(" ,", ","), (part, said)

    def test_months_are_apart(self, house):
        begun(house)
        house.clock.move(40 * 86400)
        now = page(house.hanna_client.get("/privacy/"))
        assert "Nobody looked in January 2027" in now.get_text()
        before = now.select_one("a[rel=prev]")["href"]
        assert before == "?month=2026-12"
        then = page(house.hanna_client.get(f"/privacy/{before}"))
        assert WHY in then.select_one(".privacy-rows").get_text()
        assert then.select_one("a[rel=prev]") is None
        assert then.select_one("a[rel=next]")["href"] == "?month=2027-01"

    @pytest.mark.parametrize("month", ["", "x", "2026-13", "0000-01", "9999-12", "1-1"])
    def test_a_month_that_there_is_not_is_harmless(self, house, month):
        assert house.hanna_client.get(f"/privacy/?month={month}").status_code == 200

    def test_another_customer_reads_nothing_of_it(self, house):
        begun(house)
        mara = person("owner", name="Mara", customer_id=house.site.maris)
        client = client_of(house, mara)
        shown = words(client.get("/privacy/"))
        assert "Nobody looked in December 2026" in shown
        assert "Ana Ruiz" not in shown
        assert WHY not in b"".join(client.get("/privacy/who-looked.csv")).decode()

    def test_the_platforms_people_are_named_in_the_partners_words(self, house):
        from portal.support.domain.asking import Asker
        from portal.support.domain.asking import ask as ask_for

        ask_for(Asker("Pat Lee", platform_key="platform:4"), house.vera, reason=WHY, minutes=15)
        shown = words(house.hanna_client.get("/privacy/"))
        assert "Pat Lee asks to see" in shown
        assert "technical support of Kestrel Point" in shown
        assert "rossdock" not in shown

    def test_a_setting_is_saved_with_its_history(self, house):
        given = {"rule": "always", "longest": 60, "until": "2026-12-24"}
        assert house.hanna_client.post("/privacy/consent/", given).status_code == 302
        found = Consent.objects.get()
        assert (found.rule, found.longest, found.changed_by) == ("always", 60, "Hanna Berg")
        assert found.until == datetime(2026, 12, 24, tzinfo=UTC)
        house.hanna_client.post("/privacy/consent/", {"rule": "never", "longest": 15})
        shown = words(house.hanna_client.get("/privacy/"))
        assert "Nobody may look" in shown
        assert "without asking, 1 h at most, until" in shown

    @pytest.mark.parametrize(
        "given",
        [{"rule": "maybe", "longest": 60}, {"rule": "ask", "longest": 61}, {},
         {"rule": "always", "longest": 60, "until": "2020-01-01"},
         {"rule": "always", "longest": 60, "until": "x"}],
    )  # fmt: skip
    def test_a_setting_that_cannot_be_is_refused_in_words(self, house, given):
        answer = house.hanna_client.post("/privacy/consent/", given)
        assert answer.status_code == 422
        assert BeautifulSoup(answer.content, "html.parser").select(".error-summary a")
        assert not Consent.objects.exists()

    def test_the_file_has_every_row_and_runs_no_formula(self, house):
        begun(house, why='=HYPERLINK("http://evil.example")')
        house.ana_client.get("/orders/")
        answer = house.hanna_client.get("/privacy/who-looked.csv")
        assert answer.streaming
        text = b"".join(answer).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [row["what"] for row in rows] == ["asked", "granted", "begun", "looked"]
        assert rows[0]["why"].startswith("'=HYPERLINK")
        assert (rows[3]["page"], rows[3]["path"]) == ("Orders", "/orders/")
        for name in ("access", "who", "from", "as_whom", "why"):
            assert rows[3][name] == rows[2][name] != "", name
        assert (rows[3]["who"], rows[3]["as_whom"]) == ("Ana Ruiz", "Vera")
        assert all(len(row["digest"]) == 64 for row in rows)

    def test_the_customer_checks_that_nothing_was_changed(self, house):
        begun(house)
        assert "All 3 rows are as they were written" in words(
            house.hanna_client.get("/privacy/?check=1")
        )
        with owner() as cursor:
            cursor.execute("DELETE FROM kestrel.support_ledgerentry WHERE kind = 'granted'")
        assert "Row 2 is missing" in words(house.hanna_client.get("/privacy/?check=1"))

    def test_the_page_asks_a_bounded_number_of_questions(
        self, house, django_assert_max_num_queries
    ):
        allow(house)
        for _ in range(30):
            begun(house)
            house.ana_client.get("/orders/")
            house.ana_client.post("/support/end/")
        assert LedgerEntry.objects.count() > 100
        with django_assert_max_num_queries(32):
            house.hanna_client.get("/privacy/")
        with django_assert_max_num_queries(32):
            house.ana_client.get("/support/?customer=harbor")


class TestPlatform:
    """The console's page: it asks in the partner's schema and keeps nothing of it."""

    @pytest.fixture
    def pat(self, house) -> Client:
        made = of_the_platform()
        with schema_context("public"):
            client = Client(HTTP_HOST="platform.localhost")
            client.force_login(made, backend="portal.accounts.backends.EmailBackend")
        return client

    def test_from_the_question_to_the_partners_site(self, house, pat):
        slug = Partner.objects.get(schema_name="kestrel").slug
        url = f"/support/?partner={slug}&customer=harbor"
        assert "Vera" in words(pat.get(url))
        given = {"person": house.vera.pk, "reason": WHY, "minutes": 15}
        answer = pat.post(url, given)
        assert answer.url == f"/support/?partner={slug}"
        assert mail.outbox[-1].subject == "Pat Lee asks to see your data"
        assert "You asked already" in words(pat.post(url, given))
        assert len(mail.outbox) == 1
        with schema_context("kestrel"):
            access = SupportAccess.objects.get()
        assert pat.post(f"/support/{slug}/{access.pk}/open/").status_code == 302
        with schema_context("kestrel"):
            deciding.grant(house.hanna, access.pk)
        shown = page(pat.post(f"/support/{slug}/{access.pk}/open/"))
        link = shown.select_one("a.primary")["href"]
        assert "once, within two minutes, for whoever has it" in shown.get_text()
        assert link.startswith("http://kestrel.localhost")
        guest = Client(HTTP_HOST=house.site.host)
        assert guest.post("/support/enter/" + link.rpartition("/enter/")[2]).url == "/"
        assert "for Pat Lee" in words(guest.get("/orders/"))
        pat.post(f"/support/{slug}/{access.pk}/end/")
        assert guest.get("/orders/").url.startswith("/login/")
        with schema_context("kestrel"):
            entries = LogEntry.objects.filter(content_type__model="supportaccess")
            by_pat = Mark.objects.filter(entry_id__in=entries.values("pk"), by="Pat Lee")
            assert by_pat.count() >= 2  # asked and ended on the console
            assert set(by_pat.values_list("actor_id", flat=True)) == {None}
            assert checking.check().broken == ""

    def test_what_another_asked_for_is_not_theirs_to_open(self, house, pat):
        from portal.support.domain.asking import Asker
        from portal.support.domain.asking import ask as ask_for

        slug = Partner.objects.get(schema_name="kestrel").slug
        with schema_context("kestrel"):
            other = ask_for(
                Asker("Al", platform_key="platform:0"), house.vera, reason=WHY, minutes=15
            )
            theirs = ask(house)
        for access in (other, theirs):
            assert pat.post(f"/support/{slug}/{access.pk}/open/").status_code == 404
            assert pat.post(f"/support/{slug}/{access.pk}/end/").status_code == 404
        assert pat.post("/support/nobody/1/open/").status_code == 404
        assert pat.post("/support/public/1/open/").status_code == 404

    def test_a_partners_person_has_no_way_there(self, house):
        assert house.ana_client.post("/support/kestrel/1/open/").status_code == 404
