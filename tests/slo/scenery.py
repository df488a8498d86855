"""Objectives and evidence to measure."""

from dataclasses import replace
from datetime import datetime, timedelta

from monitoring.slo import Event, Hold, Interval, Track, default, evaluate


def at(text):
    """`04-08 02:00` of 2026, UTC."""
    return datetime.fromisoformat(f"2026-{text}+00:00")


def minutes(number):
    return timedelta(minutes=number)


def span(begins, ends):
    return Interval(at(begins), at(ends))


APRIL = span("04-01 00:00", "05-01 00:00")
MAY = at("05-01 00:00")


def usual(sli, tier="standard", **changes):
    return replace(default(sli, tier, service="harbor", zone="UTC"), **changes)


def event(name, began, ended=None, **more):
    return Event(name, at(began), at(ended) if ended else None, **more)


def held(party, began, ended=None, *, reason="away", proof=""):
    return Hold(party, reason, at(began), at(ended) if ended else None, proof)


def track(*bad, weight=1, begins=None):
    return Track("flow", bad, weight, begins)


def figures(objective, evidence, *, window=APRIL, now=MAY, **more):
    return evaluate(objective, evidence, window=window, now=now, **more)


def in_time(count, *, day="04-10"):
    """So many orders that took a minute."""
    return [event(f"SO-{n}", f"{day} 08:00", f"{day} 08:01") for n in range(count)]
