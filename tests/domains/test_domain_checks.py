"""A look asks a real name server and a real TLS server."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.core import clock, guard
from portal.tenants.hosts import checking
from portal.tenants.models import Domain, DomainClaim
from tests import name_server
from tests.certificate_maker import Authority
from tests.domains.conftest import CHECK, EDGE, HOST

pytestmark = pytest.mark.db


def look(own):
    """Whatever the last look was."""
    DomainClaim.objects.update(checked_at=None)
    own.refresh_from_db()
    return checking.check(own)


def states(own):
    return [one["state"] for one in own.records]


def test_a_domain_without_records_waits(own, dns):
    seen = look(own)
    assert (seen.state, states(seen)) == ("waiting", ["missing", "missing"])
    assert seen.certificate == {}
    assert not Domain.objects.filter(domain=HOST).exists()


def test_its_value_proves_it_although_it_leads_elsewhere(own, dns):
    dns.text(CHECK, "v=spf1 -all", own.token)
    dns.put(HOST, "A", "198.51.100.9")
    seen = look(own)
    assert (seen.state, states(seen)) == ("waiting", ["good", "wrong"])
    assert seen.records[1]["found"] == ["198.51.100.9"]
    assert seen.proven_at is not None
    assert Domain.objects.filter(domain=HOST, tenant=own.partner, is_primary=False).count() == 1


def test_where_it_leads_proves_nothing(own, dns, edge):
    dns.put(HOST, "CNAME", f"{EDGE}.")
    seen = look(own)
    assert (seen.state, states(seen)) == ("waiting", ["missing", "good"])
    assert seen.proven_at is None
    assert not Domain.objects.filter(domain=HOST).exists()


def test_another_partners_value_proves_nothing(own, dns, aurora):
    dns.text(CHECK, "the-value-of-somebody-else")
    seen = look(own)
    assert states(seen)[0] == "wrong"
    assert not Domain.objects.filter(domain=HOST).exists()


def test_addresses_of_the_edge_do_as_well(own, dns, edge, authority):
    dns.text(CHECK, own.token)
    dns.put(HOST, "A", "127.0.0.1")
    edge.use(authority.certificate(HOST))
    assert look(own).state == "tls"


def test_the_edges_addresses_may_stand_in_the_settings(own, dns, settings):
    settings.EDGE_ADDRESSES = ["127.0.0.9"]
    dns.text(CHECK, own.token)
    dns.put(HOST, "A", "127.0.0.1")
    assert "Replace the addresses" in look(own).records[1]["advice"]


def test_with_certificate_and_site_it_is_live(lead_here, edge, authority):
    edge.use(authority.certificate(HOST, days=10))
    edge.says[HOST, checking.PATH] = lead_here.token
    now = datetime.now(UTC)
    seen = look(lead_here)
    assert seen.state == "live"
    assert seen.certificate["subject"] == HOST
    assert seen.certificate["issuer"] == "Test Authority"
    assert seen.certificate["error"] == ""
    until = datetime.fromisoformat(seen.certificate["until"])
    assert abs(until - (now + timedelta(days=10))) < timedelta(minutes=5)


@pytest.mark.parametrize("says", ["", "another partner's value"])
def test_a_good_certificate_before_another_site_is_not_live(lead_here, edge, authority, says):
    edge.use(authority.certificate(HOST))
    edge.says[HOST, checking.PATH] = says
    assert look(lead_here).state == "tls"


def test_a_certificate_that_ran_out_is_shown_with_its_day(lead_here, edge, authority):
    edge.use(authority.certificate(HOST, days=-1))
    seen = look(lead_here)
    assert seen.state == "found"
    assert seen.certificate["error"] == "Browsers refuse this certificate: it has run out."
    assert datetime.fromisoformat(seen.certificate["until"]) < clock.now()


def test_a_certificate_for_another_name_is_said(lead_here, edge, authority):
    edge.use(authority.certificate("else.test"))
    seen = look(lead_here)
    assert seen.certificate["error"] == "Browsers refuse this certificate: it is for another name."
    assert seen.certificate["subject"] == "else.test"


def test_a_certificate_of_somebody_unknown_is_said(lead_here, edge, tmp_path):
    unknown = Authority(tmp_path, name="Nobody Knows")
    edge.use(unknown.certificate(HOST))
    seen = look(lead_here)
    assert (seen.state, seen.certificate["issuer"]) == ("found", "Nobody Knows")
    assert seen.certificate["error"].endswith("ends at somebody browsers do not know.")


def test_a_server_without_a_certificate_yet_is_said(lead_here, edge):
    seen = look(lead_here)  # it was given none, so it ends every handshake
    assert seen.state == "found"
    assert seen.certificate["error"].startswith("The server has no certificate for this name yet.")


def test_nobody_at_the_port_is_said(lead_here, settings):
    settings.TLS_PORT = int(name_server.dead_address().partition(":")[2])
    assert look(lead_here).certificate["error"] == (f"Nobody answered at port {settings.TLS_PORT}.")


def test_no_private_address_is_dialled_unless_staff_allow_it(lead_here, edge, settings, authority):
    edge.use(authority.certificate(HOST))
    settings.ALLOWED_NETWORKS = []
    guard.forget()
    seen = look(lead_here)
    assert seen.state == "found"
    assert "is not on the internet" in seen.certificate["error"]
    assert "127.0.0.1" not in seen.certificate["error"]


def test_a_name_server_that_says_nothing_is_no_missing_record(own, settings, monkeypatch):
    monkeypatch.setattr("portal.core.dns.SECONDS", 0.2)
    settings.DNS_SERVERS = [name_server.dead_address()]
    seen = look(own)
    assert states(seen) == ["unknown", "unknown"]


def test_a_name_server_that_refuses_is_no_missing_record(own, dns):
    dns.refuses = True
    assert states(look(own)) == ["unknown", "unknown"]


def test_a_proven_domain_that_leads_elsewhere_later_waits_again_and_stays_proven(
    lead_here, dns, edge, authority
):
    edge.use(authority.certificate(HOST))
    edge.says[HOST, checking.PATH] = lead_here.token
    assert look(lead_here).state == "live"
    dns.put(HOST, "CNAME", "old.other.test.")
    dns.put(CHECK, "TXT")
    seen = look(lead_here)
    assert (seen.state, states(seen)) == ("waiting", ["good", "wrong"])
    assert Domain.objects.filter(domain=HOST).count() == 1


def test_it_is_not_looked_at_twice_within_five_seconds(own, dns):
    with clock.freeze(datetime(2026, 3, 3, 12, tzinfo=UTC)) as now:
        own = checking.check(own)
        asked = len(dns.asked)
        assert asked == 6  # TXT, CNAME, A and AAAA of the host; A and AAAA of the edge
        now.move(4.9)
        checking.check(own)
        assert len(dns.asked) == asked
        now.move(0.1)
        checking.check(own)
        assert len(dns.asked) == 2 * asked
