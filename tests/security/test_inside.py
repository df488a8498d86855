"""Nobody has this installation call its own insides: not by any field that takes an address, not by any
spelling of one, not by a name that leads elsewhere later, not by a redirect."""

import re
import socket

import pytest
from django import forms
from django.conf import settings
from django.urls import get_resolver

from integrations.connectors import registry
from integrations.models import Endpoint, OnboardingRun
from integrations.transports import sql
from integrations.transports.ssh import Login, connect
from monitoring.alert_channel_forms import FORMS as CHANNELS
from portal.accounts.models import Provider
from portal.core import guard, http, smtp
from portal.core.errors import CrossdockError, Permanent
from portal.core.secrets import Secret
from portal.webhooks.models import Webhook
from tests.core.conftest import allow, resolve, server, start  # noqa: F401 - fixtures
from tests.core.web_server import answer
from tests.people import sign_in
from tests.security.places import DESCRIPTION, HOST_KEY

INSIDE = [
    "127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "0.0.0.0", "0",
    "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:169.254.169.254]", "[64:ff9b::a00:1]", "[fd00:ec2::254]",
    "[fe80::1]", "169.254.169.254", "2852039166", "0xa9fea9fe", "10.0.0.1", "172.16.0.1", "192.168.1.1",
    "100.100.100.200", "168.63.129.16", "224.0.0.1"
]  # fmt: skip
NAMES = {"inside.example": "10.1.2.3", "meta.example": "169.254.169.254"}
ASKS = re.compile(r"(^|_)(url|uri|host|hostname|server|issuer|endpoint_url|callback|webhook_url)$")
# Every field of a form that takes the address of another system; one that is new has to be added here, and
# to the tests below. (A support page is shown to people and never asked.)
FIELDS = {"WebhookForm.url", "MailServerForm.host", "BrandForm.support_url", "ProviderForm.issuer"}

# An application calls us, and has nothing that says where it is.
CALLING = [slug for slug in registry.SLUGS if registry.get(slug).settings]


@pytest.fixture(autouse=True)
def nothing_allowed(allow, monkeypatch):  # noqa: F811 - fixtures
    """No exception for this machine, and names that lead inside."""
    real = socket.getaddrinfo
    # Numbers are read by the machine itself in every spelling; no name server is asked.
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *args, **more: real(NAMES.get(host, host), *args, **more),
    )
    guard.set_allowed_files(tuple)
    yield
    guard.set_allowed_files(lambda: settings.ALLOWED_FILES)


def refuses(call) -> None:
    with pytest.raises(CrossdockError) as caught:
        call()
    assert caught.value.code in ("address_refused", "unavailable", "bad_address"), caught.value.code
    if caught.value.code == "unavailable":
        assert "no address" in str(caught.value)  # it is no name and no number: nothing was called


@pytest.fixture
def no_socket(monkeypatch):
    """Whatever is opened is a failure, wherever it leads."""

    def never(*args, **kwargs):
        raise AssertionError(f"a connection was opened: {args}")

    monkeypatch.setattr(socket, "create_connection", never)
    monkeypatch.setattr(socket.socket, "connect", never)


@pytest.mark.parametrize("host", [*INSIDE, "inside.example", "meta.example"])
def test_no_client_of_ours_connects_to_the_inside(host, no_socket):
    bare = host.strip("[]")
    refuses(lambda: http.request("GET", f"http://{host}/"))
    refuses(lambda: http.request("GET", f"https://user@{host}:8443/"))
    refuses(lambda: connect(login(bare)))
    refuses(lambda: sql.Database(f"postgresql://erp@{host}/erp").rows("SELECT 1", {}))
    mail = smtp.Server(
        host=bare, port=25, tls="none", user="", password=Secret(""), ehlo="here.example"
    )
    refuses(lambda: smtp.Backend(mail).open())


def login(host):
    return Login(host, 22, "ada", HOST_KEY)


@pytest.mark.parametrize("scheme", ["file:///etc/passwd", "gopher://127.0.0.1:6379/_", "ftp://127.0.0.1/",
                                    "dict://127.0.0.1:11211/", "unix:///var/run/docker.sock",
                                    "http+unix://%2Fvar%2Frun%2Fdocker.sock/"])  # fmt: skip
