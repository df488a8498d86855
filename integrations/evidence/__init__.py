"""Evidence: what a changed configuration does to real documents, weighed before it goes live."""

from integrations.evidence.changes import DocumentChange, FieldChange, compare
from integrations.evidence.evidence import Concern, Counts, Evidence, FieldEvidence, Sample
from integrations.evidence.result import Result, result_of
from integrations.evidence.weigh import weigh

__all__ = [
    "Concern",
    "Counts",
    "DocumentChange",
    "Evidence",
    "FieldChange",
    "FieldEvidence",
    "Result",
    "Sample",
    "compare",
    "result_of",
    "weigh",
]
