"""Segment groups that several messages have."""

from textwrap import indent


def under(group: str, levels: int = 1) -> str:
    """The group's lines, indented so that they belong to what stands above them."""
    return indent(group.strip("\n"), "  " * levels)


REFS = """
RFF 9999 #RFF >refs
  DTM 5 >dates
"""

PARTIES = """
NAD 999 #NAD >parties
  LOC 25 >locations
  FII 5 >accounts
  RFF 9999 #RFF >refs
    DTM 5 >dates
  DOC 5 #DOC >documents
    DTM 5 >dates
  CTA 99 #CTA >contacts
    COM 9 >channels
"""

TAXES = """
TAX 99 #TAX >taxes
  MOA 9 >amounts
  DTM 1 >dates
  LOC 5 >locations
"""

CURRENCIES = """
CUX 99 #CUX >currencies
  PCD 5 >percentages
  DTM 5 >dates
"""

TERMS = """
PAT 10 #PAT >terms
  DTM 5 >dates
  PCD 99 >percentages
  MOA 1 >amounts
  PAI 1 >payments
  FII 1 >accounts
"""

TRANSPORTS = """
TDT 10 #TDT >transports
  PCD 6 >percentages
  TMD 1 =movement
  DTM 10 >dates
  LOC 10 #LOC >locations
    DTM 10 >dates
  RFF 9999 #RFF >refs
    DTM 5 >dates
"""

DELIVERY = """
TOD 10 #TOD >delivery_terms
  LOC 5 >locations
  FTX 5 >texts
"""

EQUIPMENT = """
EQD 9999 #EQD >equipment
  HAN 10 >handling
  MEA 5 >measures
  SEL 25 >seals
  FTX 10 >texts
"""

MARKS = """
PCI 1000 #PCI >marks
  RFF 1 >refs
  DTM 5 >dates
  MEA 10 >measures
  QTY 9 >quantities
  GIR 99 #GIR >identities
    DTM 5 >dates
  GIN 9999 #GIN >numbers
    DLM 100 >limits
  HAN 10 >handling
"""

PACKAGINGS = f"""
PAC 9999 #PAC >packagings
  MEA 10 >measures
  QTY 99 >quantities
  DTM 5 >dates
  HAN 10 >handling
  RFF 1 >refs
  GIN 99 #GIN >numbers
    DLM 10 >limits
{under(MARKS)}
"""

CHARGES = """
ALC 9999 #ALC >charges
  ALI 5 >conditions
  DTM 9 >dates
  FTX 1 >texts
  RFF 5 #RFF >refs
    DTM 5 >dates
  QTY 10 #QTY >quantities
    RNG 1 =range
  PCD 99 #PCD >percentages
    RNG 1 =range
  MOA 10 #MOA >amounts
    RNG 1 =range
    CUX 1 >currencies
    DTM 1 >dates
  RTE 10 #RTE >rates
    RNG 1 =range
  TAX 5 #TAX >taxes
    MOA 2 >amounts
    DTM 1 >dates
"""

PRICE = """
PRI 100 #PRI >prices
  CUX 1 >currencies
  APR 99 >price_changes
  RNG 1 =range
  DTM 5 >dates
"""

REQUIREMENTS = """
RCS 999 #RCS >requirements
  RFF 5 >refs
  DTM 5 >dates
  FTX 9999 >texts
"""

SCHEDULES = """
SCC 100 #SCC >schedules
  FTX 5 >texts
  RFF 5 >refs
  QTY 10 #QTY >quantities
    DTM 5 >dates
"""

ADJUSTMENTS = """
AJT 1 #AJT >adjustments
  FTX 5 >texts
"""

CHARACTERISTICS = """
CCI 999 #CCI >characteristics
  CAV 10 >values
  MEA 10 >measures
"""

PLACES = """
LOC 9999 #LOC >locations
  QTY 100 >quantities
  PCD 1 >percentages
  DTM 5 >dates
"""

# How something is, and what was done about it.
FINDINGS = """
CDI 99 #CDI >findings
  INP 5 >instructions
"""