def test_only_http_is_spoken_to_an_address(scheme, no_socket):
    with pytest.raises(Permanent):
        http.request("GET", scheme)


@pytest.mark.parametrize("url", ["http://127.0.0.1\\@shop.example/", "http://shop.example@127.0.0.1/",
                                 "http://127.0.0.1#@shop.example/", "http://127.0.0.1?@shop.example/",
                                 "http://127。0。0。1/", "http://①②⑦.⓪.⓪.①/", "http://127.0.0.1:80:80/"])  # fmt: skip
def test_two_readers_of_an_address_cannot_be_set_against_each_other(url, no_socket):
    with pytest.raises(CrossdockError):
        http.request("GET", url)


def test_a_name_that_leads_inside_at_the_second_look_gains_nothing(resolve, monkeypatch):  # noqa: F811
    resolve(turning_example=[["93.184.216.34"], ["127.0.0.1"]])
    dialled = []

    def note(address, *args, **kwargs):
        dialled.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", note)
    monkeypatch.setattr("portal.core.guarded_adapter.create_connection", note)
    with pytest.raises(CrossdockError):
        http.request("GET", "http://turning.example/")
    assert dialled == ["93.184.216.34"]
    guard.forget()
    with pytest.raises(Permanent) as caught:
        http.request("GET", "http://turning.example/")
    assert caught.value.code == "address_refused"
    assert dialled == ["93.184.216.34"]


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "10.0.0.1", "0x7f000001", "[::1]", "inside.example"]
)
def test_a_redirect_inside_is_not_followed(server, allow, host):  # noqa: F811 - fixtures
    allow("127.0.0.1")  # the server that redirects; where it leads is not
    server.answers["/"] = answer(302, b"", Location=f"http://{host}/")
    with pytest.raises(CrossdockError) as caught:
        http.request("GET", server.url(), redirects=3)
    assert caught.value.code in ("address_refused", "unavailable")


FILES = ["sqlite:////etc/passwd", "sqlite:///../../secret-key", "sqlite:///C:/erp.db",
         "postgresql:///postgres?host=/tmp", "postgresql://erp@/erp?host=/var/run/postgresql"]  # fmt: skip


@pytest.mark.parametrize("url", FILES)
def test_allowing_loopback_opens_no_file_and_no_socket(url, allow):  # noqa: F811 - fixture
    allow("127.0.0.0/8", "::1")
    database = sql.Database(url)
    with pytest.raises(Permanent, match="does not allow opening it"):
        database.rows("SELECT 1", {})


def test_a_file_opens_where_it_is_allowed_and_leads_to_no_other(tmp_path):
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    guard.set_allowed_files(lambda: [str(inside)])
    database = sql.Database(f"sqlite:///{inside}/erp.db")
    assert database.rows("SELECT 1 AS one", {}) == [{"one": 1}]
    for statement in (
        f"ATTACH DATABASE '{outside}/other.db' AS other",
        f"VACUUM INTO '{outside}/copy.db'",
    ):
        with pytest.raises(Exception, match="(?i)authoriz|not authorized|denied|refuse|cannot"):
            database.rows(statement, {})
    database.close()
    assert list(outside.iterdir()) == []
    (inside / "link.db").symlink_to(outside / "linked.db")
    for place in (f"{inside}/link.db", f"{inside}/../out/x.db", f"{inside}-beside/x.db"):
        with pytest.raises(Permanent):
            sql.Database(f"sqlite:///{place}").rows("SELECT 1", {})
    assert list(outside.iterdir()) == []


def test_a_socket_of_mysql_is_no_address():
    with pytest.raises(CrossdockError, match="not its socket"):
        sql.Database("mysql://erp@/erp?host=/run/mysqld.sock")


def form_fields():
    """`WebhookForm.url` and its like, of every form of the product."""
    _ = get_resolver("portal.urls").url_patterns  # imports every view with its forms
    waiting, found = [forms.BaseForm], set()
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if kind.__module__.startswith(("portal", "integrations", "monitoring", "billing")):
                fields = getattr(kind, "base_fields", {})
                found |= {f"{kind.__name__}.{name}" for name in fields if ASKS.search(name)}
    return found


def test_every_field_that_takes_an_address_is_known():
    """Fields of connectors and channels are made at run time; they are walked below."""
    assert form_fields() <= FIELDS | {"DomainForm.host"}  # a domain is looked up in DNS, and judged


