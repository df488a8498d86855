"""The moment after which an order misses the truck, or its buyer no longer wants it."""

from integrations.cutoffs.cutoff import FIELDS, Cutoff, cutoff
from integrations.cutoffs.pickup import Pickup, pickup_faults, pickup_from

__all__ = ["FIELDS", "Cutoff", "Pickup", "cutoff", "pickup_faults", "pickup_from"]
