"""A document that kills the process which works on it: found, held, and nobody else suffers."""

import os
import signal
import subprocess
import sys
from collections import Counter

import pytest
from django.db import OperationalError

from integrations.domain import bites, inbox, receive
from integrations.models import Bite, Message, Problem
from monitoring.models import ExceptionCase
from tests import pipeline
from tests.people import Site

pytestmark = [pytest.mark.db, pytest.mark.long]

# What the kernel does to a process that takes too much memory, at the moment it reads the document.
WORKER = """
import os, signal, sys
import django
django.setup()
from django_tenants.utils import schema_context
from integrations.domain import receive
from integrations.domain.translate import Translator
read = Translator.read
def read_or_die(translator, message):
    if b"deadly" in message.body:
        os.kill(os.getpid(), signal.SIGKILL)
    return read(translator, message)
Translator.read = read_or_die
with schema_context("kestrel"):
    print(receive.receive(int(sys.argv[1])).done)
"""


@pytest.fixture
def shop(site):
    return pipeline.endpoint(site.harbor, "shop", settings={})


def work(site: Site) -> int | None:
    """One pass in a process of its own, long after the one before: what it did, None if it was killed."""
    Bite.objects.update(begun_at="2026-01-01T00:00:00Z")
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-c", WORKER, str(site.harbor)]
    run = subprocess.run(command, capture_output=True, text=True, env=env)
    if run.returncode == -signal.SIGKILL:
        return None
    assert run.returncode == 0, run.stderr
    return int(run.stdout.split()[-1])


def orders(*numbers: str) -> list[dict]:
    return [pipeline.order(number) for number in numbers]


def test_a_document_that_kills_its_worker_three_times_is_held_and_the_others_pass(site, shop):
    pipeline.store(shop, *orders("1", "2", "deadly", "3", "4"))
    assert work(site) is None
    assert pipeline.states(direction="in") == ["received"] * 5
    assert work(site) is None  # alone now, after those before it
    assert pipeline.states(direction="in") == ["applied"] * 2 + ["received"] * 3
    assert work(site) is None
    assert work(site) == 3
    assert pipeline.states(direction="in") == ["applied", "applied", "held", "applied", "applied"]
    problem = Problem.objects.get()
    assert (problem.code, problem.text) == (
        "poison",
        "The document ended the process that worked on it, 3 times; an engineer has to look at it",
    )
    assert ExceptionCase.objects.get().code == "poison"
    assert not Bite.objects.exists()
    assert work(site) == 0


def test_what_comes_later_waits_until_what_was_left_behind_is_through(site, shop):
    pipeline.store(shop, *orders("deadly", "1"))
    assert work(site) is None
    pipeline.store(shop, *orders("2"))
    assert receive.receive(site.harbor).done == 0  # whose note it is may still be about to begin
    assert pipeline.states(direction="in") == ["received"] * 3
    assert [work(site), work(site)] == [None, None]
    assert work(site) == 2
    assert work(site) == 1
    assert Counter(pipeline.states(direction="in")) == {"held": 1, "applied": 2}


def test_a_worker_that_is_killed_by_something_else_holds_nothing(site, shop):
    pipeline.store(shop, *orders("1", "2", "3"))
    bites.begin(site.harbor, inbox.waiting(site.harbor, limit=200))  # and was killed here
    assert work(site) == 3
    assert pipeline.states(direction="in") == ["applied"] * 3
    assert not Bite.objects.exists()


def test_work_that_is_broken_off_while_the_worker_lives_does_not_count(site, shop, monkeypatch):
    pipeline.store(shop, *orders("1", "2"))

    def lost(*_: object) -> None:
        raise OperationalError("deadlock detected")

    with monkeypatch.context() as patched:
        patched.setattr(receive, "work_off", lost)
        for _ in range(5):
            with pytest.raises(OperationalError):
                receive.receive(site.harbor)
    assert not Bite.objects.exists()
    assert receive.receive(site.harbor).done == 2
    assert Message.objects.filter(state="applied").count() == 2
