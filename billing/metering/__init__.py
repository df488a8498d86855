"""How facts become a quantity: what a metric counts of them. Pure."""

from billing.metering.aggregate import Point, time_weighted

__all__ = ["Point", "time_weighted"]
