"""What people did so often that a rule may do it: proposals, made from the remedies they applied."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import QuerySet

from monitoring import rules
from monitoring.domain import fixing, rule_evidence, rule_record
from monitoring.domain.deeds import NotDoneError
from monitoring.models import ExceptionCase, Fix, RemedyRule
from monitoring.queries import rules as found
from monitoring.rules import Pattern
from portal.core import clock
from portal.customers.models import Customer

OFTEN = 3
ONE_CUSTOMER, ALL_CUSTOMERS = "customer", "all"
_LAST = 2**62
# Like `rules.essence`, and for each what a rule would ask of a case: a place for skips, a value for lookups.
_APPLIED = """
SELECT f.remedy, c.code, c.customer_id,
    CASE WHEN f.remedy = 'skip' THEN regexp_replace(c.path, '\\[\\d+\\]', '[]', 'g') ELSE '' END AS path,
    CASE WHEN f.remedy = 'lookup' THEN lower(trim(f.terms->>'code')) ELSE '' END AS value,
    trim(CASE f.remedy WHEN 'lookup' THEN f.terms->>'table' ELSE '' END) AS place,
    trim(CASE f.remedy WHEN 'lookup' THEN f.terms->>'value' WHEN 'skip' THEN f.terms->>'reason'
        ELSE '' END) AS meant,
    count(*) FILTER (WHERE f.state = 'done' AND NOT EXISTS (
        SELECT 1 FROM monitoring_fixitem i WHERE i.fix_id = f.id AND i.outcome = 'held')) AS times,
    count(*) FILTER (WHERE f.undone_at IS NOT NULL) AS undone,
    max(f.id) AS last
FROM monitoring_fix f JOIN monitoring_exceptioncase c ON c.number = f.case_id
WHERE f.created_at >= %(since)s AND f.applied_at IS NOT NULL AND f.rule_id IS NULL
AND f.remedy = ANY(%(remedies)s)
GROUP BY 1, 2, 3, 4, 5, 6, 7
"""


class Proposal(NamedTuple):
    """A remedy worth a rule: the last time it was applied, how often in all, and for whom."""

    fix: Fix
    times: int
    customers: list[str]


class _Applied(NamedTuple):
    """How often one remedy was applied for one customer."""

    key: tuple[str, ...]
    customer_id: int
    times: int
    undone: int
    last: int


def proposals() -> list[Proposal]:
    """Remedies that helped three times in 90 days, were never undone, and have no rule; the most
    frequent first."""
    groups: dict[tuple[str, ...], list[_Applied]] = defaultdict(list)
    for one in _applied():
        groups[one.key].append(one)
    known = list(RemedyRule.objects.filter(remedy__in=rules.RULEABLE))
    fixes = _fixes(groups)
    worth = []
    for group in groups.values():
        free = [one for one in group if not _has_rule(fixes[one.last], known)]
        if sum(one.times for one in free) >= OFTEN and not any(one.undone for one in free):
            worth.append(_proposal(free, fixes))
    return sorted(worth, key=lambda one: (-one.times, -one.fix.pk))


def _applied() -> list[_Applied]:
    with connection.cursor() as cursor:
        cursor.execute(
            _APPLIED,
            {"since": clock.now() - rule_evidence.LOOKS_BACK, "remedies": list(rules.RULEABLE)},
        )
        rows = cursor.fetchall()
    return [
        _Applied((row[0], row[1], *row[3:7]), customer_id=row[2], times=row[7], undone=row[8], last=row[9])
        for row in rows
    ]  # fmt: skip


def _fixes(groups: dict[tuple[str, ...], list[_Applied]]) -> dict[int, Fix]:
    last = [one.last for group in groups.values() for one in group]
    return Fix.objects.select_related("case__customer").in_bulk(last)


def _proposal(free: Sequence[_Applied], fixes: dict[int, Fix]) -> Proposal:
    names = sorted({fixes[one.last].case.customer.name for one in free})
    return Proposal(
        fixes[max(one.last for one in free)], sum(one.times for one in free), customers=names
    )


def _has_rule(fix: Fix, known: Sequence[RemedyRule]) -> bool:
    """Whether a rule, in whatever state, does the same about the case of this remedy."""
    return any(
        rules.alike(rule.remedy, rule.terms, fix.remedy, fix.terms)
        and rules.fits(rule.pattern, found.facts(fix.case))
        for rule in known
    )


@transaction.atomic
def propose(fix_id: int, person: Any, *, scope: str) -> RemedyRule:
    """Make a rule of a remedy that helped, for the customer it helped or for all. It does nothing
    before somebody approves it. NotDoneError where no rule can be made of it, or one does it."""
    fix = (
        Fix.objects.select_for_update(of=("self",)).select_related("case__customer").get(pk=fix_id)
    )
    if fix.remedy not in rules.RULEABLE or fix.state != Fix.State.DONE:
        raise NotDoneError(f"No rule can be made of {fix.words}.")
    customer = None if scope == ALL_CUSTOMERS else fix.case.customer
    pattern = _pattern(fix, customer)
    if _same_rule(fix, pattern):
        raise NotDoneError(f"There is a rule for {fix.words} already.")
    rule = RemedyRule.objects.create(
        customer=customer, code=pattern.code, path=pattern.path, value=pattern.value,
        remedy=fix.remedy, terms=rules.for_value(fix.remedy, fix.terms, pattern.value),
        words=fix.words, proposer=person, proposed_by=person.name[:80], proposed_at=clock.now(),
        judged_from=clock.now(),
    )  # fmt: skip
    whose = customer.name if customer else "all customers"
    rule_record.note(rule, f"Proposed for {whose}", actor=person.name, cases=[fix.case_id])
    return rule_evidence.gather(rule.pk)


def _pattern(fix: Fix, customer: Customer | None) -> Pattern:
    """A lookup is for its code wherever it stands, a skip for its place whatever stands there."""
    case = fix.case
    return Pattern(
        customer.pk if customer else None,
        case.code,
        rules.without_numbers(case.path) if fix.remedy == "skip" else "",
        str(fix.terms["code"]).strip() if fix.remedy == "lookup" else "",
    )


def _same_rule(fix: Fix, pattern: Pattern) -> bool:
    known = RemedyRule.objects.filter(code=pattern.code, remedy=fix.remedy)
    covered = [rule for rule in known if rule.customer_id in (None, pattern.customer_id)]
    return _has_rule(fix, covered)


def offers(fix: Fix) -> QuerySet[ExceptionCase]:
    """Open cases of the same kind and value at the partner's other customers, that the same remedy may
    help. Each is tried on its own when somebody asks, see `try_elsewhere`."""
    case = fix.case
    if fix.remedy not in rules.RULEABLE:
        return ExceptionCase.objects.none()
    return (
        ExceptionCase.objects.filter(
            code=case.code, value__iexact=case.value, state__in=ExceptionCase.OPEN_STATES
        )
        .exclude(customer_id=case.customer_id)
        .select_related("customer", "endpoint")
        .order_by("severity", "opened_at")
    )


def try_elsewhere(fix: Fix, number: int, person: Any) -> Fix:
    """Try the remedy on another customer's case. Nothing is sent before the person lets it go there.
    NotDoneError for a case it is not offered to; the errors of `fixing.begin`."""
    case = offers(fix).filter(pk=number).first()
    if case is None:
        raise NotDoneError(f"C-{number} has nothing any more that {fix.words} would help.")
    terms = rules.for_value(fix.remedy, fix.terms, case.value)
    ids = fixing.frozen(case, up_to=_LAST)
    return fixing.begin(case, fix.remedy, terms, words=fix.words, ids=ids, person=person)
