"""The nouns of the middle floor."""

from integrations.models.endpoint import DoorRefusal, Endpoint, PollCursor
from integrations.models.flow import Flow, RoutingRules
from integrations.models.interchange import ControlNumber, Interchange
from integrations.models.lookup import LookupRow, LookupTable
from integrations.models.mapping import MappingVersion
from integrations.models.message import Bite, Message, MessageEvent, Payload, Problem
from integrations.models.record import Binding, Record, RecordEvent, RecordVersion, RouteDecision
from integrations.models.stock import Reservation

__all__ = [
    "Binding",
    "Bite",
    "ControlNumber",
    "DoorRefusal",
    "Endpoint",
    "Flow",
    "Interchange",
    "LookupRow",
    "LookupTable",
    "MappingVersion",
    "Message",
    "MessageEvent",
    "Payload",
    "PollCursor",
    "Problem",
    "Record",
    "RecordEvent",
    "RecordVersion",
    "Reservation",
    "RouteDecision",
    "RoutingRules",
]
