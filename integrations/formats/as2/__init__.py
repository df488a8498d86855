"""AS2 (RFC 4130): documents ↔ messages and receipts. Pure: no Django, no network, no clock.

`build` makes a message, `receive` takes one and makes its receipt, `read_receipt` and `judge` say
what a partner's receipt proves.
"""

from integrations.formats.as2.algorithms import Mic
from integrations.formats.as2.build import Built, Document, Expected, build
from integrations.formats.as2.disposition import Disposition, NotSendable, NotTaken
from integrations.formats.as2.profile import Agreement, KeyPair, Profile, fault_of, fingerprint
from integrations.formats.as2.receipt_reader import Receipt, is_receipt, judge, read_receipt
from integrations.formats.as2.receipt_writer import About, Answer
from integrations.formats.as2.receive import LARGEST, Earlier, Received, Refused, receive
from integrations.formats.as2.unwrap import Content, Protection

__all__ = [
    "LARGEST", "About", "Agreement", "Answer", "Built", "Content", "Disposition", "Document",
    "Earlier", "Expected", "KeyPair", "Mic", "NotSendable", "NotTaken", "Profile", "Protection",
    "Receipt", "Received", "Refused", "build", "fault_of", "fingerprint", "is_receipt", "judge",
    "read_receipt", "receive",
]  # fmt: skip
