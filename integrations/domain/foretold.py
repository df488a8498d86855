"""What a dry run says of each document: whether it passes, and what becomes of it, in words."""

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from integrations.domain.configuration import Configuration
from integrations.domain.dry_run import Carried, Outgoing, version
from integrations.domain.hub import Change, Verdict
from integrations.domain.receive import DEADLY

_NAMES = {
    "order": ("an order", "orders"),
    "shipment": ("a shipment", "shipments"),
    "inventory": ("a stock level", "stock levels"),
    "return": ("a return", "returns"),
    "customer": ("a customer", "customers"),
    "product": ("a product", "products"),
    "price_list": ("a price list", "price lists"),
    "invoice": ("an invoice", "invoices"),
}
_VERBS = {Verdict.CREATED: "becomes", Verdict.CHANGED: "changes"}
_OUTDONE = "is outdone by a later document"


class Foreseen(NamedTuple):
    """What would become of one document.

    `verdict` is "pass", "fail" or "impossible"; `code` the code of the problem it fails with, or of why
    it is impossible: "not_held", "gone", "purged", "deadly". `text` is equal for equal reasons.
    `path`, `value` and `fingerprint` are those of the first problem. `targets`: labels of the endpoints.
    `amount` is what it is worth now, `becomes` what it would be worth; None where that is not known, or is
    in another currency. `revalued`: it would be worth something else, or one of both is not known.
    """

    message_id: UUID
    verdict: str
    code: str
    text: str
    path: str = ""
    value: str = ""
    fingerprint: UUID | None = None
    targets: tuple[str, ...] = ()
    amount: Decimal | None = None
    currency: str = ""
    becomes: Decimal | None = None
    revalued: bool = False


class Standing(NamedTuple):
    """A document before: where it is and what it is worth."""

    id: UUID
    direction: str
    endpoint_id: int
    state: str
    record_id: UUID | None
    amount: Decimal | None
    currency: str
    deadly: bool


class _Found(NamedTuple):
    """The first open problem of a message."""

    code: str
    path: str
    value: str
    text: str
    fingerprint: UUID


def standing(message_ids: Sequence[UUID]) -> dict[UUID, Standing]:
    """Where documents stand now, in order of arrival; what does not exist is left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT m.id, m.direction, m.endpoint_id, m.state, m.record_id,
                coalesce(p.amount, r.amount),
                coalesce(CASE WHEN p.amount IS NULL THEN r.currency ELSE p.currency END, ''),
                EXISTS (SELECT 1 FROM integrations_problem d WHERE d.message_id = m.id
                    AND d.closed_at IS NULL AND d.code = 'poison' AND starts_with(d.text, %s))
            FROM integrations_message m LEFT JOIN integrations_record r ON r.id = m.record_id
            LEFT JOIN LATERAL (  -- as it is now: what was closed tells of what it was before
                SELECT amount, currency FROM integrations_problem WHERE message_id = m.id
                ORDER BY closed_at IS NULL DESC, amount IS NULL, id DESC LIMIT 1) AS p ON true
            WHERE m.id = ANY(%s) ORDER BY m.id
            """,
            [DEADLY, list(message_ids)],
        )
        return {row[0]: Standing(*row) for row in cursor.fetchall()}


