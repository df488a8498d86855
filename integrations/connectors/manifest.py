"""What a connector says of itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

Capability = Literal[
    "webhook", "poll", "deliver", "envelope", "snapshot", "api", "as2", "resources", "tables"
]

Category = Literal[
    "storefront", "marketplace", "erp", "warehouse", "shipping", "trading partner", "generic"
]
CATEGORIES: Final[tuple[Category, ...]] = get_args(Category)


@dataclass(frozen=True)
class Manifest:
    """Who a connector is. `quality` lists the checklist: item → done, todo or why it is exempt.
    `completes`: of these object types it only tells more of what the hub has from others."""

    slug: str
    label: str
    category: Category
    summary: str
    capabilities: frozenset[Capability]
    auth: str
    reads: frozenset[str]  # object types it can give
    writes: frozenset[str]  # object types it can take
    quality: Mapping[str, str] = field(default_factory=dict)
    completes: frozenset[str] = frozenset()
