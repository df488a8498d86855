"""Where a request came from, and whom we believe about it."""

import pytest
from django.test import RequestFactory

from portal.core.sender import address_of, network_of

pytestmark = pytest.mark.pure
PROXY = ("HTTP_X_FORWARDED_PROTO", "https")


def asked(address="203.0.113.7", forwarded=""):
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    return RequestFactory().get("/", REMOTE_ADDR=address, **headers)


def test_without_a_proxy_what_anybody_writes_about_themselves_does_not_count(settings):
    settings.SECURE_PROXY_SSL_HEADER = None
    assert address_of(asked(forwarded="198.51.100.1")) == "203.0.113.7"


def test_behind_a_proxy_the_address_it_added_counts_and_not_those_before(settings):
    settings.SECURE_PROXY_SSL_HEADER = PROXY
    assert address_of(asked("10.0.0.2", "1.2.3.4, 5.6.7.8, 198.51.100.1")) == "198.51.100.1"


@pytest.mark.parametrize("forwarded", ["", "unknown", "1.2.3.4, <b>", "1.2.3.4:80"])
def test_behind_a_proxy_that_says_nothing_readable_the_proxy_is_the_sender(settings, forwarded):
    settings.SECURE_PROXY_SSL_HEADER = PROXY
    assert address_of(asked("10.0.0.2", forwarded)) == "10.0.0.2"


def test_a_server_that_knows_no_address_has_a_blank_one(settings):
    settings.SECURE_PROXY_SSL_HEADER = None
    assert address_of(asked("")) == ""
    assert address_of(asked("unix:")) == ""


def test_an_ipv4_address_written_as_ipv6_is_the_same_sender(settings):
    settings.SECURE_PROXY_SSL_HEADER = None
    assert address_of(asked("::ffff:203.0.113.7")) == "203.0.113.7"


def test_all_addresses_of_a_household_are_one_sender():
    assert (
        network_of("2001:db8:1:2:3:4:5:6") == network_of("2001:db8:1:2::1") == "2001:db8:1:2::/64"
    )
    assert network_of("2001:db8:1:3::1") != network_of("2001:db8:1:2::1")
    assert network_of("203.0.113.7") == "203.0.113.7"
    assert network_of("") == ""
