"""The dry run of a remedy on all documents it is meant for: what would happen, before it does.

It runs the very code of the pipeline in transactions that are rolled back, see `dry_run`.
"""

import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from integrations.domain import configuration, dry_run, foretold, pairs, replay
from integrations.domain.configuration import Configuration
from integrations.domain.dry_run import BusyError, Carried, TooLongError
from integrations.domain.foretold import Foreseen, Standing, Teller
from integrations.domain.pairs import Pair

__all__ = [
    "BusyError",
    "Foreseen",
    "NotOfThisCustomerError",
    "Pair",
    "before_and_after",
    "foresee",
]

CHUNK = 400
LOCKED_AT_MOST_SECONDS = 3.0


class NotOfThisCustomerError(LookupError):
    """A document belongs to another customer: nothing was tried."""


def _unseen(done: int, of: int) -> None:
    pass


def foresee(
    customer_id: int,
    message_ids: Sequence[UUID],
    *,
    change: Callable[[], object],
    release: Callable[[list[UUID]], object],
    progress: Callable[[int, int], object] = _unseen,
) -> Iterator[list[Foreseen]]:
    """What would become of the documents if `change` and then `release` were really done.

    `change` makes what is changed for all of them; `release` does what the remedy does to the documents
    it is given. Both are called for every chunk, and taken back with it. `progress` hears how many are
    done. NotOfThisCustomerError, before anything is tried, when a document is another customer's;
    BusyError when others keep its rows for seconds.

    Chunks of 400, in order of arrival; documents of one object stay together. Within a chunk each document
    finds what those before it left, so that orders take stock from each other. From one chunk to the next
    nothing is carried: neither stock that was taken, nor records that came to be known. What systems will
    answer is not foreseen: what waits for an order to arrive, or behind an earlier version, passes.

    Not to be called inside a transaction that has something of its own to lose.
    """
    ids = sorted(set(message_ids))
    _refuse_foreign(customer_id, ids)
    return _chunks(_Run(customer_id, change, release), ids, progress)


def before_and_after(
    customer_id: int,
    message_id: UUID,
    *,
    change: Callable[[], object],
    release: Callable[[list[UUID]], object],
) -> Pair:
    """One document as the present configuration makes it, and as it would be after `change` and
    `release`, with what would be sent of it. The errors of `foresee`."""
    _refuse_foreign(customer_id, [message_id])
    now = _Run(customer_id, lambda: None, partial(replay.replay, actor="", cause="as it is"))
    then = _Run(customer_id, change, release)
    before = dry_run.taken_back(partial(now.pair, message_id))
    after = dry_run.taken_back(partial(then.pair, message_id))
    return after._replace(before=before.after)


def _refuse_foreign(customer_id: int, message_ids: Sequence[UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM integrations_message WHERE id = ANY(%s) AND customer_id <> %s",
            [list(message_ids), customer_id],
        )
        foreign = cursor.fetchone()[0]
    if foreign:
        raise NotOfThisCustomerError(
            f"{foreign} of the documents are not of customer {customer_id}"
        )


class _Scene(NamedTuple):
    """Where a dry run has come to, before it is taken back."""

    config: Configuration
    held: list[Standing]
    carried: Carried


class _Run:
    """One dry run of all its chunks."""

    def __init__(
        self,
        customer_id: int,
        change: Callable[[], object],
        release: Callable[[list[UUID]], object],
    ) -> None:
        self._customer_id = customer_id
        self._change, self._release = change, release
        self._teller = Teller()
        self._known: tuple[int, Configuration] | None = None

    def foretell(self, message_ids: Sequence[UUID], *, ends: float) -> list[Foreseen]:
        """What becomes of one chunk."""
        found = foretold.standing(message_ids)
        scene = self._play(list(found.values()), ends=ends)
        told = self._teller.tell(scene.config, scene.held, scene.carried)
        others = [one for one in found.values() if one.state != "held"]
        told += foretold.not_held(scene.config, others)
        told += [foretold.gone(i) for i in message_ids if i not in found]
        return sorted(told)

    def pair(self, message_id: UUID) -> Pair:
        """What becomes of one document, with all that can be shown of it. `before` is left empty."""
        found = foretold.standing([message_id])
        scene = self._play(list(found.values()), ends=math.inf)
        if not scene.held:
            others = foretold.not_held(scene.config, list(found.values()))
            return Pair(pairs.NOTHING, pairs.NOTHING, (others or [foretold.gone(message_id)])[0])
        (told,) = self._teller.tell(scene.config, scene.held, scene.carried)
        seen = (scene.config, scene.held[0], scene.carried)
        return Pair(pairs.NOTHING, pairs.side(*seen), told, pairs.sends(*seen), pairs.checks(*seen))

    def _play(self, documents: Sequence[Standing], *, ends: float) -> _Scene:
        """Do everything but send. Inside the transaction that is taken back."""
        held = [one for one in documents if one.state == "held"]
        ids = [one.id for one in held]
        begun = dry_run.before(ids)
        config = self._changed()
        self._release(ids)
        untried = {one.id for one in held if one.deadly}
        carried = dry_run.carry(config, ids, begun=begun, untried=untried, ends=ends)
        return _Scene(config, held, carried)

    def _changed(self) -> Configuration:
        """Make the change, and what decides then. It is built again only where somebody else changed
        something between two chunks."""
        live = configuration.version_of(self._customer_id)
        self._change()
        drafted = configuration.version_of(self._customer_id)
        if self._known is None or (self._known[0], self._known[1].version) != (live, drafted):
            self._known = live, configuration.of(self._customer_id)
        return self._known[1]


def _chunks(
    run: _Run, message_ids: Sequence[UUID], progress: Callable[[int, int], object]
) -> Iterator[list[Foreseen]]:
    groups, size, done = _together(message_ids), CHUNK, 0
    while groups:
        taken = _take(groups, size)
        chosen = sorted(i for group in groups[:taken] for i in group)
        ends = time.monotonic() + LOCKED_AT_MOST_SECONDS if taken > 1 else math.inf
        try:
            told = dry_run.taken_back(partial(run.foretell, chosen, ends=ends))
        except TooLongError:
            size = len(chosen) // 2
            continue
        groups, done = groups[taken:], done + len(chosen)
        progress(done, len(message_ids))
        yield told


def _together(message_ids: Sequence[UUID]) -> list[list[UUID]]:
    """The documents of each object, the objects in the order in which their first one came."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, direction, endpoint_id, object_type, business_key FROM integrations_message"
            " WHERE id = ANY(%s) AND business_key <> ''",
            [list(message_ids)],
        )
        objects = {row[0]: row[1:] for row in cursor.fetchall()}
    groups: dict[object, list[UUID]] = defaultdict(list)
    for message_id in message_ids:
        groups[objects.get(message_id, message_id)].append(message_id)
    return list(groups.values())


def _take(groups: Sequence[Sequence[UUID]], size: int) -> int:
    """How many groups fill a chunk: at least one."""
    count = 0
    for taken, group in enumerate(groups):
        count += len(group)
        if taken and count > size:
            return taken
    return len(groups)
