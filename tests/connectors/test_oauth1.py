"""Signatures of OAuth 1.0, against a reference that is written apart from ours."""

import base64
import hashlib
import hmac
import re
from urllib.parse import quote, unquote

import pytest

from integrations.transports.oauth1 import SignedSite, Signer
from portal.core.secrets import Secret
from tests.connectors.described.lists import Lists

SIGNER = Signer(Secret("ck 1"), Secret("c&s"), Secret("t/1"), Secret("t=s"))


def parts_of(header: str) -> dict[str, str]:
    return {name: unquote(text) for name, text in re.findall(r'(\w+)="([^"]*)"', header)}


@pytest.mark.pure
def test_the_base_string_is_the_one_of_the_standard() -> None:
    header = SIGNER.header(
        "get",
        "HTTPS://Example.com:443/r%20v/X?id=123&a=",
        {"c2": "", "a3": "2 q", "b[5]": "=%3D"},
        at=137131201,
        nonce="7d8f3e4a",
    )
    said = parts_of(header)
    signature = said.pop("oauth_signature")
    # RFC 5849, 3.4.1: sorted after encoding, the usual port left out, host in small letters.
    pairs = (
        "a=&a3=2%20q&b%5B5%5D=%3D%253D&c2=&id=123&oauth_consumer_key=ck%201&oauth_nonce=7d8f3e4a"
        "&oauth_signature_method=HMAC-SHA256&oauth_timestamp=137131201&oauth_token=t%2F1"
        "&oauth_version=1.0"
    )
    address = quote("https://example.com/r%20v/X", safe="")
    base = f"GET&{address}&{quote(pairs, safe='')}"
    digest = hmac.new(b"c%26s&t%3Ds", base.encode(), hashlib.sha256).digest()
    assert signature == base64.b64encode(digest).decode()
    assert said["oauth_consumer_key"] == "ck 1"
    assert "c&s" not in header
    assert "t=s" not in unquote(header)


def test_every_call_is_signed_with_a_nonce_of_its_own() -> None:
    server = Lists()
    site = SignedSite(server.url, SIGNER)
    site.send("GET", "/x", params={"a": "1"})
    site.send("GET", "/x", params={"a": "1"})
    server.close()
    nonces = [parts_of(asked.headers["authorization"])["oauth_nonce"] for asked in server.asked]
    assert len(set(nonces)) == 2
    assert "c&s" not in repr(site)
    assert "c&s" not in repr(SIGNER)
