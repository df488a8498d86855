"""A few threads that share the items of a batch."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Threads:
    """A few threads, made once and kept: a new thread per batch would cost more than its calls."""

    def __init__(self, size: int) -> None:
        self._size = max(1, size)
        self._pool = ThreadPoolExecutor(self._size, thread_name_prefix="deliver")

    def each(self, work: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
        """The results of `work` for every item, in the order they come in.

        An error in `work` is a defect of ours: it is raised when all other results are out. When
        the caller stops early, items not yet begun are left alone.
        """
        todo, done = deque(items), SimpleQueue[tuple[R | None, BaseException | None]]()
        for _ in range(min(self._size, len(items))):
            self._pool.submit(_drain, work, todo, done)
        defect: BaseException | None = None
        try:
            for _ in range(len(items)):
                result, error = done.get()
                if error is None:
                    yield result  # type: ignore[misc]
                defect = defect or error
        finally:
            todo.clear()
        if defect:
            raise defect

    def close(self) -> None:
        """Let running calls end and take no more."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _drain(work: Callable[[T], R], todo: deque[T], done: SimpleQueue) -> None:
    while todo:
        try:
            item = todo.popleft()
        except IndexError:  # another thread took the last one
            return
        try:
            done.put((work(item), None))
        except BaseException as error:
            done.put((None, error))
