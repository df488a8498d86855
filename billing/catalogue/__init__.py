"""What the product counts, and examples of what may be asked for it: as data. Pure.

`metrics.yaml` is what usage is counted by; the files in `plans` are example plans, one a bundle, each in
three tiers; `wholesale.yaml` is what the platform may ask of its partners.
"""

from pathlib import Path
from typing import Final

from billing.catalogue.read import Bundle, Example, MetricSeed, read_bundle, read_metrics

_HERE: Final = Path(__file__).parent
METRICS: Final = read_metrics(_HERE / "metrics.yaml")
BUNDLES: Final = tuple(sorted(read_bundle(path) for path in (_HERE / "plans").glob("*.yaml")))
WHOLESALE: Final = read_bundle(_HERE / "wholesale.yaml")

__all__ = ["BUNDLES", "METRICS", "WHOLESALE", "Bundle", "Example", "MetricSeed"]
