"""When a rule fits a case, how far it may go by itself, and what its record makes of it. Pure."""

from monitoring.rules.limits import Limits, within
from monitoring.rules.pattern import Facts, Pattern, fits, without_numbers
from monitoring.rules.score import ACTING, MAY_ACT, OFF, SUGGESTING, Score, Verdict, verdict
from monitoring.rules.terms import RULEABLE, alike, essence, for_value

__all__ = [
    "ACTING", "MAY_ACT", "OFF", "RULEABLE", "SUGGESTING", "Facts", "Limits", "Pattern", "Score",
    "Verdict", "alike", "essence", "fits", "for_value", "verdict", "within", "without_numbers",
]  # fmt: skip
