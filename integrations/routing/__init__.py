"""Which site ships an order: rules as data, decided without a database or a clock."""

from integrations.routing.decide import Decision, decide
from integrations.routing.rules import Rules, check_rules, compile_rules
from integrations.routing.site import Quote, Site

__all__ = ["Decision", "Quote", "Rules", "Site", "check_rules", "compile_rules", "decide"]
