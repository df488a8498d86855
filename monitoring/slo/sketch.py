"""Many durations in a few counts, for charts: quantiles with a stated relative error, and sketches add up.

Bucket i holds the values above γ^(i−1) and up to γ^i, with γ = (1 + e) / (1 − e); its middle is within e
of all of them (DDSketch, Masson, Rim and Lee 2019). What a customer is told comes from the raw durations.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil, log
from typing import Any, Final

from monitoring.slo.percentiles import rank

ERROR: Final = 0.02
SMALLEST: Final = 0.001  # seconds; what is shorter counts as none


@dataclass(frozen=True)
class Sketch:
    """`counts` of seconds by bucket, `zeros` shorter than a millisecond; `error` is relative, 0 to 1."""

    error: float = ERROR
    counts: Mapping[int, int] = field(default_factory=dict)
    zeros: int = 0

    @property
    def total(self) -> int:
        return self.zeros + sum(self.counts.values())

    def with_values(self, seconds: Iterable[float]) -> "Sketch":
        """The sketch with more values in it. ValueError for one below 0."""
        counts, zeros = Counter(self.counts), self.zeros
        for value in seconds:
            if value < 0:
                raise ValueError(f"A duration is 0 or more seconds, not {value}.")
            if value < SMALLEST:
                zeros += 1
            else:
                counts[ceil(log(value) / log(self._gamma))] += 1
        return Sketch(self.error, dict(counts), zeros)

    def merged(self, other: "Sketch") -> "Sketch":
        """The sketch of the values of both. ValueError where their errors differ."""
        if self.error != other.error:
            raise ValueError(f"Sketches of errors {self.error} and {other.error} do not add up.")
        counts = Counter(self.counts)
        counts.update(other.counts)
        return Sketch(self.error, dict(counts), self.zeros + other.zeros)

    def quantile(self, share: Decimal) -> float:
        """Seconds within `error` of the nearest-rank percentile. ValueError as for `percentile`."""
        left = rank(self.total, share) - self.zeros
        if left <= 0:
            return 0.0
        for bucket, count in sorted(self.counts.items()):
            left -= count
            if left <= 0:
                return float(2 * self._gamma**bucket / (self._gamma + 1))
        raise AssertionError("the counts of a sketch are its total")

    @property
    def _gamma(self) -> float:
        return (1 + self.error) / (1 - self.error)

    def to_json(self) -> dict[str, Any]:
        counts = {str(bucket): count for bucket, count in sorted(self.counts.items())}
        return {"error": self.error, "zeros": self.zeros, "counts": counts}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Sketch":
        """What `to_json` wrote."""
        counts = {int(bucket): count for bucket, count in content["counts"].items()}
        return cls(content["error"], counts, content["zeros"])
