"""Mappings: rows of target path ← JSONata expression, compiled once and run on documents."""

from integrations.mapping.compiled import CompiledMapping, Outcome, compile_mapping
from integrations.mapping.current import MISSING
from integrations.mapping.source import MappingSyntaxError, Row

__all__ = [
    "MISSING",
    "CompiledMapping",
    "MappingSyntaxError",
    "Outcome",
    "Row",
    "compile_mapping",
]