def not_held(config: Configuration, found: Sequence[Standing]) -> list[Foreseen]:
    """Documents that somebody, or the pipeline, has taken care of meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT ON (e.message_id) e.message_id, e.at, coalesce((
                SELECT a.actor FROM integrations_messageevent a WHERE a.message_id = e.message_id
                AND a.actor <> '' ORDER BY a.id DESC LIMIT 1), '')
            FROM integrations_messageevent e WHERE e.message_id = ANY(%s)
            ORDER BY e.message_id, e.id DESC
            """,
            [[one.id for one in found]],
        )
        last = {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
    told = []
    for one in found:
        text = f"no longer held: {one.state}"
        if one.id in last:
            at, actor = last[one.id]
            local = at.astimezone(ZoneInfo(config.zone))
            text += f" at {local:%H:%M}" + (f" by {actor}" if actor else "")
        told.append(_impossible(one, "not_held", text))
    return told


def gone(message_id: UUID) -> Foreseen:
    """A document that does not exist any more."""
    return Foreseen(message_id, "impossible", "gone", "it is not there any more")


def _impossible(one: Standing, code: str, text: str) -> Foreseen:
    return Foreseen(one.id, "impossible", code, text, amount=one.amount, currency=one.currency)


class Teller:
    """Says what became of documents in a dry run. One for a whole run: the first text of a cause is
    that of all documents with this cause."""

    def __init__(self) -> None:
        self._texts: dict[UUID, str] = {}

    def tell(
        self, config: Configuration, documents: Sequence[Standing], carried: Carried
    ) -> list[Foreseen]:
        """Inside the transaction, after `dry_run.carry`."""
        following = {one.id: followers(one, carried) for one in documents}
        ids = {one.id for one in documents}.union(*following.values())
        states, problems = _states(ids), _problems(ids)
        return [
            self._tell(config, one, _Story(one, carried, following[one.id], states, problems))
            for one in documents
        ]

    def _tell(self, config: Configuration, one: Standing, story: "_Story") -> Foreseen:
        if story.state == "received":
            if one.deadly:
                text = "it ended the process that worked on it, so it is not tried here"
                return _impossible(one, "deadly", text)
            return _impossible(one, "purged", "its content was removed")
        going = [o for o in story.outgoing if story.states.get(o.id) in ("waiting", "sending")]
        targets = _labels(config, going)
        told = Foreseen(
            one.id, "pass", "", "", targets=targets, amount=one.amount, currency=one.currency,
            becomes=_becomes(one, story), revalued=_is_revalued(one, story),
        )  # fmt: skip
        held = story.held()
        if held is None:
            return told._replace(text=_words(config, story, going))
        told = told._replace(verdict="fail")
        problem = story.problems.get(held)
        if problem is None:
            return told._replace(text="it is held again")
        text = self._texts.setdefault(problem.fingerprint, problem.text)
        return told._replace(**{**problem._asdict(), "text": text})


def _becomes(one: Standing, story: "_Story") -> Decimal | None:
    """What a document would be worth. What goes out is worth what its record is."""
    if one.direction == "out":
        return one.amount
    reading = story.carried.readings.get(one.id)
    return reading.amount if reading and reading.currency == one.currency else None


def _is_revalued(one: Standing, story: "_Story") -> bool:
    """Money in another currency is other money, and so is what nobody could read until now."""
    if one.direction == "out":
        return False
    reading = story.carried.readings.get(one.id)
    worth = (reading.amount, reading.currency) if reading else (None, "")
    was = (one.amount, one.currency)
    return (worth if worth[0] is not None else None) != (was if was[0] is not None else None)


class _Story(NamedTuple):
    """One document with everything that followed from it."""

    document: Standing
    carried: Carried
    followers: list[UUID]
    states: dict[UUID, str]
    problems: dict[UUID, _Found]

    @property
    def state(self) -> str:
        return self.states[self.document.id]

    @property
    def outgoing(self) -> list[Outgoing]:
        mine = (self.document.id, *self.followers)
        return [self.carried.outgoing[one] for one in mine if one in self.carried.outgoing]

    @property
    def changes(self) -> list[Change]:
        return self.carried.changes.get(self.document.id, [])

    def held(self) -> UUID | None:
        """The first message of the story that is held; the document itself before what follows it."""
        everything = [self.document.id, *self.followers]
        return next((one for one in everything if self.states.get(one) == "held"), None)


def followers(document: Standing, carried: Carried) -> list[UUID]:
    """The parts of a document, and what goes out because of it or of them."""
    parts = carried.parts.get(document.id, [])
    changes = [c for i in (document.id, *parts) for c in carried.changes.get(i, [])]
    versions = {version(c) for c in changes if c.is_news or _goes_again(c, carried)}
    records = {record for record, _ in versions}
    if not changes and document.record_id:
        records = {document.record_id}
    out = [
        o.id
        for record in records
        for o in carried.of_record.get(record, [])
        if o.id != document.id and (not changes or (record, o.record_version) in versions)
    ]
    return [*parts, *sorted(out)]


def _goes_again(change: Change, carried: Carried) -> bool:
    """An order that says nothing new may find a site now; what another document brought is not its."""
    return change.verdict is Verdict.UNCHANGED and version(change) not in carried.news


def _states(message_ids: Iterable[UUID]) -> dict[UUID, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, state FROM integrations_message WHERE id = ANY(%s)", [list(message_ids)]
        )
        return dict(cursor.fetchall())


def _problems(message_ids: Iterable[UUID]) -> dict[UUID, _Found]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (message_id) message_id, code, path, value, text, fingerprint"
            " FROM integrations_problem WHERE message_id = ANY(%s) AND closed_at IS NULL"
            " ORDER BY message_id, id",
            [list(message_ids)],
        )
        return {row[0]: _Found(*row[1:]) for row in cursor.fetchall()}


def _labels(config: Configuration, going: Iterable[Outgoing]) -> tuple[str, ...]:
    return tuple(sorted({config.endpoints[one.endpoint_id].label for one in going}))


def _words(config: Configuration, story: _Story, going: Sequence[Outgoing]) -> str:
    if story.state == "skipped":
        return "ends here"
    if story.document.direction == "out":
        return _words_out(config, story, going)
    if story.state == "superseded":
        return _OUTDONE
    said = "is split into its documents" if story.state == "split" else _news(story)
    way = _way(config, story, going)
    if said and way:
        return f"{said}, {way}"
    return said or way or "says nothing new"


def _words_out(config: Configuration, story: _Story, going: Sequence[Outgoing]) -> str:
    mine = [one for one in going if one.id == story.document.id]
    if mine and story.state == "sending":
        return f"is sent again to {config.endpoints[story.document.endpoint_id].label}"
    if mine:
        return _way(config, story, mine)
    elsewhere = [one for one in going if one.endpoint_id != story.document.endpoint_id]
    return f"{_way(config, story, elsewhere)} instead" if elsewhere else _OUTDONE


def _way(config: Configuration, story: _Story, going: Sequence[Outgoing]) -> str:
    """Where it goes now, and where it waits its turn."""
    parked = [one for one in going if one.id in story.carried.parked]
    now = [one for one in going if story.states[one.id] == "sending"]
    behind = [one for one in going if one not in parked and one not in now]
    found = (
        ("goes to", now),
        ("waits for its order at", parked),
        ("waits for an earlier version at", behind),
    )
    return ", ".join(f"{verb} {_and(_labels(config, some))}" for verb, some in found if some)


def _and(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]


def _news(story: _Story) -> str:
    """What a document means to the hub; empty where it says nothing new."""
    reading = story.carried.readings.get(story.document.id)
    if reading and reading.acknowledgements:
        return "answers what was sent"
    counted = Counter(
        (change.verdict, change.offer.object_type) for change in story.changes if change.is_news
    )
    return " and ".join(_count(*key, count) for key, count in counted.items())


def _count(verdict: Verdict, object_type: str, count: int) -> str:
    one, many = _NAMES.get(object_type, (object_type, object_type))
    return f"{_VERBS[verdict]} {one if count == 1 else f'{count:,} {many}'}"
