"""Two cases that are one cause become one; what is another cause becomes a case of its own."""

from collections.abc import Sequence
from uuid import UUID, uuid4, uuid5

from django.db import transaction

from integrations.models import Problem
from monitoring.domain import closing, counting, fixing, opening, states
from monitoring.domain.states import NotNowError
from monitoring.models import CaseCause, CaseEvent, ExceptionCase
from portal.core import clock

_SPLIT = UUID("6c1c2a1e-55a3-5f0e-8a6b-0a8f4f7b1c77")


@transaction.atomic
def merge(number: int, into: int, *, actor: str) -> ExceptionCase:
    """Let case `into` answer for the causes of case `number`, which closes and points to it.

    NotNowError for cases of two customers, closed ones, or where a remedy is under way.
    """
    first, second = sorted((number, into))
    both = {pk: states.locked(pk) for pk in (first, second)} if first != second else {}
    if not both:
        raise NotNowError("A case cannot be merged with itself.")
    case, target = both[number], both[into]
    if case.customer_id != target.customer_id:
        raise NotNowError("Cases of two customers stay apart.")
    for one in (case, target):
        if one.is_of_endpoint:
            raise NotNowError(
                "An endpoint's case stays its own: it closes when the endpoint answers."
            )
        if one.is_finding:
            raise NotNowError(
                "What was found missing stays its own case: it closes when it is there."
            )
    _nothing_under_way(number, into)
    CaseCause.objects.filter(case=case, is_open=True).update(case=target)
    target.tags = states.clean_tags([*target.tags, *case.tags])
    target.save(update_fields=["tags"])
    closing.close([number], actor=actor, cause=f"Merged into {target.label}")
    ExceptionCase.objects.filter(pk=number).update(merged_into=target)
    CaseEvent.objects.create(
        case=target, actor=actor[:80], action="merged", text=f"{case.label} was merged into it"
    )
    counting.recount_cases([into])
    target.refresh_from_db()
    return target


def _nothing_under_way(*numbers: int) -> None:
    for number in numbers:
        why = fixing.at_work(number)
        if why:
            raise NotNowError(f"A remedy is under way in C-{number}. {why}")


@transaction.atomic
def split(number: int, message_ids: Sequence[UUID], *, title: str, actor: str) -> ExceptionCase:
    """Make a case of its own of some of the documents. What comes with the old cause stays there.

    NotNowError when none of the documents is held in the case, or all of them are.
    """
    case = states.locked(number)
    _nothing_under_way(number)
    causes = list(case.causes.filter(is_open=True).values_list("fingerprint", flat=True))
    held = Problem.objects.filter(fingerprint__in=causes, closed_at=None)
    chosen = held.filter(message_id__in=message_ids)
    count = chosen.values("message_id").distinct().count()
    if not count:
        raise NotNowError("None of these documents is held in this case any more.")
    if count == held.values("message_id").distinct().count():
        raise NotNowError("These are all of its documents: nothing would be left of the case.")
    fingerprint = uuid5(_SPLIT, str(uuid4()))
    chosen.update(fingerprint=fingerprint)
    new = _of_its_own(case, fingerprint, title=title or case.title)
    counting.recount_cases([number, new.pk])
    text = f"{count:,} of its documents are {new.label} now"
    CaseEvent.objects.create(case=case, actor=actor[:80], action="split", text=text)
    new.refresh_from_db()
    return new


def _of_its_own(case: ExceptionCase, fingerprint: UUID, *, title: str) -> ExceptionCase:
    now = clock.now()
    new = ExceptionCase.objects.create(
        customer_id=case.customer_id, endpoint_id=case.endpoint_id, fingerprint=fingerprint,
        code=case.code, severity=case.severity, object_type=case.object_type, path=case.path,
        value=case.value, title=title[:300], customer_title=case.customer_title,
        opened_at=now, began_at=now,
    )  # fmt: skip
    opening.begin([new])
    CaseEvent.objects.create(case=new, action="split", text=f"Split from {case.label}")
    return new
