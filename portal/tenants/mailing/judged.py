"""What a sender's domain says about mail, judged: SPF, DKIM and DMARC. Pure."""

import base64
import binascii
from collections.abc import Collection, Mapping
from typing import Final, Literal, NamedTuple

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from portal.tenants.mailing import spf
from portal.tenants.mailing.spf import Spf

State = Literal["good", "weak", "missing", "wrong", "unknown"]
_ALL: Final = {
    "": "It does not say what happens to others: end it with ~all or -all.",
    "?": "It ends with ?all, which says nothing. End it with ~all or -all.",
    "+": "It ends with +all, which lets everybody send as you. End it with ~all or -all.",
}
_END: Final = {"quarantine": "the junk folder", "reject": "a refusal"}
_SILENT: Final = "The name servers did not answer. Look again in a minute."


class Judged(NamedTuple):
    """One record: its purpose, its name, what it has to be like, what it is, and what to do."""

    label: str
    name: str
    expected: str
    found: tuple[str, ...]
    state: State
    advice: str


class Sender(NamedTuple):
    """Whose mails: the domain of the sender's address, the server and the addresses it has."""

    domain: str
    host: str
    addresses: tuple[str, ...]


def silent(label: str, name: str, expected: str) -> Judged:
    """What nobody answered about."""
    return Judged(label, name, expected, (), "unknown", _SILENT)


def of_spf(sender: Sender, texts: Collection[str], *, lookup: spf.Lookup) -> Judged:
    """Whether `sender.host` may send for the domain."""
    found = spf.records(texts)

    def judge(state: State, advice: str) -> Judged:
        expected = f"v=spf1 include:… ~all, with {sender.host} in what it includes"
        return Judged("SPF", sender.domain, expected, tuple(found), state, advice)

    if not found:
        return judge(
            "missing",
            f"Add a TXT record {sender.domain} such as “v=spf1 include:… ~all”. Your mail provider says"
            " what to include.",
        )
    if len(found) > 1:
        return judge("wrong", "There may be one only: receivers take two for none. Join them.")
    read = spf.read(sender.domain, found[0], lookup=lookup)
    if read.lookups > spf.MOST_LOOKUPS:
        return judge(
            "wrong", f"It takes {read.lookups} look-ups, and receivers stop after 10. Include less."
        )
    return judge(*_spf_verdict(sender, read))


def _spf_verdict(sender: Sender, read: Spf) -> tuple[State, str]:
    if read.ends not in ("-", "~"):
        return "wrong" if read.ends == "+" else "weak", _ALL[read.ends]
    if read.covers(sender.addresses):
        return "good", f"{sender.host} may send. It aligns: mails leave as {sender.domain}."
    near = _organisation(sender.host)
    if any(_organisation(name) == near for name in read.names):
        return "good", f"It includes {near}. It aligns: mails leave as {sender.domain}."
    return (
        "wrong",
        f"It does not name {sender.host}. Ask your mail provider what to include, and add that before"
        " the end.",
    )


def of_dkim(domain: str, selector: str, texts: Collection[str]) -> Judged:
    """Whether receivers find the key that the server signs with."""
    name = f"{selector}._domainkey.{domain}"
    expected = "v=DKIM1; k=rsa; p= and the key that your mail provider gives"
    if not texts:
        return Judged(
            "DKIM", name, expected, (), "missing",
            "Add the record that your mail provider gives for this selector, or correct the selector.",
        )  # fmt: skip
    found = next((one for one in texts if "p=" in one.replace(" ", "")), "")
    state, advice = _key_verdict(domain, _tags(found))
    return Judged("DKIM", name, expected, tuple(texts), state, advice)


def _key_verdict(domain: str, tags: Mapping[str, str]) -> tuple[State, str]:
    if tags.get("v", "DKIM1") != "DKIM1" or "p" not in tags:
        return "wrong", "This is no DKIM key. Copy the record from your mail provider whole."
    if not tags["p"]:
        return "wrong", "This key was withdrawn: p is empty. Make a new one at your mail provider."
    bits = _bits(tags.get("k", "rsa"), tags["p"])
    if bits == 0:
        return "wrong", "The key is cut off or garbled. Copy the record from your provider whole."
    if bits < 1024:
        return "wrong", f"A key of {bits} bits is too short: receivers ignore it. Use 2,048."
    aligns = f"It aligns where your server signs as {domain}."
    if bits < 2048:
        return "weak", f"A key of {bits} bits is short by now. Use 2,048. {aligns}"
    return "good", aligns


def _bits(kind: str, key: str) -> int:
    """The strength of a key as RSA counts it; 0 for what is none."""
    try:
        raw = base64.b64decode("".join(key.split()), validate=True)
        if kind == "ed25519":
            return 3072 if len(raw) == 32 else 0
        found = load_der_public_key(raw)
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return 0
    return found.key_size if isinstance(found, RSAPublicKey) else 0


def of_dmarc(domain: str, answers: Mapping[str, Collection[str]]) -> Judged:
    """What receivers are asked to do with mails that only pretend. `answers`: the TXT records of
    `dmarc_names`, from the domain up: the first that has a policy counts."""
    expected = "v=DMARC1; p=quarantine; rua=mailto: and an address that reports go to"
    for name, texts in answers.items():
        found = [one for one in texts if one.replace(" ", "").lower().startswith("v=dmarc1")]
        if found:
            state, advice = _policy_verdict(found, above=name != f"_dmarc.{domain}")
            return Judged("DMARC", name, expected, tuple(found), state, advice)
    return Judged(
        "DMARC", f"_dmarc.{domain}", expected, (), "missing",
        "Large receivers ask for one. Add a TXT record “v=DMARC1; p=none” to begin with.",
    )  # fmt: skip


def dmarc_names(domain: str) -> list[str]:
    """Where a policy may stand: at the domain and above it, never at a top-level domain."""
    labels = domain.split(".")
    return [f"_dmarc.{'.'.join(labels[at:])}" for at in range(max(len(labels) - 1, 1))][:8]


def _policy_verdict(found: Collection[str], *, above: bool) -> tuple[State, str]:
    if len(found) > 1:
        return "wrong", "There may be one only: receivers take two for none. Remove one."
    tags = _tags(next(iter(found)))
    policy = (above and tags.get("sp")) or tags.get("p", "")
    if policy not in ("none", "quarantine", "reject"):
        return "wrong", "It has no policy: write p=none, p=quarantine or p=reject."
    if policy == "none":
        return (
            "weak",
            "Mails that only pretend still arrive. Once all is good here, use p=quarantine.",
        )
    strict = "s" in (tags.get("aspf"), tags.get("adkim"))
    exactly = " It asks for exactly your domain, which our mails leave with." if strict else ""
    return "good", f"Mails that only pretend end in {_END[policy]}.{exactly}"


def _tags(record: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip() for name, mark, value in pairs if mark}


def _organisation(host: str) -> str:
    """Whose a host is: its last two labels, three below such as co.uk. Near enough for advice."""
    labels = host.lower().rstrip(".").split(".")
    below_two = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3 if below_two else -2 :])
