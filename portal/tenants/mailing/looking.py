"""Looking at what a sender's domain says about mail."""

from typing import Final

from django.db import transaction

from portal.core import clock, dns
from portal.core.dns_answer import Answer, Question
from portal.tenants.mailing import judged
from portal.tenants.mailing.judged import Judged, Sender
from portal.tenants.models import MailServer

_SECONDS: Final = 8.0  # for all that an SPF record includes: somebody waits for the page


def look(own: MailServer) -> MailServer:
    """Ask, judge, and keep what came of it with the server."""
    domain = own.from_domain
    names = judged.dmarc_names(domain)
    asked = [Question(domain, "TXT"), Question(own.host, "A"), Question(own.host, "AAAA")]
    asked += [Question(name, "TXT") for name in names]
    key = Question(f"{own.dkim_selector}._domainkey.{domain}", "TXT")
    answers = dns.ask_all([*asked, *([key] if own.dkim_selector else [])])
    addresses = [value for one in asked[1:3] for value in answers[one].values if _is_number(value)]
    found = [
        _spf(Sender(domain, own.host, tuple(addresses)), answers[asked[0]]),
        *([_dkim(own, answers[key])] if own.dkim_selector else []),
        _dmarc(domain, {name: answers[Question(name, "TXT")] for name in names}),
    ]
    return _keep(own.pk, found)


def _is_number(value: str) -> bool:
    return ":" in value or value.replace(".", "").isdigit()


def _spf(sender: Sender, answer: Answer) -> Judged:
    if answer.silent:
        return judged.silent("SPF", sender.domain, "a record that names your server")
    until = clock.monotonic() + _SECONDS

    def lookup(name: str, kind: str) -> tuple[str, ...]:
        return dns.ask(name, kind).values if clock.monotonic() < until else ()

    return judged.of_spf(sender, answer.values, lookup=lookup)


def _dkim(own: MailServer, answer: Answer) -> Judged:
    if answer.silent:
        name = f"{own.dkim_selector}._domainkey.{own.from_domain}"
        return judged.silent("DKIM", name, "the key that your server signs with")
    return judged.of_dkim(own.from_domain, own.dkim_selector, answer.values)


def _dmarc(domain: str, answers: dict[str, Answer]) -> Judged:
    if any(answer.silent for answer in answers.values()):
        return judged.silent("DMARC", f"_dmarc.{domain}", "a policy")
    return judged.of_dmarc(domain, {name: answer.values for name, answer in answers.items()})


@transaction.atomic
def _keep(pk: int, found: list[Judged]) -> MailServer:
    own = MailServer.objects.select_for_update().get(pk=pk)
    own.dns_records = [{**one._asdict(), "found": list(one.found)} for one in found]
    own.dns_at = clock.now()
    own.save(update_fields=["dns_records", "dns_at"])
    return own
