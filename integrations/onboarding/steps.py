"""The eight steps, and how far a run is."""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple


class Step(NamedTuple):
    slug: str
    label: str
    question: str


STEPS: Final = (
    Step("connector", "Connector", "Which system is it?"),
    Step("credentials", "Credentials", "How is it reached?"),
    Step("discover", "Discover", "What does it have?"),
    Step("flows", "Flows", "What goes where?"),
    Step("map", "Map what is missing", "Is every required field filled?"),
    Step("match", "Match master data", "What do its codes mean here?"),
    Step("conformance", "Conformance run", "Does a test order go round?"),
    Step("live", "Go live", "Shall it start?"),
)
SLUGS: Final = tuple(step.slug for step in STEPS)


class Place(NamedTuple):
    """One step on the rail. `minutes` are worked, not waited; None where nobody was there yet."""

    step: Step
    state: Literal["done", "current", "open", "later"]
    minutes: float | None


def rail(done: Mapping[str, str], seconds: Mapping[str, int], *, current: str) -> list[Place]:
    """The steps with their state: `done` maps steps to the instants they were done at. A step can be
    opened once every step before it is done, and again at any time after."""
    places = []
    reachable = True
    for step in STEPS:
        if step.slug == current:
            state: Literal["done", "current", "open", "later"] = "current"
        elif step.slug in done:
            state = "done"
        else:
            state = "open" if reachable else "later"
        worked = seconds.get(step.slug)
        places.append(Place(step, state, None if worked is None else worked / 60))
        reachable = reachable and step.slug in done
    return places


def next_of(done: Mapping[str, str]) -> str:
    """The first step that is not done; the last one when all are."""
    return next((slug for slug in SLUGS if slug not in done), SLUGS[-1])


def may_open(done: Mapping[str, str], slug: str) -> bool:
    """Whether every step before `slug` is done."""
    return all(before in done for before in SLUGS[: SLUGS.index(slug)])
