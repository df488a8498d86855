import pytest

from portal.pages.brand_scan import hosts

pytestmark = pytest.mark.pure


def names(found) -> list[str]:
    return [one.host for one in found]


@pytest.mark.parametrize(
    ("html", "host"),
    [
        ("<a href='https://Help.Vendor.Example:8443/x'>", "help.vendor.example"),
        ("<img src=//cdn.vendor.example/logo.png>", "cdn.vendor.example"),
        ('<form action="https://u:p@vendor.example/">', "vendor.example"),
        ('<img srcset="https://a.example/1.png 1x, https://b.example/2.png 2x">', "a.example"),
        ('<meta property="og:image" content="https://vendor.example/i.png">', "vendor.example"),
        ('<div style="background: url(https://vendor.example/i.png)">', "vendor.example"),
        ("<style>@import '//vendor.example/a.css';</style>", "vendor.example"),
        ('<script>fetch("https://vendor.example/ping")</script>', "vendor.example"),
        ('<div hx-get="https://vendor.example/">', "vendor.example"),
    ],
)
def test_what_a_page_loads_or_leads_to_is_found(html, host):
    assert host in names(hosts.led_to(html))


def test_an_address_that_is_only_told_leads_nowhere():
    assert hosts.led_to("<p>https://a.example</p><a href='/orders/'>x</a>") == []


def test_every_address_of_a_plain_text_is_found():
    text = "See https://a.example/x, wss://b.example:1 and <http://c.example>."
    assert names(hosts.named(text)) == ["a.example", "b.example", "c.example"]


@pytest.mark.parametrize("host", ["www.w3.org", "shop.example", "example.com", "a.example.org"])
def test_names_of_standards_and_of_nobody_are_no_leak(host):
    assert hosts.is_nobodys(host)


@pytest.mark.parametrize("host", ["vendor.com", "example.com.vendor.net", "notexample.com"])
def test_other_names_are_somebodys(host):
    assert not hosts.is_nobodys(host)


OWN = ("kestrel.platform.net",)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("noreply@platform.net", ["platform.net"]),
        ("CNAME edge.platform.net.", ["edge.platform.net"]),
        ("https://Kestrel.platform.net/orders/", []),
        ("kestrel.platform.net and aurora.platform.net", ["aurora.platform.net"]),
        ("myplatform.net, platform.network, platform.net.other", []),
    ],
)
def test_the_platforms_own_names_are_found_wherever_they_stand(text, found):
    assert names(hosts.mentions(text, ["platform.net"], own=OWN)) == found


def test_a_name_without_a_dot_is_an_everyday_word_but_not_what_is_below_it():
    found = hosts.mentions("localhost aurora.localhost", ["localhost"], own=["kestrel.localhost"])
    assert names(found) == ["aurora.localhost"]
