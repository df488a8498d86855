"""What remedies do: one deed each, done in a dry run and for real by the same code."""

from monitoring.domain.deeds.base import Deed, NotDoneError
from monitoring.domain.deeds.documents import Edit, Reroute, Retry, Skip
from monitoring.domain.deeds.knowledge import Lookup, Mapping, Product

_ALL: tuple[Deed, ...] = (Lookup(), Mapping(), Product(), Edit(), Reroute(), Retry(), Skip())
DEEDS = {deed.slug: deed for deed in _ALL}

__all__ = ["DEEDS", "Deed", "NotDoneError", "of"]


def of(slug: str) -> Deed:
    """The deed of a remedy. KeyError for a remedy that moves no documents."""
    return DEEDS[slug]
