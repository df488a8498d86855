from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrations.management.partner import inside_partner
from monitoring.domain import statement_adjust, statement_again, statement_check, statement_seal
from monitoring.domain.statement_period import NoSuchMonthError, month_of
from monitoring.domain.statement_seal import NotSealableError
from monitoring.models import Statement
from monitoring.seal import UnfitAdjustmentError
from monitoring.statements.reading import UnreadableStatementError
from portal.accounts.models import Person
from portal.customers.models import Customer


class Command(BaseCommand):
    help = (
        "Seal a customer's month, check its seal, make it again from today's records, or correct it."
        " `verify` and `recompute` end with 1 when something differs and name it. See docs/statements.md."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        for verb, about in (
            ("seal", "Seal a month that is over, with its evidence."),
            ("verify", "Check content, signature, chain, evidence and corrections."),
            ("recompute", "Make the statement again and compare the bytes."),
            ("adjust", "Write a correction; somebody else approves it with --approve."),
        ):
            _add_month(verbs.add_parser(verb, help=about))
        recompute, adjust = verbs.choices["recompute"], verbs.choices["adjust"]
        recompute.add_argument("--out", type=Path, help="Write the bytes to this file.")
        adjust.add_argument("--by", required=True, help="The mail address of who does it.")
        adjust.add_argument("--approve", type=int, metavar="ID", help="Approve this correction.")
        adjust.add_argument("--reason", default="", help="Why; the customer reads it.")
        adjust.add_argument(
            "--set", nargs=2, action="append", default=[], metavar=("PATH", "VALUE"),
            help="What shall stand where, such as promises[cutoff].actual 99.1",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        with inside_partner(options["partner"]):
            try:
                getattr(self, f"_{options['verb']}")(options)
            except (
                NoSuchMonthError,
                NotSealableError,
                UnfitAdjustmentError,
                UnreadableStatementError,
            ) as error:
                raise CommandError(str(error)) from error

    def _seal(self, options: dict[str, Any]) -> None:
        customer = _customer(options["customer"])
        made = statement_seal.seal(customer.pk, options["period"])
        self.stdout.write(f"{made.name} of {customer.name} is sealed as number {made.number}.")
        self.stdout.write(f"SHA-256 {made.hash}")

    def _verify(self, options: dict[str, Any]) -> None:
        checks = statement_check.verify(_sealed(options))
        for check in checks:
            self.stdout.write(
                f"{'passed' if check.passed else 'FAILED'}  {check.name}: {check.what}"
            )
            for flaw in check.flaws:
                self.stdout.write(f"        {flaw}")
        if flaws := sum(len(check.flaws) for check in checks):
            raise CommandError(f"The seal is broken. Flaws: {flaws}.")

    def _recompute(self, options: dict[str, Any]) -> None:
        statement = _sealed(options)
        made = statement_again.recompute(statement)
        if options["out"]:
            options["out"].write_bytes(made.content)
        if made.same:
            self.stdout.write(f"The same {len(made.content):,} bytes, SHA-256 {statement.hash}")
            return
        for sentence in (*made.records, *made.figures):
            self.stdout.write(sentence)
        raise CommandError("It comes out differently today. What was sealed stays as it is.")

    def _adjust(self, options: dict[str, Any]) -> None:
        statement, person = _sealed(options), _person(options["by"])
        if options["approve"]:
            if not statement.adjustments.filter(pk=options["approve"]).exists():
                raise CommandError(f"{statement.name} has no correction {options['approve']}.")
            done = statement_adjust.approve(options["approve"], person=person)
            self.stdout.write(f"Signed as adjustment {done.number} of {statement.name}.")
            return
        changes = [(path, value) for path, value in options["set"]]
        asked = statement_adjust.ask(statement, changes, reason=options["reason"], person=person)
        self.stdout.write(
            f"Correction {asked.pk} waits for somebody else: adjust … --approve {asked.pk}"
        )


def _add_month(parser: CommandParser) -> None:
    parser.add_argument("--partner", required=True, help="The partner's slug.")
    parser.add_argument("--customer", required=True, help="The customer's slug.")
    parser.add_argument("--period", required=True, help="The month, as YYYY-MM.")


def _customer(slug: str) -> Customer:
    found = Customer.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Customer.objects.order_by("slug").values_list("slug", flat=True))
        raise CommandError(f"There is no customer {slug!r}. There are: {known or 'none'}.")
    return found


def _sealed(options: dict[str, Any]) -> Statement:
    customer = _customer(options["customer"])
    period = month_of(options["period"], customer.time_zone)
    found = Statement.objects.filter(customer=customer, period=period.key).first()
    if found is None or not found.is_sealed:
        raise CommandError(f"{options['period']} of {customer.name} is not sealed. Seal it first.")
    return found


def _person(email: str) -> Person:
    found = Person.objects.filter(email=email).first()
    if found is None or not found.may("statements.approve"):
        raise CommandError(f"{email} is nobody who may correct statements.")
    return found
