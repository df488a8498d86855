"""What a domain's records have to say, what they say, and what to change. Pure."""

from collections.abc import Collection, Mapping
from typing import Final, Literal, NamedTuple

from portal.core.dns_answer import Answer, Question

CHECK: Final = "_site-check"
State = Literal["good", "missing", "wrong", "unknown"]
_SILENT: Final = "The name servers did not answer. This is looked at again by itself."


class Edge(NamedTuple):
    """Where sites are: the name an alias leads to, and the addresses that it has."""

    name: str
    addresses: frozenset[str]


class Judged(NamedTuple):
    """One record: what it is called, of which kind, what it has to be, what it is, and what to do."""

    name: str
    kind: str
    expected: str
    found: tuple[str, ...]
    state: State
    advice: str = ""


def questions(host: str) -> list[Question]:
    """What has to be asked to judge a host."""
    return [
        Question(f"{CHECK}.{host}", "TXT"),
        *(Question(host, kind) for kind in ("CNAME", "A", "AAAA")),
    ]


def proof(host: str, token: str, answers: Mapping[Question, Answer], *, proven: str = "") -> Judged:
    """The record that proves that the domain is the partner's. `proven`: when it was seen, in words; it may
    go after that."""
    name = f"{CHECK}.{host}"
    answer = answers[Question(name, "TXT")]
    judge = _Judge(name, "TXT", token, answer.values)
    if token in answer.values:
        return judge.of("good")
    if proven:
        return judge.of("good", f"Seen on {proven}. It is not needed any more.")
    if answer.silent:
        return judge.of("unknown", _SILENT)
    if not answer.values:
        return judge.of("missing", f"Add a TXT record {name} with the expected value.")
    return judge.of(
        "wrong",
        f"The TXT record {name} has another value. Replace it with the expected one, without quotes.",
    )


def way(host: str, edge: Edge, answers: Mapping[Question, Answer]) -> Judged:
    """Whether the host leads here: by an alias, or at a domain's own name by addresses."""
    alias, four, six = (answers[Question(host, kind)] for kind in ("CNAME", "A", "AAAA"))
    addresses = (*four.values, *six.values)
    judge = _Judge(host, "CNAME", edge.name, alias.values)
    if alias.values == (edge.name,):
        return judge.of("good")
    if alias.values and not edge.addresses.issuperset(addresses or ("",)):
        return _alias(host, edge, judge)
    if not addresses:
        silent = alias.silent or four.silent or six.silent
        return judge.of("unknown", _SILENT) if silent else judge.of("missing", _add(host, edge))
    return _addresses(host, edge, addresses)


class _Judge(NamedTuple):
    name: str
    kind: str
    expected: str
    found: tuple[str, ...]

    def of(self, state: State, advice: str = "") -> Judged:
        return Judged(*self, state, advice)


def _alias(host: str, edge: Edge, judge: _Judge) -> Judged:
    doubled = f"{edge.name}.{host.partition('.')[2]}"
    if judge.found[0] == doubled:
        return judge.of(
            "wrong",
            "Your provider put your domain behind the value. Write it with a dot at the end.",
        )
    return judge.of(
        "wrong", f"{host} leads elsewhere. Change the value of its CNAME to {edge.name}."
    )


def _addresses(host: str, edge: Edge, found: tuple[str, ...]) -> Judged:
    judge = _Judge(host, "A, AAAA", _all(edge), found)
    if not edge.addresses:
        return judge.of("unknown", "What addresses sites have here could not be looked up.")
    strange = [one for one in judge.found if one not in edge.addresses]
    if not strange:
        return judge.of("good")
    if len(strange) < len(judge.found):
        return judge.of(
            "wrong", f"Some visitors end up elsewhere. Remove {_listed(strange)} from the record."
        )
    elsewhere = f"{host} leads to {_listed(strange)}, which is not here."
    if _is_own_name(host):
        return judge.of("wrong", f"{elsewhere} Replace the addresses by {_all(edge)}.")
    judge = judge._replace(kind="CNAME", expected=edge.name)
    return judge.of("wrong", f"{elsewhere} Replace the addresses by a CNAME to {edge.name}.")


def _add(host: str, edge: Edge) -> str:
    text = f"Add a CNAME record {host} with the value {edge.name}."
    if edge.addresses and _is_own_name(host):
        text = (
            f"A domain’s own name takes no CNAME at most providers: add A and AAAA records with"
            f" {_all(edge)}, or an ALIAS to {edge.name} where there is one."
        )
    return text


def _is_own_name(host: str) -> bool:
    """A domain's own name, which takes no alias at most providers."""
    return host.count(".") == 1


def _all(edge: Edge) -> str:
    return _listed(sorted(edge.addresses)) if edge.addresses else edge.name


def _listed(values: Collection[str]) -> str:
    *others, last = values
    return f"{', '.join(others)} and {last}" if others else last
