"""Figures that stay what they were: canonical bytes, hashes, chains, signatures, corrections. Pure.

Whoever touches one row of evidence, one figure or one statement is found, and the thing is named.
"""

from monitoring.seal.adjustment import Adjustment, Change, UnfitAdjustmentError, adjusted
from monitoring.seal.chain import Flaw, Link, link
from monitoring.seal.difference import MISSING, Difference, difference
from monitoring.seal.evidence import Entry, Finding, Row, listing, root
from monitoring.seal.paths import value_at
from monitoring.seal.signature import SeedSigner, Signature, Signer
from portal.core.canonical import canonical, digest, plain

__all__ = [
    "MISSING", "Adjustment", "Change", "Difference", "Entry", "Finding", "Flaw", "Link", "Row", "SeedSigner",
    "Signature", "Signer", "UnfitAdjustmentError", "adjusted", "canonical", "difference", "digest", "link",
    "listing", "plain", "root", "value_at",
]  # fmt: skip
