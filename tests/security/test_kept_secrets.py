"""What somebody entered in confidence goes nowhere else, and a step of signing in goes with nobody's wish but
theirs who may do as much."""

from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django_tenants.utils import schema_context

from integrations.connectors import registry
from integrations.connectors.sql import specification
from integrations.domain import writing
from integrations.models import Kind, OnboardingRun
from integrations.onboarding.template import TemplateError, read_template
from portal.accounts.domain import factors, limits, tokens
from portal.accounts.models import ApiToken, Authenticator, Person, Role
from portal.core import clock
from portal.core.errors import NeedsCredentials
from portal.core.secrets import decrypt
from tests.accounts.conftest import person
from tests.api.asking import Program
from tests.people import sign_in
from tests.security.places import AUTHORITY, DESCRIPTION, HOST_KEY

pytestmark = [pytest.mark.db, pytest.mark.long]

LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)

# An application calls us: nothing is entered for it.
CALLING = [slug for slug in registry.SLUGS if registry.get(slug).settings]


def entered(slug, **changed):
    """What somebody might enter for a connector, all of its secrets included."""
    fit = {"url": "http://127.0.0.1:9", "host": "127.0.0.1", "port": "9", "user": "ada", "host_key": HOST_KEY,
           "drop_folder": "in", "pick_up_folder": "out", "own_id": "A", "partner_id": "B",
           "description": DESCRIPTION, "store_hash": "harb0r", "services": "USPS Priority",
           "from_addresses": "adr_01", "senders": "Harbor; 9 Dock St; Reno; NV; 89502; US"}  # fmt: skip
    if slug == "sql":
        fit["url"] = "postgresql://ada@127.0.0.1:9/erp"
    if slug == "businesscentral":
        fit |= {"tenant": "harbor.test", "company": str(UUID(int=1)), "client_id": "portal"}
    given = {}
    for setting in registry.get(slug).settings:
        usual = setting.default if setting.kind in ("number", "choice") else ""
        if setting.kind == "text" and setting.required and setting.check is None:
            usual = "some1"
        given[setting.name] = fit.get(
            setting.name, "planted" if setting.secret and not setting.check else usual
        )
    return {name: value for name, value in {**given, **changed}.items() if value not in (None, "")}


@pytest.fixture
def run(kestrel):
    def begin(slug):
        engineer = sign_in(kestrel, "engineer")
        engineer.post(
            "/onboarding/new/", {"customer": "harbor", "connector": slug, "label": "Theirs"}
        )
        made = OnboardingRun.objects.get()
        page = f"/onboarding/{made.pk}/credentials/"
        assert engineer.post(page, entered(slug)).status_code == 302
        made.refresh_from_db()
        return engineer, page, made.endpoint

    return begin


@pytest.mark.parametrize("slug", CALLING)
def test_another_address_is_not_sent_what_was_entered_for_this_one(run, slug):
    """Whoever changes the address need not be who knows the password: a customer enters it by a link."""
    engineer, page, endpoint = run(slug)
    before = endpoint.settings
    secrets = [s for s in registry.get(slug).settings if s.secret]
    sent = [s.name for s in secrets if not s.stays and not s.check]
    assert sent, f"{slug} has no secret that is sent"
    blank = dict.fromkeys((s.name for s in secrets), "")
    for setting in (s for s in registry.get(slug).settings if s.place and s.name != "host_key"):
        other = {"url": before.get("url", "").replace("127.0.0.1", "localhost"), "host": "localhost",
                 "port": "10", "protocol": "ftps", "fingerprint": "ab" * 32, "authority": AUTHORITY,
                 "plain_because": "in our own network", "token_url": "https://login.b.test/token",
                 "authorise_url": "https://login.b.test/authorise", "tenant": "b.test", "transport": "AS2 messages",
                 "as2_url": "https://as2.b.test/in"}.get(setting.name, "other1")  # fmt: skip
        answer = engineer.post(page, entered(slug, **{**blank, setting.name: other}))
        assert answer.status_code in (409, 422), setting.name
        endpoint.refresh_from_db()
        assert endpoint.settings == before
        assert "what is kept goes only where it was entered for" in answer.content.decode() or (
            answer.status_code == 422
        )
    whole = entered(slug, **{setting.name: other})
    assert engineer.post(page, whole).status_code == 302
    endpoint.refresh_from_db()
    assert endpoint.settings != before
    assert decrypt(bytes(endpoint.secrets))[sent[0]].reveal() == "planted"


@pytest.mark.parametrize("slug", registry.SLUGS)
def test_what_does_not_say_where_may_change_without_them(run, slug):
    engineer, page, endpoint = run(slug)
    secrets = [s.name for s in registry.get(slug).settings if s.secret]
    assert engineer.post(page, entered(slug, **dict.fromkeys(secrets, ""))).status_code == 302
    endpoint.refresh_from_db()
    assert set(decrypt(bytes(endpoint.secrets))) >= {
        s.name for s in registry.get(slug).settings if s.secret and not s.check
    }


