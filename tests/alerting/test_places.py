"""Which addresses a channel may have."""

import pytest

from monitoring.alerting.places import HOSTS, host_of, objection

pytestmark = pytest.mark.pure

SLACK = "https://hooks.slack.com/services/T0/B0/abc"
TEAMS = "https://x1.22.environment.api.powerplatform.com:443/powerautomate/a?sig=1"


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        ("slack", SLACK),
        ("slack", "https://hooks.slack-gov.com/services/T0/B0/abc"),
        ("teams", TEAMS),
        ("teams", "https://kestrel.webhook.office.com/webhookb2/a/IncomingWebhook/b/c"),
        ("teams", "https://prod-1.westus.logic.azure.com/workflows/a?sig=b"),
        ("webhook", "https://alerts.kestrel.test/in?x=1"),
    ],
)
def test_the_services_own_addresses_are_good(kind, url):
    assert objection(kind, url) == ""


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.slack.com/services/T0/B0/abc",
        "https://hooks.slack.com.evil.test/services/T0/B0/abc",
        "https://evil.test/hooks.slack.com",
        "https://evil.test#@hooks.slack.com/",
        "https://evil.test\\@hooks.slack.com/",
        "https://hooks.slack.com:8443/services/T0/B0/abc",
        "https://hooks.slack.com@169.254.169.254/services",
        "slack://T0/B0/abc",
        "file:///etc/passwd",
        "//hooks.slack.com/services",
        "https://[hooks.slack.com]/",
        "https://hooks.slack.com:port/",
        "https://xhooks.slack.com/",
        "",
    ],
)
def test_nothing_else_passes_for_slack(url):
    assert objection("slack", url)


@pytest.mark.parametrize(
    "url",
    [
        "https://webhook.office.com.evil.test/a",
        "https://evilwebhook.office.com/a",
        "https://127.0.0.1/.webhook.office.com",
    ],
)
def test_nothing_else_passes_for_teams(url):
    assert objection("teams", url).startswith("The address begins like https://")


@pytest.mark.parametrize(
    "url",
    ["ftp://a.test/", "javascript:alert(1)", "https://", "https://a b.test/", "https://a.test/\r\nX: 1",
     "https://me:pw@a.test/", "https://a.test/" + "x" * 2_000],
)  # fmt: skip
def test_a_webhook_is_an_ordinary_address_without_credentials(url):
    told = objection("webhook", url)
    assert told
    assert url[8:] not in told or len(url) == 8


def test_of_an_address_only_the_host_is_shown():
    assert host_of(SLACK) == "hooks.slack.com"
    assert all(
        host_of(f"https://{one.lstrip('.')}/secret") == one.lstrip(".")
        for known in HOSTS.values()
        for one in known
    )
