import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.tenants.hosts.names import NotAHostNameError, host_name, shown

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("portal.kestrelpoint.test", "portal.kestrelpoint.test"),
        ("  Portal.KestrelPoint.test. ", "portal.kestrelpoint.test"),
        ("münchen.test", "xn--mnchen-3ya.test"),
        ("MÜNCHEN.test", "xn--mnchen-3ya.test"),
        ("straße.test", "xn--strae-oqa.test"),  # IDNA 2008 keeps the ß that 2003 wrote as ss
        ("xn--mnchen-3ya.test", "xn--mnchen-3ya.test"),
        ("a-1.b2.test", "a-1.b2.test"),
    ],
)
def test_a_host_is_kept_as_dns_has_it(text, host):
    assert host_name(text) == host


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("https://portal.a.test", "the host name alone"),
        ("portal.a.test:443", "the host name alone"),
        ("portal.a.test/login", "the host name alone"),
        ("ana@a.test", "the host name alone"),
        ("portal", "the whole name"),
        ("", "the whole name"),
        ("192.0.2.1", "not an address"),
        ("10.1", "not an address"),
        ("a..test", "two dots in a row does not fit"),
        ("-a.test", "-a does not fit"),
        ("a-.test", "a- does not fit"),
        ("a_b.test", "a_b does not fit"),
        ("a b.test", "a b does not fit"),
        ("*.a.test", "* does not fit"),
        (f"{'a' * 64}.test", "does not fit"),
        (".".join(["abcdefghi"] * 25), "at most 240"),  # 25 * 9 + 24 dots = 249
        ("☃.test", "characters that no host name has"),
        ("xn--a.test", "no name in punycode"),
        ("erp.internal", "not on the internet"),
        ("shop.localhost", "not on the internet"),
        ("sites.test", "given out here"),
        ("mine.sites.test", "given out here"),
    ],
)
def test_what_is_no_host_of_their_own_is_refused_with_the_reason(text, why):
    with pytest.raises(NotAHostNameError) as refused:
        host_name(text, kept=["sites.test"])
    assert why in str(refused.value)


def test_a_name_that_only_ends_like_ours_is_theirs():
    assert host_name("mysites.test", kept=["sites.test"]) == "mysites.test"


@given(st.from_regex(r"[a-zäöüßéñ]{1,20}\.[a-z]{2,6}", fullmatch=True))
def test_what_was_kept_is_kept_again_unchanged(text):
    try:
        host = host_name(text)
    except NotAHostNameError:
        return
    assert host.isascii()
    assert host_name(host) == host
    assert host_name(shown(host)) == host
