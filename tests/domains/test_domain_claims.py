from datetime import UTC, datetime, timedelta

import pytest
from django_tenants.utils import schema_context

from portal.core import clock
from portal.tenants.hosts import checking, claims
from portal.tenants.hosts.claims import NotClaimableError, NotNowError
from portal.tenants.models import Domain, DomainClaim, Partner
from tests.domains.conftest import HOST

pytestmark = pytest.mark.db
NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


@pytest.fixture
def other(aurora):
    return Partner.objects.get(schema_name="aurora")


def test_a_claim_leads_nowhere_yet(partner):
    own = claims.claim(partner, "Portal.KestrelPoint.test", by="Ana Admin")
    assert (own.domain, own.claimed_by, own.state) == (HOST, "Ana Admin", "waiting")
    assert len(own.token) == 32  # 24 random bytes in base64: 24 * 8 / 6
    assert not Domain.objects.filter(domain=HOST).exists()
    assert not claims.may_have_certificate(HOST)


@pytest.mark.parametrize(
    "text", ["localhost", "mine.localhost", "aurora.localhost", "edge.localhost"]
)
def test_nobody_claims_what_is_given_out_here(partner, text):
    with pytest.raises(NotClaimableError):
        claims.claim(partner, text, by="Ana")


def test_somebody_elses_domain_is_refused_without_saying_whose(partner, other):
    Domain.objects.create(tenant=other, domain=HOST, is_primary=False)
    with pytest.raises(NotClaimableError) as refused:
        claims.claim(partner, HOST.upper(), by="Ana")
    assert str(refused.value) == (
        "This domain is in use elsewhere. If it is yours, write to us and say so."
    )


def test_a_claim_without_proof_blocks_nobody_and_whoever_proves_it_first_has_it(
    partner, other, lead_here, edge
):
    theirs = claims.claim(other, HOST, by="Bo")
    assert theirs.token != lead_here.token
    checking.check(lead_here)
    assert Domain.objects.get(domain=HOST).tenant == partner


def test_who_comes_second_with_a_proof_is_told(partner, other, lead_here, edge):
    Domain.objects.create(tenant=other, domain=HOST, is_primary=False)
    with pytest.raises(NotNowError, match="in use elsewhere"):
        checking.check(lead_here)
    lead_here.refresh_from_db()
    assert (lead_here.proven_at, lead_here.state) == (None, "waiting")
    assert Domain.objects.get(domain=HOST).tenant == other


def test_the_same_domain_twice_is_said(partner):
    claims.claim(partner, HOST, by="Ana")
    with pytest.raises(NotClaimableError, match="in your list already"):
        claims.claim(partner, HOST, by="Ana")
    assert DomainClaim.objects.count() == 1


def test_a_claim_nobody_proved_lapses_after_a_week(partner):
    with clock.freeze(NOON) as now:
        first = claims.claim(partner, HOST, by="Bo")
        now.move(7 * 86400 - 1)
        with pytest.raises(NotClaimableError, match="in your list already"):
            claims.claim(partner, HOST, by="Ana")
        now.move(1)
        assert DomainClaim.objects.get(pk=first.pk).is_lapsed
        own = claims.claim(partner, HOST, by="Ana")
    assert own.token != first.token
    assert DomainClaim.objects.get() == own


def test_a_lapsed_claim_is_not_proven_any_more_but_entered_again(partner, lead_here, edge):
    later = clock.now() + timedelta(days=8)
    with clock.freeze(later):
        with pytest.raises(NotNowError, match="Enter it again"):
            checking.check(lead_here)
        assert not Domain.objects.filter(domain=HOST).exists()
        assert claims.claim(partner, HOST, by="Ana").token != lead_here.token


def test_a_proven_claim_never_lapses(partner, other, lead_here, edge):
    checking.check(lead_here)
    with clock.freeze(clock.now() + timedelta(days=400)):
        with pytest.raises(NotClaimableError):
            claims.claim(other, HOST, by="Bo")
        assert not DomainClaim.objects.get().is_lapsed


def test_a_house_has_at_most_twenty(partner):
    for number in range(20):
        claims.claim(partner, f"d{number}.kestrelpoint.test", by="Ana")
    with pytest.raises(NotClaimableError, match="at most 20"):
        claims.claim(partner, HOST, by="Ana")


def test_only_what_is_live_becomes_primary(partner, lead_here, edge):
    domain = Domain.objects.create(tenant=partner, domain=HOST, is_primary=False)
    with pytest.raises(NotNowError, match="not live yet"):
        claims.make_primary(partner, domain.pk)
    DomainClaim.objects.update(state="live")
    claims.make_primary(partner, domain.pk)
    assert list(Domain.objects.filter(tenant=partner, is_primary=True)) == [domain]


def test_nobody_makes_another_partners_host_primary(partner, other):
    theirs = Domain.objects.get(tenant=other)
    with pytest.raises(Domain.DoesNotExist):
        claims.make_primary(partner, theirs.pk)


def test_without_its_primary_domain_a_house_has_its_sub_domain(partner, own):
    Domain.objects.create(tenant=partner, domain=HOST, is_primary=True)
    claims.remove(own)
    assert [(d.domain, d.is_primary) for d in Domain.objects.filter(tenant=partner)] == [
        ("kestrel.localhost", True)
    ]
    assert not DomainClaim.objects.exists()


def test_mails_and_links_name_the_primary_host(partner):
    from portal.tenants.site import current_site

    Domain.objects.create(tenant=partner, domain=HOST, is_primary=True)
    with schema_context("kestrel"):
        assert current_site().host == HOST
        assert current_site().url == f"http://{HOST}:8000"


def test_who_claimed_and_removed_stands_in_the_audit_trail(admin, partner):
    from auditlog.models import LogEntry

    admin.post("/domains/", {"host": HOST})
    own = DomainClaim.objects.get()
    admin.post(f"/domains/{own.pk}/remove/")
    entries = LogEntry.objects.filter(content_type__model="domainclaim").order_by("pk")
    assert [(entry.get_action_display(), entry.actor.name) for entry in entries] == [
        ("create", "Admin"), ("delete", "Admin"),
    ]  # fmt: skip
    assert "token" not in entries[0].changes
