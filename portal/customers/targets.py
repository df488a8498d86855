"""What a customer is promised for exception cases: how soon we answer, and how soon it is mended.

`Customer.policies["case_targets"]` overrides ours by severity: {"1": [30, 240]}.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

POLICY: Final = "case_targets"
_LONGEST: Final = 100_000  # business minutes: more than half a year of long days
_PAIR: Final = 2


class Targets(NamedTuple):
    """Business minutes until a case is acknowledged and until it is resolved."""

    acknowledge: int
    resolve: int


DEFAULTS: Final = {
    1: Targets(30, 240),
    2: Targets(60, 480),
    3: Targets(240, 2160),
    4: Targets(480, 3600),
}


def targets(policies: Mapping[str, Any], severity: int) -> Targets:
    """The targets of a severity, 1 to 4, by the customer's policies."""
    own = policies.get(POLICY, {}).get(str(severity))
    return Targets(*own) if own else DEFAULTS[severity]


def target_problems(content: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    """What is wrong with `case_targets`: where, and a sentence."""
    if not isinstance(content, Mapping):
        yield (), 'It must be a group of severities, such as {"1": [30, 240]}.'
        return
    for severity, pair in content.items():
        if severity not in map(str, DEFAULTS):
            yield (severity,), "There is no such severity. There are: 1, 2, 3, 4."
        elif not _is_pair(pair):
            sentence = (
                "Two whole numbers of minutes: to acknowledge, to resolve. Such as [30, 240]."
            )
            yield (severity,), sentence
        else:
            texts = dict.fromkeys(text for _, text in pair_problems(Targets(*pair)))
            yield from (((severity,), text) for text in texts)


def pair_problems(pair: Targets) -> Iterator[tuple[str, str]]:
    """What is wrong with the targets of one severity: which of both, and a sentence."""
    for name, minutes in pair._asdict().items():
        if minutes < 1:
            yield name, "A target is at least 1 minute."
        if minutes > _LONGEST:
            yield name, f"A target is at most {_LONGEST} minutes."
    if pair.acknowledge > pair.resolve:
        early = f"Resolving in {pair.resolve} min would come before acknowledging"
        yield "resolve", f"{early} in {pair.acknowledge}."


def _is_pair(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == _PAIR
        and all(isinstance(part, int) and not isinstance(part, bool) for part in value)
    )
