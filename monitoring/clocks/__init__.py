"""The clocks of a case: how long it may take, and whose time it took.

A clock runs in the customer's business minutes, and only while the ball is with us.
"""

from monitoring.clocks.clock import Clock, measure
from monitoring.clocks.turns import Party, Span, Split, split
from portal.customers.targets import DEFAULTS, Targets, targets

__all__ = ["DEFAULTS", "Clock", "Party", "Span", "Split", "Targets", "measure", "split", "targets"]
