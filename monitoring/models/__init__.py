from monitoring.models.alert import Alert, AlertCourse
from monitoring.models.alert_channel import AlertChannel
from monitoring.models.alert_message import AlertMessage
from monitoring.models.alert_rule import AlertRule, AlertStep
from monitoring.models.bulk import BulkAction, BulkItem
from monitoring.models.case import CaseCause, CaseSpan, ExceptionCase
from monitoring.models.day_books import DayBooks
from monitoring.models.event import CaseEvent
from monitoring.models.exclusion import Exclusion
from monitoring.models.expectation import Expectation, MarkedDays, Silence
from monitoring.models.fix import Fix, FixItem
from monitoring.models.lease import Lease
from monitoring.models.leg import Leg, LegMark
from monitoring.models.measured import ObjectiveDay, ObjectiveWindow
from monitoring.models.notification import (
    Notice,
    NoticeMail,
    NoticeMark,
    NotificationChoice,
)
from monitoring.models.objective import Objective
from monitoring.models.outage import Outage
from monitoring.models.overlap import Overlap
from monitoring.models.question import CaseQuestion
from monitoring.models.recon_break import Break, Correction
from monitoring.models.recon_run import ReconPart, ReconRow, ReconRun, ReconSnapshot
from monitoring.models.reconciliation import Reconciliation, ReconVersion
from monitoring.models.rota import Rota, RotaMember, RotaSwap
from monitoring.models.rule import RemedyRule, RuleStep
from monitoring.models.statement import (
    Statement,
    StatementAdjustment,
    StatementEvent,
    StatementEvidence,
)
from monitoring.models.statement_terms import StatementTerms
from monitoring.models.team import AssignmentRule, Team
from monitoring.models.uptime import Uptime
from monitoring.models.view import SavedView

__all__ = [
    "Alert",
    "AlertChannel",
    "AlertCourse",
    "AlertMessage",
    "AlertRule",
    "AlertStep",
    "AssignmentRule",
    "Break",
    "BulkAction",
    "BulkItem",
    "CaseCause",
    "CaseEvent",
    "CaseQuestion",
    "CaseSpan",
    "Correction",
    "DayBooks",
    "ExceptionCase",
    "Exclusion",
    "Expectation",
    "Fix",
    "FixItem",
    "Lease",
    "Leg",
    "LegMark",
    "MarkedDays",
    "Notice",
    "NoticeMail",
    "NoticeMark",
    "NotificationChoice",
    "Objective",
    "ObjectiveDay",
    "ObjectiveWindow",
    "Outage",
    "Overlap",
    "ReconPart",
    "ReconRow",
    "ReconRun",
    "ReconSnapshot",
    "ReconVersion",
    "Reconciliation",
    "RemedyRule",
    "Rota",
    "RotaMember",
    "RotaSwap",
    "RuleStep",
    "SavedView",
    "Silence",
    "Statement",
    "StatementAdjustment",
    "StatementEvent",
    "StatementEvidence",
    "StatementTerms",
    "Team",
    "Uptime",
]
