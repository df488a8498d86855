"""Somebody says yes at a system, and the tokens that come of it are renewed by one process at a time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import pytest
from django.db import transaction
from django_tenants.utils import schema_context

from integrations.connectors import registry
from integrations.connectors.outbound import Outbound, Outcome
from integrations.domain import authorising, clients
from integrations.domain.authorising import NotAuthorisedError
from integrations.domain.configuration import EndpointConfig, endpoint_config
from integrations.models import Authorisation, Endpoint
from portal.core import clock
from portal.core.errors import NeedsCredentials, Retryable
from portal.customers.models import Customer
from tests import pipeline
from tests.connectors.conformance import SECRET_MARK
from tests.connectors.token_server import TokenServer
from tests.people import Site
from tests.scenarios import committed

pytestmark = [pytest.mark.db, pytest.mark.long]
BACK = "https://kestrel.example/endpoints/erp/authorise/back/"


@pytest.fixture
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    """What is written is committed, as threads with connections of their own have to see it."""
    with django_db_blocker.unblock(), committed.swept_afterwards():
        made = committed.site("kestrel")
        with schema_context("kestrel"):
            yield made
            clients.forget()


@pytest.fixture
def server() -> Iterator[TokenServer]:
    running = TokenServer()
    yield running
    running.close()


def settings(server: TokenServer, **more: Any) -> dict[str, Any]:
    return {
        "url": server.url,
        "token_url": server.token_url,
        "authorise_url": f"{server.url}/authorize?prompt=consent",
        "grant": "authorisation-code",
        "client_id": "portal",
        "scope": "orders offline",
        **more,
    }


@pytest.fixture
def erp(site: Site, server: TokenServer) -> Endpoint:
    return pipeline.endpoint(
        site.harbor,
        "erp",
        settings=settings(server),
        secrets={"client_secret": f"s {SECRET_MARK}"},
    )


def authorise(erp: Endpoint, server: TokenServer, *, by: str = "Dana Reyes") -> None:
    page, begun = authorising.begin(erp, back=BACK)
    authorising.finish(erp, begun, came_back(server.say_yes(page)), by=by)


def came_back(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


def client_of(erp: Endpoint) -> Any:
    """A client as another process has it: with nothing in hand."""
    config: EndpointConfig = endpoint_config(Endpoint.objects.get(pk=erp.pk))
    return config.connector.client(config.connection)


def deliver(client: Any, number: int = 1) -> Outcome:
    item = Outbound(UUID(int=number), "order", f"harbor/{number}", {"number": "1"}, None, False)
    [outcome] = client.deliver([item])
    assert SECRET_MARK not in repr(outcome)
    return outcome


def refused(outcome: Outcome) -> str:
    assert isinstance(outcome.error, NeedsCredentials), outcome
    return outcome.error.message


def past_the_end() -> None:
    Authorisation.objects.update(renew_at=clock.now() - timedelta(seconds=1))


def kinds(server: TokenServer) -> list[str]:
    return [asked.form["grant_type"] for asked in server.granted]


def test_a_person_is_sent_to_the_systems_page_with_all_it_wants(erp, server):
    page, begun = authorising.begin(erp, back=BACK)
    address, _, query = page.partition("?")
    asked = dict(parse_qsl(query))
    assert address == f"{server.url}/authorize"
    assert {k: v for k, v in asked.items() if k not in {"state", "code_challenge"}} == {
        "prompt": "consent",
        "response_type": "code",
        "client_id": "portal",
        "redirect_uri": BACK,
        "scope": "orders offline",
        "code_challenge_method": "S256",
    }
    assert begun["verifier"] not in page
    assert len(asked["state"]) >= 43
    assert authorising.begin(erp, back=BACK)[1]["state"] != begun["state"]


def test_who_said_yes_is_known_and_the_tokens_are_not(erp, server):
    assert authorising.standing(erp) == authorising.Standing(False, "", None, None)
    version = Customer.objects.get(pk=erp.customer_id).config_version
    authorise(erp, server)
    [asked] = server.granted
    assert {name: asked.form[name] for name in ("grant_type", "redirect_uri")} == {
        "grant_type": "authorization_code",
        "redirect_uri": BACK,
    }
    standing = authorising.standing(erp)
    assert (standing.is_given, standing.made_by, standing.renewed_at) == (True, "Dana Reyes", None)
    assert SECRET_MARK not in repr(list(Authorisation.objects.values()))
    assert SECRET_MARK.encode() not in bytes(Authorisation.objects.get().sealed)
    # whoever holds a client open is told that it carries another token
    assert Customer.objects.get(pk=erp.customer_id).config_version > version


def test_without_a_yes_nothing_is_sent(erp, server):
    assert "Nobody authorised us at the system yet" in refused(deliver(client_of(erp)))
    assert (server.called, server.granted) == ([], [])


def test_calls_carry_the_token_of_whoever_said_yes(erp, server):
    authorise(erp, server)
    for _ in range(2):  # two processes
        assert deliver(client_of(erp)).error is None
    assert [asked.headers["authorization"] for asked in server.called] == [
        f"Bearer {server.token(1)}"
    ] * 2
    assert kinds(server) == ["authorization_code"]


def test_a_token_is_renewed_and_the_new_refresh_token_is_kept(erp, server):
    authorise(erp, server)
    for number in (2, 3):
        past_the_end()
        assert deliver(client_of(erp)).error is None
        assert server.called[-1].headers["authorization"] == f"Bearer {server.token(number)}"
    assert kinds(server) == ["authorization_code", "refresh_token", "refresh_token"]
    assert server.thefts == 0
    assert authorising.standing(erp).renewed_at is not None


def test_a_token_that_ended_early_is_renewed_once(erp, server):
    authorise(erp, server)
    client = client_of(erp)
    assert deliver(client).error is None
    server.valid.clear()
    assert deliver(client, 2).error is None
    assert kinds(server) == ["authorization_code", "refresh_token"]
    # another process finds the new one instead of asking
    assert deliver(client_of(erp), 3).error is None
    assert len(server.granted) == 2


def test_a_process_that_begins_with_a_token_that_ended_early_renews_it_at_once(erp, server):
    authorise(erp, server)
    server.valid.clear()
    assert deliver(client_of(erp)).error is None
    assert kinds(server) == ["authorization_code", "refresh_token"]


def test_many_processes_renew_a_token_once(erp, server):
    authorise(erp, server)
    past_the_end()
    server.seconds = 0.1
    open_clients = [client_of(erp) for _ in range(6)]
    together = Barrier(6)

    def work(client: Any) -> Any:
        together.wait(10)
        return deliver(client).error

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(work, open_clients)) == [None] * 6
    assert kinds(server) == ["authorization_code", "refresh_token"]
    assert (server.thefts, server.most_thinking) == (0, 1)


def test_a_caller_that_rolls_back_does_not_lose_the_refresh_token(erp, server):
    authorise(erp, server)
    past_the_end()
    with suppress(ZeroDivisionError), transaction.atomic():
        assert deliver(client_of(erp)).error is None
        raise ZeroDivisionError
    past_the_end()
    assert deliver(client_of(erp)).error is None
    assert server.thefts == 0


def test_a_server_that_keeps_its_refresh_token_keeps_it_here_too(erp, server):
    authorise(erp, server)
    for _ in range(2):
        past_the_end()
        server.more = {"refresh_token": None}
        kept = server.refresh
        assert deliver(client_of(erp)).error is None
        server.refresh = kept
    assert server.thefts == 0


def test_a_refused_refresh_token_asks_a_person(erp, server):
    authorise(erp, server)
    past_the_end()
    server.refuse(400, error="invalid_grant", error_description="The person left.")
    said = refused(deliver(client_of(erp)))
    assert said == "The token server 127.0.0.1 says invalid_grant (The person left.)"
    server.says = None
    authorise(erp, server, by="Sam Lee")
    assert deliver(client_of(erp)).error is None
    assert authorising.standing(erp).made_by == "Sam Lee"


def test_a_server_that_is_down_costs_no_authorisation(erp, server):
    authorise(erp, server)
    past_the_end()
    server.refuse(503)
    outcome = deliver(client_of(erp))
    assert isinstance(outcome.error, Retryable)
    assert not outcome.error.uncertain
    server.says = None
    assert deliver(client_of(erp)).error is None


@pytest.mark.parametrize("lasts", [None, 3600])
def test_a_token_that_nothing_renews_is_used_as_long_as_it_is_good(erp, server, lasts):
    server.refreshes, server.lasts = False, lasts
    authorise(erp, server)
    assert (Authorisation.objects.get().renew_at is None) == (lasts is None)
    assert deliver(client_of(erp)).error is None
    server.valid.clear()
    assert "nothing renews it. Authorise anew" in refused(deliver(client_of(erp)))
    assert kinds(server) == ["authorization_code"]


@pytest.mark.parametrize(
    "change", [{"url": "http://127.0.0.1:9/other"}, {"client_id": "other"}, {"audience": "other"}]
)
def test_tokens_go_only_where_somebody_said_yes_to(erp, server, change):
    authorise(erp, server)
    erp.settings = {**erp.settings, **change}
    erp.save()
    assert "authorised us for another address" in refused(deliver(client_of(erp)))
    assert authorising.standing(erp).is_given is False
    assert server.called == []


def test_a_client_that_is_held_open_gives_way_to_a_new_yes(erp, server):
    authorise(erp, server)
    first = clients.delivering(endpoint_config(Endpoint.objects.get(pk=erp.pk)))
    assert clients.delivering(endpoint_config(Endpoint.objects.get(pk=erp.pk))) is first
    authorise(erp, server)
    assert clients.delivering(endpoint_config(Endpoint.objects.get(pk=erp.pk))) is not first


def test_a_yes_at_one_partner_is_none_at_another(erp, server):
    authorise(erp, server)
    aurora = committed.site("aurora")
    with schema_context("aurora"):
        other = pipeline.endpoint(
            aurora.harbor, "erp", settings=settings(server), secrets={"client_secret": "s"}
        )
        Endpoint.objects.filter(pk=other.pk).update(id=erp.pk)
        assert "Nobody authorised us" in refused(deliver(client_of(erp)))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"state": "other"}, "This browser did not begin that"),
        ({"state": ""}, "This browser did not begin that"),
        ({"state": "ü"}, "This browser did not begin that"),
        ({"code": "other"}, "says invalid_grant"),
        ({"code": ""}, "127.0.0.1 sent no code along"),
        ({"error": "access_denied"}, "says access_denied. Begin again."),
        ({"error": "no\n<b>", "error_description": "x" * 500}, f"says no <b> ({'x' * 200}). Begin"),
    ],
)
def test_whoever_comes_back_otherwise_has_authorised_nothing(erp, server, change, says):
    page, begun = authorising.begin(erp, back=BACK)
    answer = came_back(server.say_yes(page)) | change
    with pytest.raises(NotAuthorisedError) as caught:
        authorising.finish(erp, begun, answer, by="Dana Reyes")
    assert says in str(caught.value)
    assert SECRET_MARK not in str(caught.value)
    assert not Authorisation.objects.exists()


def test_a_code_is_good_for_whoever_began_only(erp, server):
    """Somebody else's code, put into this browser's way back: the verifier is another one."""
    theirs, _ = authorising.begin(erp, back=BACK)
    stolen = came_back(server.say_yes(theirs))["code"]
    page, begun = authorising.begin(erp, back=BACK)
    answer = came_back(server.say_yes(page)) | {"code": stolen}
    with pytest.raises(NotAuthorisedError, match="invalid_grant"):
        authorising.finish(erp, begun, answer, by="Dana Reyes")


def test_what_was_begun_elsewhere_or_long_ago_is_over(erp, server):
    page, begun = authorising.begin(erp, back=BACK)
    answer = came_back(server.say_yes(page))
    for kept, says in (
        (None, "did not begin that"),
        ({**begun, "endpoint": erp.pk + 1}, "did not begin that"),
        ({**begun, "at": begun["at"] - 601}, "longer than ten minutes"),
    ):
        with pytest.raises(NotAuthorisedError, match=says):
            authorising.finish(erp, kept, answer, by="Dana Reyes")
    assert server.granted == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"grant": "client-credentials"}, "not reached in the name of a person"),
        ({"client_id": ""}, "no client ID"),
        ({"authorise_url": ""}, "no http or https address"),
        ({"authorise_url": "javascript:alert(1)"}, "no http or https address"),
        ({"authorise_url": "http://10.0.0.1/authorize"}, "does not allow calling it"),
        ({"authorise_url": "http://[::1"}, "no address that can be called"),
    ],
)
def test_what_is_not_ready_sends_nobody_away(erp, server, change, says):
    erp.settings = {**erp.settings, **change}
    with pytest.raises(NotAuthorisedError, match=says):
        authorising.begin(erp, back=BACK)


def test_a_public_client_needs_no_secret(site, server):
    public = pipeline.endpoint(site.harbor, "erp", settings=settings(server), secrets={})
    authorise(public, server)
    assert server.granted[0].form["client_id"] == "portal"
    assert "client_secret" not in server.granted[0].form
    assert deliver(client_of(public)).error is None


def test_other_endpoints_need_nobodys_yes(site):
    for slug in registry.SLUGS:
        other = pipeline.endpoint(site.harbor, f"of-{slug}", slug, settings={}, secrets={})
        with suppress(KeyError):
            assert authorising.standing(other) is None
