"""Real documents to try a mapping on, each with what the mapping would be run with."""

import copy
from typing import Any, NamedTuple

from integrations.connectors.connector import Direction
from integrations.domain import compose
from integrations.domain.compose import Given
from integrations.domain.configuration import Configuration, EndpointConfig
from integrations.domain.rerun import Stored, Wanted, as_claimed, latest
from integrations.domain.translate import Translator
from integrations.models import OnboardingRun

MOST = 20


class Place(NamedTuple):
    """The place of a mapping."""

    endpoint: EndpointConfig
    object_type: str
    direction: Direction


class Sample(NamedTuple):
    name: str
    given: Given


class Samples(NamedTuple):
    """The names of all there are, newest first, and the chosen one."""

    names: list[str]
    at: int
    chosen: Sample | None


def load(config: Configuration, place: Place, *, at: int = 0) -> Samples:
    """The newest documents of this place; before any came, those its onboarding saw."""
    wanted = Wanted(place.endpoint.id, place.object_type, place.direction)
    stored = _different(latest(config.customer_id, wanted, most=3 * MOST)[::-1])
    seen = [] if stored else _seen(place)
    names = [one.name for one in stored] or [f"sample {n}" for n in range(1, len(seen) + 1)]
    if not names:
        return Samples([], 0, None)
    at = min(max(at, 0), len(names) - 1)
    given = _given(config, place, stored[at]) if stored else _received(config, place, seen[at])
    return Samples(names, at, Sample(names[at], given) if given else None)


def _different(stored: list[Stored]) -> list[Stored]:
    """One message of each document, and those that named none only where there are no others."""
    newest: dict[str, Stored] = {}
    for one in stored:
        newest.setdefault(one.name, one)
    named = [one for one in newest.values() if one.name != str(one.id)]
    return (named or list(newest.values()))[:MOST]


def _given(config: Configuration, place: Place, stored: Stored) -> Given | None:
    if stored.direction == "out":
        return compose.given(config, place.endpoint, as_claimed(stored))
    native = place.endpoint.connector.mapper.read(
        stored.object_type, stored.topic, stored.body or b"", place.endpoint.connection
    )
    return _received(config, place, native.documents[0]) if native.documents else None


def _seen(place: Place) -> list[Any]:
    run = OnboardingRun.objects.filter(endpoint_id=place.endpoint.id).first()
    if run is None or place.direction == "out":
        return []
    return run.facts.get("samples", {}).get(place.object_type, [])


def _received(config: Configuration, place: Place, document: Any) -> Given:
    translator = Translator(config)
    endpoint = place.endpoint
    return Given(
        document=copy.deepcopy(document),  # a run takes empty values out of what it passes on
        lookup=translator.lookup,
        binding=lambda kind, remote: translator.bound(endpoint.id, kind, remote),
        context={
            "endpoint": endpoint.slug,
            "site": endpoint.site,
            "settings": dict(endpoint.connection.settings),
        },
    )
