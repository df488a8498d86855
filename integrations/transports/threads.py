"""A few threads that share the items of a batch."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TypeVar

from portal.core import guard, traces

T = TypeVar("T")
R = TypeVar("R")
_Entry = tuple[R | None, BaseException | None] | None  # result or error; None: a thread has ended


def never() -> bool:
    """There is no such thing as enough."""
    return False


class Threads:
    """A few threads, made once and kept: a new thread per batch would cost more than its calls."""

    def __init__(self, size: int) -> None:
        self._size = max(1, size)
        self._pool = ThreadPoolExecutor(self._size, thread_name_prefix="deliver")

    def each(
        self, work: Callable[[T], R], items: Sequence[T], *, enough: Callable[[], bool] = never
    ) -> Iterator[R]:
        """The results of `work`, in the order they come in. Once `enough` says so no item is begun:
        those that were not have no result.

        An error in `work` is a defect of ours: it is raised when all other results are out. When
        the caller stops early, items not yet begun are left alone.
        """
        todo, done = deque(items), SimpleQueue[_Entry[R]]()
        running = min(self._size, len(items))
        for _ in range(running):
            self._pool.submit(guard.carried(traces.carried(_drain)), work, todo, done, enough)
        defect: BaseException | None = None
        try:
            while running:
                entry = done.get()
                if entry is None:
                    running -= 1
                elif entry[1] is None:
                    yield entry[0]  # type: ignore[misc]
                else:
                    defect = defect or entry[1]
        finally:
            todo.clear()
        if defect:
            raise defect

    def close(self) -> None:
        """Let running calls end and take no more."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _drain(
    work: Callable[[T], R], todo: deque[T], done: SimpleQueue, enough: Callable[[], bool]
) -> None:
    try:
        while not enough():
            item = todo.popleft()
            try:
                done.put((work(item), None))
            except BaseException as error:
                done.put((None, error))
    except IndexError:  # nothing is left
        pass
    finally:
        done.put(None)
