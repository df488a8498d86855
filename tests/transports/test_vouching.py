"""What a sender can put into a server's Authentication-Results vouches for nobody."""

import pytest

from integrations.transports import mails
from integrations.transports.vouching import vouches

SERVER = "mx.kestrel.example"


@pytest.mark.parametrize(
    "said",
    [
        # the sender chooses the part before the @
        'spf=pass smtp.mailfrom="b@acme.example"@evil.example',
        'spf=fail smtp.mailfrom="x; dmarc=pass "@evil.example',
        'spf=fail smtp.mailfrom="x\\"; dmarc=pass "@evil.example',
        "spf=pass smtp.mailfrom=header.d=acme.example@evil.example",
        'dkim=pass header.d=evil.example header.i="b@acme.example"@evil.example',
        # and the name it greets with
        "spf=pass smtp.mailfrom=evil.example smtp.helo=header.d=acme.example",
        "spf=pass smtp.helo=acme.example",
        # servers repeat addresses in comments, which nest
        "spf=fail (domain of x(y); dmarc=pass @evil.example) smtp.mailfrom=evil.example",
        'spf=fail (a "quote) here; dmarc=pass',
        'spf=fail (of "x); dmarc=pass y"."("@evil.example) smtp.mailfrom=evil.example',
        "spf=fail (never ends; dmarc=pass",
        'spf=fail smtp.mailfrom="never ends; dmarc=pass',
        "spf=fail ) ; dmarc=pass",
        # one method's word is not another's
        "spf=pass header.d=acme.example",
        "dkim=pass smtp.mailfrom=acme.example",
        "dmarc=pass header.from=evil.example",
        "arc=pass; x-dmarc=pass; dmarc=passed",
        "spf=pass smtp.mailfrom=example",
    ],
)
def test_the_senders_words_are_not_the_servers(said: str) -> None:
    assert not vouches([f"{SERVER}; {said}"], SERVER, "acme.example")


@pytest.mark.parametrize(
    "said",
    [
        "dmarc=pass",
        "spf = pass (why (not)) smtp.mailfrom = a@acme.example",
        'spf=pass reason="it; may" smtp.mailfrom="a@acme.example"',
        "dkim/1=pass header.i=@acme.example header.s=k1",
        "spf=fail smtp.mailfrom=evil.example; dmarc=pass (p=none; dis=none) header.from=acme.example",
    ],
)
def test_the_servers_own_words_count(said: str) -> None:
    assert vouches([f"{SERVER}; {said}"], SERVER, "acme.example")


def test_an_address_in_an_encoded_word_stays_an_address() -> None:
    """`=?utf-8?q?=3B_dmarc=3Dpass_?=` is a fit local part, and would decode to `; dmarc=pass `."""
    raw = (
        f"Authentication-Results: {SERVER}; spf=pass"
        " smtp.mailfrom==?utf-8?q?=3B_dmarc=3Dpass_?=@evil.example\r\n"
        "From: orders@acme.example\r\nMessage-ID: <1@evil.example>\r\n\r\nx"
    )
    mail = mails.read(raw.encode(), largest=1000)
    assert mail.sender == "orders@acme.example"
    assert not mails.is_vouched_for(mail, SERVER)