def test_no_change_request_leads_a_live_endpoint_elsewhere():
    """Endpoints are a subject that is read and compared, and that no approval writes."""
    assert Kind.ENDPOINT not in writing._WRITERS


@pytest.fixture
def ana(kestrel):
    made = person("engineer", name="Ana")
    Authenticator.objects.create(person=made, secret=b"x", step=1, added_at=clock.now())
    return made


def test_a_second_step_is_taken_away_by_nobody_who_may_do_less(kestrel, ana):
    operator = Role.objects.get(slug="operator")
    Role.objects.create(
        slug="lead", label="Lead", permissions=[*operator.permissions, "people.manage"]
    )
    lou = person("lead", name="Lou")
    with pytest.raises(PermissionDenied):
        factors.reset(ana, by=lou, reason="Lost phone")
    assert Authenticator.objects.filter(person=ana).exists()
    factors.reset(ana, by=person("admin", name="Ada"), reason="Lost phone")
    assert not Authenticator.objects.filter(person=ana).exists()


def test_a_second_step_is_taken_away_by_nobody_who_works_for_less(kestrel, ana):
    ada, bo = person("admin", name="Ada"), person("admin", name="Bo")
    limits.limit(bo, customers=[kestrel.harbor], groups=[], by=ada)
    bo.refresh_from_db()
    for whom in (ana, person("viewer", name="Vi", customer_id=kestrel.maris)):
        with pytest.raises(PermissionDenied):
            factors.reset(whom, by=bo, reason="Lost phone")
    factors.reset(
        person("viewer", name="Vic", customer_id=kestrel.harbor), by=bo, reason="Lost phone"
    )
    limits.limit(ana, customers=[kestrel.harbor], groups=[], by=ada)
    ana.refresh_from_db()
    factors.reset(ana, by=bo, reason="Lost phone")


@pytest.fixture
def limited(kestrel):
    """Makes tokens, and works for Harbor alone."""
    made = person("admin", name="Bo")
    limits.limit(made, customers=[kestrel.harbor], groups=[], by=person("admin", name="Ada"))
    made.refresh_from_db()
    return made


def make(by, customer):
    return tokens.new_token(by, name="Sync", permissions=["own.orders"], customer_id=customer,
                            expires_at=clock.now() + tokens.SOON)  # fmt: skip


def test_a_token_for_a_customer_is_made_by_nobody_who_does_not_work_for_them(kestrel, limited):
    with pytest.raises(tokens.TokenRefusedError):
        make(limited, kestrel.maris)
    with pytest.raises(tokens.TokenRefusedError):
        make(person("viewer", name="Vi", customer_id=kestrel.harbor), kestrel.maris)
    token, _ = make(limited, kestrel.harbor)
    assert ApiToken.objects.get() == token


def test_a_token_for_a_customer_ends_with_its_makers_work_for_them(kestrel):
    ada, bo = person("admin", name="Ada"), person("admin", name="Bo")
    _, text = make(bo, kestrel.maris)
    asking = Program(kestrel, text)
    assert asking.get("own/orders/").status_code == 200
    with schema_context("kestrel"):
        limits.limit(Person.objects.get(pk=bo.pk), customers=[kestrel.harbor], groups=[], by=ada)
    assert asking.get("own/orders/").status_code == 403


def test_the_page_offers_a_limited_maker_no_customer_of_others(kestrel):
    client = sign_in(kestrel, "admin", email="bo@kestrel.test")
    bo = Person.objects.get(email="bo@kestrel.test")
    limits.limit(bo, customers=[kestrel.harbor], groups=[], by=person("admin", name="Ada"))
    given = {"name": "Sync", "customer": kestrel.maris, "own": ["own.orders"],
             "expires_on": (clock.now() + tokens.SOON).date().isoformat()}  # fmt: skip
    assert client.post("/tokens/new/", given).status_code == 422
    assert client.post("/tokens/new/", {**given, "customer": kestrel.harbor}).status_code == 200
    assert ApiToken.objects.get().customer_id == kestrel.harbor


@pytest.mark.parametrize("text", [LAUGHS, "[" * 5_000, "a: " * 3_000, "x: !!python/object/apply:os.system ['true']"],
                         ids=["laughs", "deep", "deep groups", "object"])  # fmt: skip
def test_yaml_that_would_grow_or_run_is_refused_in_words(text):
    for name in ("queries", "writes", "errors", "snapshots"):
        with pytest.raises(NeedsCredentials):
            specification._entries(text, name)
    with pytest.raises(TemplateError, match="Line "):
        read_template(f"template: 1\nname: {text}" if text == LAUGHS else text)
