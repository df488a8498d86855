"""Service level objectives: what was promised, what came of it, whose the misses were, and what may be left.

Pure: evidence, exclusions, hours and the time come in; figures go out, the same for the same evidence.
"""

from monitoring.clocks.turns import Party
from monitoring.slo.attribution import PARTIES, Shares
from monitoring.slo.budget import Budget, budget, burn_rate
from monitoring.slo.burn import POLICIES, Alert, Count, Policy, alerts, burn_windows
from monitoring.slo.defaults import TIERS, Tier, default, defaults
from monitoring.slo.evaluate import Comparison, evaluate, rates, what_if
from monitoring.slo.evidence import Batch, Event, Evidence, Feed, Hold, Reading, Track
from monitoring.slo.exclusions import Exclusion, ExclusionError, LeftOut, Recurrence
from monitoring.slo.intervals import Interval
from monitoring.slo.objective import Objective, ObjectiveError, path_text
from monitoring.slo.openslo import to_openslo
from monitoring.slo.openslo_read import from_openslo
from monitoring.slo.percentiles import percentile
from monitoring.slo.result import Result
from monitoring.slo.sketch import Sketch
from monitoring.slo.sli import SLIS, Sli, limit_words
from monitoring.slo.tally import Miss, Tally
from monitoring.slo.windows import TimeWindow, days, slots

__all__ = [
    "PARTIES",
    "POLICIES",
    "SLIS",
    "TIERS",
    "Alert",
    "Batch",
    "Budget",
    "Comparison",
    "Count",
    "Event",
    "Evidence",
    "Exclusion",
    "ExclusionError",
    "Feed",
    "Hold",
    "Interval",
    "LeftOut",
    "Miss",
    "Objective",
    "ObjectiveError",
    "Party",
    "Policy",
    "Reading",
    "Recurrence",
    "Result",
    "Shares",
    "Sketch",
    "Sli",
    "Tally",
    "Tier",
    "TimeWindow",
    "Track",
    "alerts",
    "budget",
    "burn_rate",
    "burn_windows",
    "days",
    "default",
    "defaults",
    "evaluate",
    "from_openslo",
    "limit_words",
    "path_text",
    "percentile",
    "rates",
    "slots",
    "to_openslo",
    "what_if",
]
