"""Carrying a fix through its list: a few documents at a time, in order, with what became of each.

Documents of one object go in the order in which they came, because the list is in that order and the
pipeline keeps it. Only a few are under way at a time: what comes in live meanwhile does not wait
behind thousands.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from integrations.domain import take_back
from integrations.models import Message
from monitoring.domain import closing, counting, deeds, fixing, rule_record
from monitoring.domain.deeds.base import Doer
from monitoring.domain.foreseeing import check
from monitoring.models import CaseCause, CaseEvent, ExceptionCase, Fix, FixItem
from portal.core import clock
from portal.core.ids import first_id_at
from portal.jobs.kinds import Turn

# Where documents come in live, a replay takes a few and then leaves the lane to them; see `_pace`.
QUIET, BESIDE_LIVE = (40, timedelta(milliseconds=150)), (4, timedelta(milliseconds=400))
LIVE_WITHIN = timedelta(seconds=3)
_COUNTED_EVERY = 500
GIVES_UP_WATCHING = timedelta(seconds=60)
_BITE = 100
ENDED = "ended here"
State, Outcome = Fix.State, FixItem.Outcome
_BACK = (
    (Outcome.TAKEN_BACK, "taken back", "taken back"),
    (Outcome.COMPENSATED, "cancelled at its target", "cancelled at their target"),
    (Outcome.STAYS, "stays", "stay"),
)
_SETTLE = """
WITH moving AS (
    SELECT i.id, i.message_id, i.released_at FROM monitoring_fixitem i
    WHERE i.fix_id = %(fix)s AND i.outcome = 'moving' ORDER BY i.position LIMIT 500 FOR UPDATE
), seen AS (
    SELECT v.id, m.state, newer.state AS newer, further.held, further.going,
        v.released_at < %(long_ago)s AS long_ago,
        coalesce((SELECT p.text FROM integrations_problem p
            WHERE p.message_id = ANY(further.ids || m.id) AND p.closed_at IS NULL
            ORDER BY p.id LIMIT 1), '') AS problem
    FROM moving v JOIN integrations_message m ON m.id = v.message_id
    LEFT JOIN LATERAL (
        SELECT coalesce(bool_or(o.state = 'held'), false) AS held,
            coalesce(bool_or(o.state IN ('waiting', 'sending')), false) AS going,
            coalesce(array_agg(o.id) FILTER (WHERE o.state = 'held'), '{}') AS ids
        FROM integrations_message o
        WHERE m.direction = 'in' AND o.direction = 'out' AND o.created_at >= v.released_at
        AND o.record_id = m.record_id
    ) AS further ON true
    LEFT JOIN LATERAL (
        SELECT n.state FROM integrations_message n
        WHERE m.direction = 'in' AND m.state = 'superseded' AND n.direction = 'in'
        AND n.endpoint_id = m.endpoint_id AND n.business_key = m.business_key
        AND n.object_type = m.object_type AND n.state IN ('received', 'held') AND n.id > m.id
        ORDER BY n.id DESC LIMIT 1
    ) AS newer ON true
), judged AS (
    SELECT id, CASE
        WHEN state = 'held' OR held THEN 'held'
        WHEN state = 'received' OR (state IN ('waiting', 'sending') AND NOT long_ago) THEN 'moving'
        WHEN (going OR newer = 'received') AND NOT long_ago THEN 'moving'
        WHEN newer IS NOT NULL THEN 'left'
        ELSE 'passed' END AS outcome,
        CASE WHEN state = 'held' OR held THEN left(problem, 300)
            WHEN state = 'skipped' THEN %(ended)s
            WHEN newer IS NOT NULL THEN 'it came again, and that has not passed'
            WHEN state = 'superseded' THEN 'outdone by a later document'
            WHEN going OR state IN ('waiting', 'sending') THEN 'waits for its target'
            WHEN state = 'unchanged' THEN 'said nothing new' ELSE '' END AS told
    FROM seen
)
UPDATE monitoring_fixitem i SET outcome = judged.outcome, told = judged.told
FROM judged WHERE i.id = judged.id AND judged.outcome <> 'moving'
"""


def step(fix_id: int) -> Turn:
    """One bounded step of whatever the fix is at; when the next one is due."""
    fix = Fix.objects.select_related("case", "person").filter(pk=fix_id).first()
    if fix is None:
        return Turn(0)
    if fix.state == State.CHECKING:
        check(fix)
        return Turn(0)
    if fix.state == State.UNDOING:
        return _undo_step(fix)
    if fix.state in (State.CANARY, State.REPLAYING) or _still_moving(fix):
        return _carry(fix)
    if fix.state == State.CANCELLED and fix.applied_at:
        close_if_over(fix)
    return Turn(0)


def _still_moving(fix: Fix) -> bool:
    """It was cancelled, and what had gone is to be followed to its end."""
    return fix.state == State.CANCELLED and fix.items.filter(outcome=Outcome.MOVING).exists()


def _carry(fix: Fix) -> Turn:
    _settle(fix)
    with transaction.atomic():
        fix = fixing.locked(fix.pk)
        moving = fix.items.filter(outcome=Outcome.MOVING).count()
        at_a_time, rest = _pace(fix.case.customer_id)
        chosen = _next(fix, room=at_a_time - moving)
        if chosen:
            _release(fix, chosen)
            if chosen[0].position // _COUNTED_EVERY != chosen[-1].position // _COUNTED_EVERY:
                counting.recount_cases([fix.case_id])
        elif not moving:
            _arrive(fix)
            return Turn(0)
    return Turn(0, clock.now() + rest)


def _pace(customer_id: int) -> tuple[int, timedelta]:
    """How many may be under way, and how long to rest: what comes in live must not feel it."""
    since = first_id_at(clock.now() - LIVE_WITHIN)
    came = Message.objects.filter(pk__gt=since, customer_id=customer_id, direction="in")
    return BESIDE_LIVE if came.exists() else QUIET


def _settle(fix: Fix) -> None:
    with connection.cursor() as cursor:
        long_ago = clock.now() - GIVES_UP_WATCHING
        cursor.execute(_SETTLE, {"fix": fix.pk, "long_ago": long_ago, "ended": ENDED})


def _next(fix: Fix, *, room: int) -> list[FixItem]:
    if room <= 0 or fix.state not in (State.CANARY, State.REPLAYING):
        return []
    waiting = fix.going.filter(outcome="")
    if fix.state == State.CANARY:
        return canary(fix) if not fix.items.exclude(outcome="").exists() else []
    return list(waiting.order_by("position")[:room])


def canary(fix: Fix) -> list[FixItem]:
    """The few that go first: of every kind of outcome one, the first of their object each, so that no
    document overtakes an earlier one of the same object."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id FROM (
                SELECT DISTINCT ON (i.reason, i.targets, kind.n) i.id, i.position, kind.n
                FROM (
                    SELECT i.*, row_number() OVER (PARTITION BY i.reason, i.targets ORDER BY position)
                        AS n
                    FROM monitoring_fixitem i JOIN integrations_message m ON m.id = i.message_id
                    WHERE i.fix_id = %(fix)s AND i.verdict = 'pass' AND (m.business_key = '' OR NOT EXISTS (
                        SELECT 1 FROM monitoring_fixitem e
                        JOIN integrations_message f ON f.id = e.message_id
                        WHERE e.fix_id = i.fix_id AND e.position < i.position
                        AND f.endpoint_id = m.endpoint_id AND f.object_type = m.object_type
                        AND f.business_key = m.business_key))
                ) AS i, LATERAL (SELECT i.n) AS kind(n)
            ) AS firsts ORDER BY n, position LIMIT %(most)s
            """,
            {"fix": fix.pk, "most": fixing.CANARY},
        )
        ids = [row[0] for row in cursor.fetchall()]
    return list(fix.items.filter(pk__in=ids).order_by("position"))


def _release(fix: Fix, items: Sequence[FixItem]) -> None:
    deed = deeds.of(fix.remedy)
    doer = Doer(fix.case, fix.person, fix.person_name, fix.words, False)
    if fix.applied_at is None:
        fix.applied_at = clock.now()
        fix.change = deed.change(doer, fix.terms)
        fix.save(update_fields=["applied_at", "change"])
    now = clock.now()
    ids = [item.message_id for item in items]
    refused = deed.release(doer, fix.terms, ids)
    for item in items:
        item.released_at = now
        item.outcome = Outcome.LEFT if item.message_id in refused else Outcome.MOVING
        item.told = refused.get(item.message_id, "")[:300]
    FixItem.objects.bulk_update(items, ["released_at", "outcome", "told"])


def _arrive(fix: Fix) -> None:
    """Everything that was let go has arrived."""
    if fix.state == State.CANARY:
        fix.state = State.PAUSED
        fix.save(update_fields=["state"])
        close_if_over(fix)
        return
    _count_out(fix)


def close_if_over(fix: Fix) -> None:
    """The fix is at rest before its end: a case that lost all it held meanwhile waited for that."""
    if fix.case.is_of_documents:
        causes = CaseCause.objects.filter(case=fix.case_id, is_open=True)
        counting.recount(list(causes.values_list("fingerprint", flat=True)), cause=fix.words)


def _count_out(fix: Fix) -> None:
    """The end: what stayed is told, and the case closes when nothing is left of it."""
    fix.items.filter(outcome="").update(outcome=Outcome.LEFT, told=F("reason"))
    if fix.state == State.REPLAYING:
        fix.state, fix.finished_at = State.DONE, clock.now()
    counts = fixing.outcomes(fix)
    went = fix.documents - counts[Outcome.LEFT]
    done = "ended" if deeds.of(fix.remedy).ends else "passed"
    text = f"{fix.words}: {counts[Outcome.PASSED]:,} of {went:,} {done}"
    if counts[Outcome.HELD]:
        text += f", {counts[Outcome.HELD]:,} held again"
    CaseEvent.objects.create(
        case=fix.case, actor=fix.person_name, action=fix.remedy, text=text[:500],
        documents=went, messages=_went(fix),
    )  # fmt: skip
    fix.closed_case = _close_if_empty(fix)
    fix.save(update_fields=["state", "finished_at", "closed_case"])
    rule_record.ended(fix)


def _went(fix: Fix) -> list[UUID]:
    released = fix.items.exclude(released_at=None)
    return list(released.values_list("message_id", flat=True))


def _close_if_empty(fix: Fix) -> bool:
    if not counting.recount_cases([fix.case_id]) or not fix.case.is_of_documents:
        return False
    ends = deeds.of(fix.remedy).ends
    state = ExceptionCase.State.SKIPPED if ends else ExceptionCase.State.RESOLVED
    closing.close([fix.case_id], actor=fix.person_name, cause=fix.words, state=state)
    return True


def _undo_step(fix: Fix) -> Turn:
    """Take a bite back, the last that went first; then the change itself."""
    with transaction.atomic():
        fix = fixing.locked(fix.pk, State.UNDOING)
        went = fix.items.filter(outcome__in=(Outcome.PASSED, Outcome.HELD, Outcome.MOVING))
        items = list(went.order_by("-position")[:_BITE])
        if not items:
            _undone(fix)
            return Turn(0)
        _take_back(fix, items)
    return Turn(len(items), clock.now())


def _take_back(fix: Fix, items: Sequence[FixItem]) -> None:
    found = {
        one.message_id: one
        for one in take_back.take_back(
            [item.message_id for item in items],
            since=fix.applied_at or fix.created_at,
            actor=fix.person_name,
            cause=f"{fix.words} was undone",
        )
    }
    for item in items:
        one = found[item.message_id]
        item.outcome, item.told = one.outcome, one.text[:300]
    FixItem.objects.bulk_update(items, ["outcome", "told"])


def _undone(fix: Fix) -> None:
    deed = deeds.of(fix.remedy)
    doer = Doer(fix.case, fix.person, fix.person_name, fix.words, False)
    said = deed.revert(doer, fix.terms, fix.change) if fix.change else ""
    counts = fixing.outcomes(fix)
    parts = [
        f"{counts[outcome]:,} {one if counts[outcome] == 1 else many}"
        for outcome, one, many in _BACK
        if counts[outcome]
    ]
    fix.state, fix.undone_at, fix.trouble = State.UNDONE, clock.now(), said[:300]
    fix.save(update_fields=["state", "undone_at", "trouble"])
    text = f"Undone: {fix.words}. {', '.join(parts)}" + (f". {said}" if said else "")
    CaseEvent.objects.create(case=fix.case, actor=fix.person_name, action="undone", text=text[:500])
    counting.recount_cases([fix.case_id])
    rule_record.undone(fix)
