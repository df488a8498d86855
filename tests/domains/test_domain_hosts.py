"""Which host leads where, from the first request after each change."""

import pytest
from django.test import Client

from portal.tenants.hosts import claims
from portal.tenants.models import Domain
from tests.domains.conftest import HOST

pytestmark = pytest.mark.db


def get(path, *, host, method="get", **more):
    return getattr(Client(HTTP_HOST=host), method)(path, **more)


def ask(domain, *, address="127.0.0.1", **headers):
    return Client().get(
        "/tls/ask", {"domain": domain}, REMOTE_ADDR=address, HTTP_HOST="127.0.0.1:8000", **headers
    )


@pytest.fixture
def proven(partner, own):
    return Domain.objects.create(tenant=partner, domain=HOST, is_primary=False)


def test_an_unproven_domain_gets_the_page_of_an_unknown_host(own):
    answer = get("/login/", host=HOST)
    assert (answer.status_code, b"There is no site at this address" in answer.content) == (
        404,
        True,
    )
    assert b"Kestrel" not in answer.content


def test_a_proven_one_leads_to_the_primary_host_and_none_after_it_is_removed(own, proven):
    assert get("/orders/", host=HOST).url == "http://kestrel.localhost/orders/"
    claims.remove(own)
    assert get("/orders/", host=HOST).status_code == 404


def test_a_primary_domain_shows_the_partners_site(own, proven):
    Domain.objects.filter(pk=proven.pk).update(is_primary=True)
    answer = get("/login/", host=HOST)
    assert (answer.status_code, b"Kestrel Point" in answer.content) == (200, True)


@pytest.fixture
def moved(partner, own, proven):
    """The primary host is the partner's own domain."""
    proven.is_primary = True
    proven.save()
    return proven


@pytest.mark.parametrize("method", ["get", "head"])
def test_the_old_host_leads_readers_to_the_new_one(moved, method):
    answer = get("/orders/?q=7&page=2", host="kestrel.localhost:8123", method=method)
    assert answer.status_code == 308
    assert answer.url == f"http://{HOST}:8123/orders/?q=7&page=2"
    assert answer["Cache-Control"] == "no-store"


def test_a_redirect_is_never_led_to_another_site(moved):
    answer = get("//evil.test/", host="kestrel.localhost")
    assert answer.url.startswith(f"http://{HOST}/")


def test_what_is_posted_to_the_old_host_is_not_sent_on(moved):
    answer = get("/login/", host="kestrel.localhost", method="post", data={"username": "x"})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "path", ["/domains/", "/login/?next=/domains/", "/brand.css", "/api/usage/", "/rail/"]
)
def test_what_mends_a_house_and_what_programs_call_stays_where_it_is(moved, path):
    assert get(path, host="kestrel.localhost").status_code != 308


def test_a_www_in_front_is_a_name_of_its_own(kestrel):
    assert get("/login/", host="www.kestrel.localhost").status_code == 404


def test_capitals_and_a_dot_at_the_end_make_no_other_host(kestrel):
    assert get("/login/", host="KESTREL.localhost.").status_code == 200


def test_the_primary_host_costs_no_query_more(kestrel, django_assert_num_queries):
    get("/forgot/", host="kestrel.localhost")
    with django_assert_num_queries(2):  # whose host it is, with its partner; the schema
        get("/forgot/", host="kestrel.localhost")


def test_a_certificate_may_be_got_for_sites_and_proven_domains_alone(own, partner):
    assert ask("kestrel.localhost").status_code == 200
    assert ask("KESTREL.localhost.").status_code == 200
    assert [ask(one).status_code for one in (HOST, "nobody.localhost", "localhost", "")] == [
        404
    ] * 4
    Domain.objects.create(tenant=partner, domain=HOST, is_primary=False)
    assert ask(HOST).status_code == 200
    claims.remove(own)
    assert ask(HOST).status_code == 404


def test_only_whom_the_settings_name_may_ask(kestrel, settings):
    assert ask("kestrel.localhost", address="198.51.100.4").status_code == 404
    assert ask("kestrel.localhost", address="").status_code == 404
    settings.TLS_ASK_FROM = ["198.51.100.0/24", "::1/128"]
    assert ask("kestrel.localhost", address="198.51.100.4").status_code == 200
    assert ask("kestrel.localhost", address="127.0.0.1").status_code == 404
    assert ask("kestrel.localhost", address="::1").status_code == 200


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED"])
def test_a_visitor_whom_the_proxy_passes_on_may_not_ask(kestrel, header):
    assert ask("kestrel.localhost", **{header: "127.0.0.1"}).status_code == 404
