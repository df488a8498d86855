import pytest
from django.test import Client

from portal.tenants.hosts import checking, claims
from portal.tenants.models import Domain, DomainClaim, Partner
from tests.domains.conftest import CHECK, EDGE, HOST
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db


def test_a_domain_is_added_looked_at_and_made_primary(admin, dns, edge, authority):
    asked = admin.post("/domains/", {"host": "Portal.KestrelPoint.test"})
    own = DomainClaim.objects.get()
    assert (asked.status_code, asked.url) == (302, f"/domains/{own.pk}/")
    soup = page(admin.get(asked.url))
    assert texts(soup, ".domain-records th .id") == [CHECK, HOST]
    assert texts(soup, ".domain-records td[data-label=Expected]") == [own.token, EDGE]
    assert texts(soup, ".domain-records td[data-label=Found]") == ["none", "none"]

    dns.text(CHECK, "half of it")
    dns.put(HOST, "CNAME", f"{EDGE}.")
    assert admin.post(f"{asked.url}check/").url == asked.url
    soup = page(admin.get(asked.url))
    assert texts(soup, ".domain-records td[data-label=Found]") == ["half of it", EDGE]
    assert texts(soup, ".domain-records .status") == ["not as expected", "as expected"]
    assert texts(soup, ".domain-next") == [
        f"The TXT record {CHECK} has another value. Replace it with the expected one, without quotes."
    ]

    dns.text(CHECK, own.token)
    edge.use(authority.certificate(HOST))
    edge.says[HOST, checking.PATH] = own.token
    DomainClaim.objects.update(checked_at=None)
    admin.post(f"{asked.url}check/")
    soup = page(admin.get(asked.url))
    assert texts(soup, ".domain-next") == ["Visitors see your site here."]
    assert texts(soup, ".facts dd")[:2] == [HOST, "Test Authority"]
    assert admin.post("/domains/primary/", _form(soup)).url == "/domains/"
    assert Domain.objects.get(is_primary=True, tenant__schema_name="kestrel").domain == HOST


def _form(soup):
    form = soup.select_one(".flow-end")
    return {field["name"]: field["value"] for field in form.select("input[name]")}


def test_what_cannot_be_claimed_is_said_beside_the_field(admin, aurora):
    theirs = Partner.objects.get(schema_name="aurora")
    Domain.objects.create(tenant=theirs, domain=HOST, is_primary=False)
    for host, why in [
        (HOST, "This domain is in use elsewhere"),
        ("portal", "Enter the whole name"),
        ("x.localhost", "Addresses below localhost are given out here"),
        ("", "This field is required"),
    ]:
        answer = admin.post("/domains/", {"host": host})
        assert answer.status_code == 422
        assert why in answer.content.decode()
        assert b"Aurora" not in answer.content


def test_the_open_page_asks_every_ten_seconds_for_ten_minutes(admin, own):
    soup = page(admin.get(f"/domains/{own.pk}/"))
    assert (soup.select_one("#check")["hx-trigger"], soup.select_one("#check")["hx-vals"]) == (
        "every 10s", '{"looks": 60}',
    )  # fmt: skip
    asked = page(_look(admin, own, looks="60"))
    assert asked.select_one("#check")["hx-vals"] == '{"looks": 59}'
    last = page(_look(admin, own, looks="1"))
    assert "hx-trigger" not in last.select_one("#check").attrs


def _look(client, own, **data):
    return client.post(f"/domains/{own.pk}/check/", data, headers={"hx-request": "true"})


def test_a_live_domain_is_not_asked_for_again(admin, own):
    DomainClaim.objects.update(state="live")
    assert "hx-trigger" not in page(admin.get(f"/domains/{own.pk}/")).select_one("#check").attrs


def test_a_lapsed_claim_says_so_and_offers_no_look(admin, own):
    DomainClaim.objects.update(claimed_at="2026-01-01T00:00Z")
    soup = page(admin.get(f"/domains/{own.pk}/"))
    assert texts(soup, ".domain-next") == [
        "Nobody proved it within 7 days. Enter it again to get a new value."
    ]
    assert not soup.select(f"form[action='/domains/{own.pk}/check/']")
    admin.post(f"/domains/{own.pk}/check/")
    assert not Domain.objects.filter(domain=HOST).exists()


def test_a_name_of_another_script_is_shown_in_both_forms(admin, dns):
    admin.post("/domains/", {"host": "portal.münchen.test"})
    soup = page(admin.get("/domains/"))
    assert texts(soup, "a.domain-host") == ["portal.münchen.test"]
    assert texts(soup, "th .id") == ["portal.xn--mnchen-3ya.test"]


def test_removing_asks_first(admin, own):
    soup = page(admin.get(f"/domains/{own.pk}/remove/"))
    assert texts(soup, "#work h2") == [f"Remove {HOST}?"]
    assert DomainClaim.objects.count() == 1
    assert admin.post(f"/domains/{own.pk}/remove/").url == "/domains/"
    assert not DomainClaim.objects.exists()


def test_no_look_at_and_no_verb_about_another_partners_domain(admin, aurora):
    theirs = claims.claim(Partner.objects.get(schema_name="aurora"), "a.aurora.test", by="Bo")
    for path in (f"/domains/{theirs.pk}/", f"/domains/{theirs.pk}/remove/"):
        assert admin.get(path).status_code == 404
    for path in ("check", "remove"):
        assert admin.post(f"/domains/{theirs.pk}/{path}/").status_code == 404
    host = Domain.objects.get(tenant__schema_name="aurora")
    assert admin.post("/domains/primary/", {"domain": host.pk}).status_code == 404
    assert admin.post("/domains/primary/", {"domain": "x"}).status_code == 404
    assert b"aurora" not in admin.get("/domains/").content
    assert DomainClaim.objects.count() == 1


@pytest.mark.parametrize("person", ["operator", "engineer", "viewer", "stranger"])
def test_it_is_the_admins_business_alone(request, kestrel, own, person):
    client = request.getfixturevalue(person)
    for path in ("/domains/", f"/domains/{own.pk}/"):
        assert client.get(path, headers={"host": kestrel.host}).status_code in (302, 403)
    refused = client.post("/domains/", {"host": "x.a.test"}, headers={"host": kestrel.host})
    assert refused.status_code == (302 if person == "stranger" else 403)
    assert DomainClaim.objects.count() == 1


def test_the_list_costs_as_much_with_one_domain_as_with_three(
    admin, partner, dns, django_assert_max_num_queries
):
    def queries():
        with django_assert_max_num_queries(20) as counted:
            page(admin.get("/domains/"))
        return len(counted)

    claims.claim(partner, HOST, by="Ana")
    admin.get("/domains/")
    one = queries()
    claims.claim(partner, "b.kestrelpoint.test", by="Ana")
    claims.claim(partner, "c.kestrelpoint.test", by="Ana")
    assert queries() == one


def test_a_domain_says_its_own_value_to_a_look_and_nothing_else_does(own, partner):
    Domain.objects.create(tenant=partner, domain=HOST, is_primary=False)
    answer = Client(HTTP_HOST=HOST).get(checking.PATH)
    assert (answer.content.decode(), answer["Content-Type"]) == (own.token, "text/plain")
    assert Client(HTTP_HOST="kestrel.localhost").get(checking.PATH).status_code == 404
    assert Client(HTTP_HOST="aurora.localhost").get(checking.PATH).status_code == 404


def test_hosts_cannot_carry_markup(admin):
    answer = admin.post("/domains/", {"host": "<script>alert(1)</script>.test"})
    assert answer.status_code == 422
    assert b"<script>alert" not in answer.content