@pytest.mark.db
@pytest.mark.parametrize(
    "host", ["127.0.0.1", "169.254.169.254", "2130706433", "inside.example", "[::1]"]
)
def test_no_field_of_the_pages_takes_one(kestrel, host):
    admin = sign_in(kestrel, "admin")
    said = admin.post("/webhooks/new/", {"name": "In", "url": f"https://{host}/", "which": "every"})
    assert said.status_code == 422 and b"is not on the internet" in said.content
    assert not Webhook.objects.exists()
    said = admin.post("/mail/", {"host": host.strip("[]"), "port": "25", "tls": "none", "user": "",
                                 "from_address": "a@kestrel.test", "from_name": "K", "reply_to": "",
                                 "dkim_selector": ""})  # fmt: skip
    assert said.status_code == 422
    for kind, form in CHANNELS.items():
        made = admin.post(f"/alerts/channels/new/{kind}/", {
            "name": kind, "url": f"https://{host}/x", "secret": "0123456789abcdef", "is_on": "on",
            "addresses": "ops@kestrel.test", "routing_key": "a" * 32, "region": "us",
        })  # fmt: skip
        assert (made.status_code == 422) == ("url" in form.secret_names), kind


@pytest.mark.db
@pytest.mark.parametrize(
    "host", ["127.0.0.1", "169.254.169.254", "0x7f000001", "inside.example", "[::1]"]
)
def test_no_provider_of_sign_ins_is_asked_there(kestrel, no_socket, host):
    admin = sign_in(kestrel, "admin")
    said = admin.post("/sign-in/new/", {
        "name": "In", "issuer": f"https://{host}", "client_id": "us", "scopes": "openid email",
    })  # fmt: skip
    provider = Provider.objects.get()
    assert said.url == f"/sign-in/{provider.pk}/"
    for ask in ("try", "switch"):
        answer = admin.post(f"/sign-in/{provider.pk}/{ask}/", {"on": "yes"})
        assert answer.status_code == 422
        assert b"is not on the internet" in answer.content or b"does not answer" in answer.content
    provider.refresh_from_db()
    assert not provider.is_on


@pytest.mark.db
@pytest.mark.parametrize("slug", CALLING)
@pytest.mark.parametrize(
    "host", ["127.0.0.1", "169.254.169.254", "0x7f000001", "inside.example", "[::1]"]
)
def test_no_connector_calls_one(kestrel, no_socket, slug, host):
    """Each connector says where it goes by settings it marks as places; a new connector is met here."""
    connector = registry.get(slug)
    places = [setting for setting in connector.settings if setting.place]
    assert places, f"{slug} marks no setting that says where its secrets go"
    given = {"url": f"https://{host}", "host": host.strip("[]")}
    if slug == "sql":
        given["url"] = f"postgresql://erp@{host}/erp"
    given |= {"services": "usps ground", "from_addresses": "adr_1"}
    given["senders"] = "Harbor; 1 Pier; Reno; NV; 89501; US; +1 775 555 0100"
    if slug == "businesscentral":
        given |= {"tenant": "harbor.test", "company": "00000000-0000-0000-0000-000000000001"}
    admin = sign_in(kestrel, "admin")
    admin.post("/onboarding/new/", {"customer": "harbor", "connector": slug, "label": "In"})
    run = OnboardingRun.objects.get()
    entered = {s.name: given.get(s.name) or _fit(s) for s in connector.settings}
    page = admin.post(
        f"/onboarding/{run.pk}/credentials/", {k: v for k, v in entered.items() if v}, follow=True
    )
    run.refresh_from_db()
    assert Endpoint.objects.count() == 1, page.content[:3000]
    checks = run.facts["checks"]
    assert checks[0]["passed"] is False, checks
    assert (
        "is not on the internet" in checks[0]["text"] or "does not resolve" in checks[0]["text"]
    ), checks


def _fit(setting):
    if setting.name == "host_key":
        return HOST_KEY
    if setting.name == "description":
        return DESCRIPTION
    if setting.check or setting.kind in ("flag", "number", "choice", "lines"):
        return str(setting.default) if setting.kind in ("number", "choice") else ""
    return "x1" if setting.required or setting.secret else (setting.default or "")
