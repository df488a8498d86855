"""Threads that share the items of a batch."""

import threading

import pytest

from integrations.transports.threads import Threads

pytestmark = pytest.mark.pure


def test_no_more_items_are_at_work_than_there_are_threads() -> None:
    running, most, lock = 0, 0, threading.Lock()
    gate = threading.Barrier(3, timeout=5)

    def work(number: int) -> int:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        gate.wait()
        with lock:
            running -= 1
        return number

    threads = Threads(3)
    assert sorted(threads.each(work, range(9))) == list(range(9))
    threads.close()
    # The barrier opens only when three are inside, and never saw a fourth.
    assert most == 3


def test_a_defect_is_raised_behind_all_other_results() -> None:
    def work(number: int) -> int:
        if number == 1:
            raise ZeroDivisionError
        return number

    threads = Threads(2)
    results = []
    with pytest.raises(ZeroDivisionError):
        results.extend(threads.each(work, [0, 1, 2, 3]))
    threads.close()
    assert sorted(results) == [0, 2, 3]


def test_what_is_not_begun_is_left_alone_when_the_caller_stops() -> None:
    began = []
    release = threading.Event()

    def work(number: int) -> int:
        began.append(number)
        if number:
            release.wait(5)
        return number

    threads = Threads(2)
    results = threads.each(work, list(range(50)))
    assert next(results) == 0
    results.close()
    release.set()
    threads.close()
    assert len(began) <= 4
