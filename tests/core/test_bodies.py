import asyncio
import time
import tracemalloc
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import pytest

from portal.core.bodies import Bodies, BodyRefusedError

pytestmark = pytest.mark.pure
SMALL = 64 * 1024
SILENT = None


class Sender:
    """Sends its pieces, one for each time it is asked; SILENT sends nothing more, ever."""

    def __init__(self, *pieces: bytes | None, whole: bool = True) -> None:
        self.left, self.whole = deque(pieces), whole

    async def receive(self) -> dict[str, Any]:
        piece = self.left.popleft() if self.left else b""
        if piece is SILENT:
            await asyncio.Event().wait()
        if not piece and not self.left and not self.whole:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": bool(self.left)}


async def outcome(bodies: Bodies, sender: Sender) -> bytes | tuple[int, str]:
    try:
        return await bodies.read(sender.receive)
    except BodyRefusedError as refused:
        return refused.status, refused.reason


def run(bodies: Bodies, *senders: Sender) -> Sequence[bytes | tuple[int, str]]:
    async def all_of_them() -> list[bytes | tuple[int, str]]:
        return await asyncio.gather(*(outcome(bodies, sender) for sender in senders))

    return asyncio.run(all_of_them())


def test_a_body_is_put_together_from_its_pieces():
    assert run(Bodies(most=10), Sender(b"ab", b"", b"cd")) == [b"abcd"]
    assert run(Bodies(most=10), Sender(b"")) == [b""]


def test_a_body_may_have_the_largest_size_and_not_a_byte_more():
    assert run(Bodies(most=4), Sender(b"ab", b"cd"), Sender(b"ab", b"cde")) == [
        b"abcd",
        (413, "size"),
    ]


@pytest.mark.parametrize("announced", ["5", "9" * 400])
def test_a_body_announced_as_too_large_is_refused_unread(announced):
    with pytest.raises(BodyRefusedError) as caught:
        Bodies(most=4).check(announced)
    assert (caught.value.status, caught.value.reason) == (413, "size")


@pytest.mark.parametrize("announced", ["4", "", "-5", "0x10", "²", "a"])
def test_what_announces_no_size_or_a_small_one_is_read(announced):
    Bodies(most=4).check(announced)


def test_a_body_that_is_cut_off_is_refused():
    assert run(Bodies(most=10), Sender(b"ab", b"", whole=False)) == [(400, "cut")]


def test_silent_senders_are_refused_at_their_time_and_the_others_are_not():
    started = time.monotonic()
    found = run(
        Bodies(most=10, within=0.2),
        Sender(SILENT),
        Sender(b"ab", SILENT),
        Sender(b"ab", b"cd"),
    )
    assert found == [(408, "slow"), (408, "slow"), b"abcd"]
    assert 0.2 <= time.monotonic() - started < 1


def test_a_task_that_somebody_else_cancels_is_cancelled():
    async def cancel() -> bool:
        bodies = Bodies(most=10)
        task = asyncio.create_task(bodies.read(Sender(SILENT).receive))
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait([task])
        return task.cancelled()

    assert asyncio.run(cancel())


def test_unfinished_large_bodies_share_a_budget_and_small_ones_come_in_beside_them():
    bodies = Bodies(most=10 * SMALL, within=0.3, budget=5 * SMALL)
    waiting = [Sender(b"x" * 3 * SMALL, SILENT) for _ in range(2)]  # each counts 2 × SMALL
    late = [Sender(b"x" * 3 * SMALL, b"y"), Sender(b"x" * SMALL, b"y")]
    found = run(bodies, *waiting, *late)
    assert found == [(408, "slow"), (408, "slow"), (503, "busy"), b"x" * SMALL + b"y"]
    assert run(Bodies(most=10 * SMALL, budget=5 * SMALL), Sender(b"x" * 3 * SMALL)) == [
        b"x" * 3 * SMALL
    ]


def test_the_budget_is_whole_again_whatever_became_of_the_bodies():
    async def afterwards() -> list[bytes | tuple[int, str]]:
        bodies = Bodies(most=5 * SMALL, within=0.1, budget=3 * SMALL)
        full = b"x" * 4 * SMALL  # takes the whole budget
        ends = [
            Sender(full, b"y"),
            Sender(full, SILENT),
            Sender(full, b"y" * 2 * SMALL),
            Sender(full, b"", whole=False),
        ]
        return [await outcome(bodies, sender) for sender in [*ends, Sender(full, b"y")]]

    found = asyncio.run(afterwards())
    whole = b"x" * 4 * SMALL + b"y"
    assert found == [whole, (408, "slow"), (413, "size"), (400, "cut"), whole]


def test_a_body_that_waits_for_its_turn_is_counted_until_it_had_it():
    async def while_held() -> list[bytes | tuple[int, str]]:
        bodies = Bodies(most=5 * SMALL, budget=3 * SMALL)
        another = b"x" * 3 * SMALL
        with bodies.held(another):
            refused = await outcome(bodies, Sender(another, b"y"))
        return [refused, await outcome(bodies, Sender(another, b"y"))]

    assert asyncio.run(while_held()) == [(503, "busy"), b"x" * 3 * SMALL + b"y"]


def length_and_peak_of_many_pieces() -> tuple[int, int]:
    sender = Sender(*[b"xy"] * 100_000)
    tracemalloc.start()
    [body] = run(Bodies(most=10**6), sender)
    return len(body), tracemalloc.get_traced_memory()[1]


def test_a_body_in_very_many_pieces_takes_the_memory_of_its_bytes():
    # In a process of its own: servers of other tests may allocate in threads of this one.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        length, peak = alone.submit(length_and_peak_of_many_pieces).result(timeout=30)
    assert length == 200_000
    assert peak < 2_000_000
