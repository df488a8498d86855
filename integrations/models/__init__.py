"""The nouns of the middle floor."""

from integrations.models.as2 import As2Came, As2Went
from integrations.models.authorisation import Authorisation
from integrations.models.change import ChangeEvent, ChangeRequest
from integrations.models.contract import Contract
from integrations.models.endpoint import DoorRefusal, Endpoint, PollCursor
from integrations.models.flow import Flow, RoutingRules
from integrations.models.interchange import ControlNumber, Interchange
from integrations.models.lookup import LookupRow, LookupTable
from integrations.models.mapping import MappingVersion
from integrations.models.message import (
    Bite,
    Message,
    MessageEvent,
    Payload,
    Problem,
    RemovedPayload,
)
from integrations.models.onboarding import (
    ConformanceRun,
    EndpointTemplate,
    OnboardingBeat,
    OnboardingRun,
)
from integrations.models.payment import ToldPayment
from integrations.models.record import Binding, Record, RecordEvent, RecordVersion, RouteDecision
from integrations.models.resource import Resource, ResourceHour, ResourceRow, ResourceStep
from integrations.models.secret_link import SecretLink
from integrations.models.stock import Reservation
from integrations.models.traffic import (
    Delay,
    DelayDelta,
    NewRecords,
    NewRecordsDelta,
    Traffic,
    TrafficDelta,
)
from integrations.models.version import Kind, Version

__all__ = [
    "As2Came",
    "As2Went",
    "Authorisation",
    "Binding",
    "Bite",
    "ChangeEvent",
    "ChangeRequest",
    "ConformanceRun",
    "Contract",
    "ControlNumber",
    "Delay",
    "DelayDelta",
    "DoorRefusal",
    "Endpoint",
    "EndpointTemplate",
    "Flow",
    "Interchange",
    "Kind",
    "LookupRow",
    "LookupTable",
    "MappingVersion",
    "Message",
    "MessageEvent",
    "NewRecords",
    "NewRecordsDelta",
    "OnboardingBeat",
    "OnboardingRun",
    "Payload",
    "PollCursor",
    "Problem",
    "Record",
    "RecordEvent",
    "RecordVersion",
    "RemovedPayload",
    "Reservation",
    "Resource",
    "ResourceHour",
    "ResourceRow",
    "ResourceStep",
    "RouteDecision",
    "RoutingRules",
    "SecretLink",
    "ToldPayment",
    "Traffic",
    "TrafficDelta",
    "Version",
]
