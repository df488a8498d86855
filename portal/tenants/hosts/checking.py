"""Looking whether a claimed host is the partner's, leads here, speaks TLS and shows their site."""

from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_address
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from portal.core import certificates, clock, dns, guard
from portal.core.certificates import NoTlsError
from portal.core.dns_answer import Answer, Question
from portal.core.errors import Permanent
from portal.tenants.hosts import records
from portal.tenants.hosts.claims import ELSEWHERE, NotNowError
from portal.tenants.hosts.records import Edge, Judged
from portal.tenants.models import Domain, DomainClaim

PATH: Final = "/.well-known/site-check"
NOT_SOONER: Final = timedelta(seconds=5)
_TYPES: Final = ("A", "AAAA")
State = DomainClaim.State


def check(own: DomainClaim) -> DomainClaim:
    """Look, and note what was seen. Once proven, it has a `Domain`. Within five seconds of a look it is not
    looked at again. NotNowError for a claim that lapsed."""
    if own.is_lapsed:
        raise NotNowError("Nobody proved it within 7 days. Enter it again to get a new value.")
    if own.checked_at and clock.now() - own.checked_at < NOT_SOONER:
        return own
    asked = [*records.questions(own.domain), *_asked(settings.EDGE_NAME)]
    answers = dns.ask_all(asked)
    edge = _edge(answers)
    proof = records.proof(own.domain, own.token, answers, proven=_proven(own))
    way = records.way(own.domain, edge, answers)
    found = _addresses(own.domain, answers)
    certificate = _certificate(own.domain, found) if _is_found(proof, way) else {}
    return _note(own.pk, proof, way, certificate)


def _asked(host: str) -> list[Question]:
    return [Question(host, kind) for kind in _TYPES]


def _addresses(host: str, answers: Mapping[Question, Answer]) -> list[str]:
    return [value for question in _asked(host) for value in answers[question].values]


def _edge(answers: Mapping[Question, Answer]) -> Edge:
    known = settings.EDGE_ADDRESSES or _addresses(settings.EDGE_NAME, answers)
    return Edge(settings.EDGE_NAME, frozenset(known))


def _proven(own: DomainClaim) -> str:
    return f"{own.proven_at.day} {own.proven_at:%B %Y}" if own.proven_at else ""


def _is_found(proof: Judged, way: Judged) -> bool:
    return proof.state == way.state == "good"


def _certificate(host: str, found: list[str]) -> dict[str, Any]:
    """As it is stored: of whoever answers, or in `error` a sentence why nobody does."""
    try:
        addresses = guard.judged(host, [one for one in found if _is_address(one)])
        seen = certificates.look(host, addresses, port=settings.TLS_PORT, path=PATH)
    except (NoTlsError, Permanent) as error:
        return {"error": str(error).rstrip(".") + "."}
    return {
        "subject": seen.subject,
        "issuer": seen.issuer,
        "until": seen.until.isoformat(),
        "error": f"Browsers refuse this certificate: {seen.error}." if seen.error else "",
        "body": seen.body,
    }


def _is_address(value: str) -> bool:
    try:
        ip_address(value)
    except ValueError:
        return False
    return True


@transaction.atomic
def _note(pk: int, proof: Judged, way: Judged, certificate: dict[str, Any]) -> DomainClaim:
    own = DomainClaim.objects.select_for_update().select_related("partner").get(pk=pk)
    if proof.state == "good" and own.proven_at is None:
        _make_it_theirs(own)
        own.proven_at = clock.now()
    own.records = [{**one._asdict(), "found": list(one.found)} for one in (proof, way)]
    own.state = _state(own, proof, way, certificate)
    own.certificate = {name: value for name, value in certificate.items() if name != "body"}
    own.checked_at = clock.now()
    own.save()
    return own


def _make_it_theirs(own: DomainClaim) -> None:
    """NotNowError where another partner proved the host first."""
    made, _ = Domain.objects.get_or_create(
        domain=own.domain, defaults={"tenant": own.partner, "is_primary": False}
    )
    if made.tenant_id != own.partner_id:
        raise NotNowError(ELSEWHERE)


def _state(
    own: DomainClaim, proof: Judged, way: Judged, certificate: dict[str, Any]
) -> DomainClaim.State:
    if not _is_found(proof, way):
        return State.WAITING
    if certificate["error"]:
        return State.FOUND
    return State.LIVE if certificate["body"] == own.token else State.TLS
