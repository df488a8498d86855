from monitoring.models.bulk import BulkAction, BulkItem
from monitoring.models.case import CaseCause, CaseSpan, ExceptionCase
from monitoring.models.event import CaseEvent
from monitoring.models.fix import Fix, FixItem
from monitoring.models.lease import Lease
from monitoring.models.leg import Leg, LegMark
from monitoring.models.outage import Outage
from monitoring.models.overlap import Overlap
from monitoring.models.question import CaseQuestion
from monitoring.models.recon_break import Break, Correction
from monitoring.models.recon_run import ReconPart, ReconRow, ReconRun, ReconSnapshot
from monitoring.models.reconciliation import Reconciliation, ReconVersion
from monitoring.models.rule import RemedyRule, RuleStep
from monitoring.models.team import AssignmentRule, Team
from monitoring.models.view import SavedView

__all__ = [
    "AssignmentRule",
    "Break",
    "BulkAction",
    "BulkItem",
    "CaseCause",
    "CaseEvent",
    "CaseQuestion",
    "CaseSpan",
    "Correction",
    "ExceptionCase",
    "Fix",
    "FixItem",
    "Lease",
    "Leg",
    "LegMark",
    "Outage",
    "Overlap",
    "ReconPart",
    "ReconRow",
    "ReconRun",
    "ReconSnapshot",
    "ReconVersion",
    "Reconciliation",
    "RemedyRule",
    "RuleStep",
    "SavedView",
    "Team",
]
