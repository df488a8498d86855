"""What is kept how long, what must not be erased, and what was."""

from portal.privacy.models.erasure import Erasure
from portal.privacy.models.hold import LegalHold
from portal.privacy.models.retention import RetentionChoice, RetentionDay, RetentionMark

__all__ = ["Erasure", "LegalHold", "RetentionChoice", "RetentionDay", "RetentionMark"]
