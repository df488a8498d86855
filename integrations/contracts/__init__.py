"""Contracts: what an endpoint's documents looked like when it was agreed, and how one drifts from it.

A contract is a JSON Schema (a part of draft 2020-12) of the documents as the system sends them.
"""

from integrations.contracts.accept import accept
from integrations.contracts.contract import Contract, Drift
from integrations.contracts.infer import infer
from integrations.contracts.sound import problems_with

__all__ = ["Contract", "Drift", "accept", "infer", "problems_with"]
