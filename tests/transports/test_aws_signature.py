"""The signature against the examples Amazon publishes ("Signature calculations: examples")."""

import hashlib
from datetime import UTC, datetime

import pytest

from integrations.transports import aws_signature
from integrations.transports.aws_signature import Key, Request
from portal.core.secrets import Secret

pytestmark = pytest.mark.pure

KEY = Key("AKIAIOSFODNN7EXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"))
AT = datetime(2013, 5, 24, tzinfo=UTC)
NOTHING = hashlib.sha256(b"").hexdigest()


@pytest.mark.parametrize(
    ("method", "path", "query", "headers", "body", "signature"),
    [
        ("GET", "/test.txt", {}, {"Range": "bytes=0-9"}, b"",
         "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
        ("PUT", "/test%24file.text", {},
         {"Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"},
         b"Welcome to Amazon S3.",
         "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
        ("GET", "/", {"lifecycle": ""}, {}, b"",
         "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        ("GET", "/", {"prefix": "J", "max-keys": "2"}, {}, b"",
         "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ],
)  # fmt: skip
def test_the_published_examples_come_out(method, path, query, headers, body, signature) -> None:
    digest = hashlib.sha256(body).hexdigest()
    request = Request(method, "examplebucket.s3.amazonaws.com", path, query, headers, digest)
    signed = aws_signature.headers_of(request, KEY, region="us-east-1", service="s3", at=AT)
    assert signed["Authorization"].endswith(f"Signature={signature}")
    assert "wJalr" not in repr(signed)


def test_a_borrowed_key_sends_its_token_and_signs_it() -> None:
    key = Key("ASIA", Secret("s"), Secret("session token"))
    request = Request("GET", "h", "/", {}, {}, NOTHING)
    signed = aws_signature.headers_of(request, key, region="r", service="s3", at=AT)
    assert signed["x-amz-security-token"] == "session token"
    assert ";x-amz-security-token," in signed["Authorization"]


def test_a_query_is_sent_in_the_order_that_is_signed() -> None:
    query = {"prefix": "a b/ä+", "delimiter": "/"}
    assert aws_signature.query_string(query) == "delimiter=%2F&prefix=a%20b%2F%C3%A4%2B"
