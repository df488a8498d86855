"""Every wrong record of a sender's domain is shown as such, with what to do."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from portal.tenants.mailing import spf
from portal.tenants.mailing.judged import Sender, dmarc_names, of_dkim, of_dmarc, of_spf

pytestmark = pytest.mark.pure
DOMAIN = "kestrelpoint.test"
SENDER = Sender(DOMAIN, "smtp.post.test", ("192.0.2.25",))
ZONE = {
    ("_spf.post.test", "TXT"): ("v=spf1 ip4:192.0.2.0/24 -all",),
    ("far.test", "TXT"): ("v=spf1 ip4:198.51.100.0/24 -all",),
    ("loop.test", "TXT"): ("v=spf1 include:loop.test -all",),
    (DOMAIN, "A"): ("192.0.2.25",),
    (DOMAIN, "MX"): ("10 mx.kestrelpoint.test",),
    ("mx.kestrelpoint.test", "A"): ("192.0.2.25",),
    **{(f"n{n}.test", "TXT"): (f"v=spf1 include:n{n + 1}.test -all",) for n in range(20)},
}


def lookup(name, kind):
    return ZONE.get((name, kind), ())


def judge(*texts):
    found = of_spf(SENDER, texts, lookup=lookup)
    return found.state, found.advice


@pytest.mark.parametrize(
    "record",
    [
        "v=spf1 include:_spf.post.test ~all",
        "v=spf1 ip4:192.0.2.25 -all",
        "V=SPF1 IP4:192.0.2.25 -ALL",
        "v=spf1 a -all",
        "v=spf1 a/24 -all",
        "v=spf1 mx ~all",
        "v=spf1 a:kestrelpoint.test -all",
        "v=spf1 redirect=_spf.post.test",
    ],
)
def test_a_record_that_covers_the_server_is_good(record):
    assert judge("other text", record) == (
        "good", "smtp.post.test may send. It aligns: mails leave as kestrelpoint.test.",
    )  # fmt: skip


def test_a_record_that_includes_the_servers_house_is_good_although_it_sends_from_elsewhere():
    assert judge("v=spf1 include:out.post.test ~all")[0] == "good"


def test_a_house_below_a_country_is_not_taken_for_its_neighbour():
    sender = Sender(DOMAIN, "smtp.post.co.uk", ())
    other = of_spf(sender, ["v=spf1 include:other.co.uk ~all"], lookup=lookup)
    own = of_spf(sender, ["v=spf1 include:out.post.co.uk ~all"], lookup=lookup)
    assert (other.state, own.state) == ("wrong", "good")


@pytest.mark.parametrize(
    ("texts", "state", "advice"),
    [
        ([], "missing", "Add a TXT record kestrelpoint.test such as"),
        (["v=spf10 -all"], "missing", "Add a TXT record"),
        (["v=spf1 -all", "v=spf1 ~all"], "wrong", "There may be one only"),
        (["v=spf1 include:far.test ~all"], "wrong", "It does not name smtp.post.test."),
        (["v=spf1 -ip4:192.0.2.25 ~all"], "wrong", "It does not name smtp.post.test."),
        (["v=spf1 -all"], "wrong", "It does not name smtp.post.test."),
        (["v=spf1 ip4:nonsense -all"], "wrong", "It does not name smtp.post.test."),
        (["v=spf1 include:loop.test -all"], "wrong", "It does not name smtp.post.test."),
        (["v=spf1 include:_spf.post.test ?all"], "weak", "It ends with ?all"),
        (["v=spf1 include:_spf.post.test"], "weak", "It does not say what happens to others"),
        (["v=spf1 include:_spf.post.test +all"], "wrong", "lets everybody send as you"),
        (["v=spf1 all"], "wrong", "lets everybody send as you"),
        (["v=spf1 include:n0.test -all"], "wrong", "It takes 11 look-ups"),
    ],
)
def test_a_record_that_is_not_so_says_what_to_do(texts, state, advice):
    found = judge(*texts)
    assert found[0] == state
    assert advice in found[1]


def test_a_record_costs_what_it_includes():
    read = spf.read(DOMAIN, "v=spf1 a mx include:_spf.post.test -all", lookup=lookup)
    assert (read.lookups, read.ends) == (3, "-")
    assert read.names == ("_spf.post.test",)


def key(bits):
    made = rsa.generate_private_key(public_exponent=65537, key_size=bits).public_key()
    raw = made.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(raw).decode()


LONG, SHORT = key(2048), key(1024)
ED = base64.b64encode(bytes(range(32))).decode()


@pytest.mark.parametrize(
    ("texts", "state", "advice"),
    [
        (
            [f"v=DKIM1; k=rsa; p={LONG}"],
            "good",
            "It aligns where your server signs as kestrelpoint.test.",
        ),
        ([f"p={LONG}"], "good", "It aligns"),
        ([f"v=DKIM1; k=ed25519; p={ED}"], "good", "It aligns"),
        ([f"v=DKIM1; k=rsa; p={SHORT}"], "weak", "1024 bits is short by now"),
        ([], "missing", "Add the record that your mail provider gives"),
        (["v=DKIM1; k=rsa; p="], "wrong", "This key was withdrawn"),
        ([f"v=DKIM1; k=rsa; p={LONG[:-40]}"], "wrong", "The key is cut off or garbled"),
        (["v=DKIM1; k=rsa; p=%%%"], "wrong", "The key is cut off or garbled"),
        ([f"v=DKIM1; k=ed25519; p={ED[:-8]}"], "wrong", "The key is cut off or garbled"),
        (["v=spf1 -all"], "wrong", "This is no DKIM key"),
        (["v=DKIM2; p=AAAA"], "wrong", "This is no DKIM key"),
    ],
)
def test_a_key_is_judged(texts, state, advice):
    found = of_dkim(DOMAIN, "s1", texts)
    assert found.name == "s1._domainkey.kestrelpoint.test"
    assert found.state == state
    assert advice in found.advice


@pytest.mark.parametrize(
    ("texts", "state", "advice"),
    [
        (["v=DMARC1; p=reject"], "good", "Mails that only pretend end in a refusal."),
        (["v=DMARC1;p=quarantine;rua=mailto:d@k.test"], "good", "end in the junk folder."),
        (["v=DMARC1; p=reject; aspf=s"], "good", "It asks for exactly your domain"),
        (["v=DMARC1; p=none"], "weak", "still arrive"),
        (["v=DMARC1"], "wrong", "It has no policy"),
        (["v=DMARC1; p=maybe"], "wrong", "It has no policy"),
        (["v=DMARC1; p=none", "v=DMARC1; p=reject"], "wrong", "There may be one only"),
        ([], "missing", "Large receivers ask for one."),
        (["v=spf1 -all"], "missing", "Large receivers ask for one."),
    ],
)
def test_a_policy_is_judged(texts, state, advice):
    found = of_dmarc(DOMAIN, {f"_dmarc.{DOMAIN}": texts})
    assert found.state == state
    assert advice in found.advice


def test_a_policy_of_the_domain_above_counts_for_those_below():
    above = {"_dmarc.mail.k.test": [], "_dmarc.k.test": ["v=DMARC1; p=none; sp=reject"]}
    found = of_dmarc("mail.k.test", above)
    assert (found.state, found.name) == ("good", "_dmarc.k.test")


def test_a_policy_is_looked_for_from_the_domain_up_and_not_at_the_top():
    assert dmarc_names("mail.k.test") == ["_dmarc.mail.k.test", "_dmarc.k.test"]
    assert dmarc_names("k.test") == ["_dmarc.k.test"]
