from monitoring.models.bulk import BulkAction, BulkItem
from monitoring.models.case import CaseCause, CaseSpan, ExceptionCase
from monitoring.models.event import CaseEvent
from monitoring.models.expectation import Expectation, MarkedDays, Silence
from monitoring.models.fix import Fix, FixItem
from monitoring.models.lease import Lease
from monitoring.models.leg import Leg, LegMark
from monitoring.models.outage import Outage
from monitoring.models.overlap import Overlap
from monitoring.models.question import CaseQuestion
from monitoring.models.rule import RemedyRule, RuleStep
from monitoring.models.team import AssignmentRule, Team
from monitoring.models.view import SavedView

__all__ = [
    "AssignmentRule",
    "BulkAction",
    "BulkItem",
    "CaseCause",
    "CaseEvent",
    "CaseQuestion",
    "CaseSpan",
    "ExceptionCase",
    "Expectation",
    "Fix",
    "FixItem",
    "Lease",
    "Leg",
    "LegMark",
    "MarkedDays",
    "Outage",
    "Overlap",
    "RemedyRule",
    "RuleStep",
    "SavedView",
    "Silence",
    "Team",
]
