"""Which fields and lookup tables a row's source reads, erring on the side of too many."""

import re

_TEXTS = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'')
_CHAINS = re.compile(r"(?<![\w$.])[A-Za-z_]\w*(?:\[[^\]]*\])?(?:\.[A-Za-z_]\w*)*")
_BRACKETS = re.compile(r"\[[^\]]*\]")
_LOOKUPS = re.compile(r"\$lookup\(\s*[\"']([^\"']+)")


def chains(source: str) -> set[str]:
    """The paths that stand in the source, as they stand there: `ship_to.city`, `sku`."""
    plain = _TEXTS.sub(" ", source)
    return {_BRACKETS.sub("", chain) for chain in _CHAINS.findall(plain)}


def reads(source: str, field: str) -> bool:
    """Whether a source may read a field of the document (`lines[].sku`): within a loop only the end of
    its path stands in the source."""
    path = field.replace("[]", "")
    return any(
        path == chain or path.endswith(f".{chain}") or path.startswith(f"{chain}.")
        for chain in chains(source)
    )


def lookups(source: str) -> set[str]:
    """The tables a source asks."""
    return set(_LOOKUPS.findall(source))
