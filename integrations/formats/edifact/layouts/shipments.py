"""Goods on their way and at their end: DESADV, RECADV.

Lines stand below a CPS, the level of packing, or, before the first, below the message.
"""

from integrations.formats.edifact.layouts import groups
from integrations.formats.edifact.layouts.groups import under

_SHIPPED_LINE = f"""
LIN 999999 #LIN >lines
  PIA 10 >ids
  IMD 25 >descriptions
  MEA 10 >measures
  QTY 10 >quantities
  ALI 10 >conditions
  GIN 100 >numbers
  GIR 100 >identities
  DLM 100 >limits
  DTM 5 >dates
  NAD 99 >parties
  TDT 1 >transports
  HAN 20 >handling
  FTX 99 >texts
  MOA 5 >amounts
{under(groups.REFS)}
  DGS 9999 #DGS >dangers
    QTY 1 >quantities
    FTX 5 >texts
  LOC 100 #LOC >locations
    NAD 1 >parties
    DTM 1 >dates
    QTY 10 >quantities
{under(groups.MARKS)}
  QVR 10 #QVR >variances
    DTM 5 >dates
"""

_RECEIVED_LINE = f"""
LIN 999999 #LIN >lines
  PIA 10 >ids
  IMD 25 >descriptions
  QTY 10 >quantities
  QVR 10 >variances
  DTM 5 >dates
  PRI 1 >prices
  FTX 99 >texts
  NAD 99 >parties
{under(groups.FINDINGS)}
  DOC 10 #DOC >documents
{under(groups.FINDINGS, 2)}
  GIN 99 #GIN >numbers
{under(groups.FINDINGS, 2)}
  RFF 10 #RFF >refs
    DTM 1 >dates
    GEI 99 >process
    MOA 99 >amounts
    ALC 1 >charges
  PCI 9999 #PCI >marks
    QTY 1 >quantities
    QVR 1 >variances
{under(groups.FINDINGS, 2)}
    GIN 10 #GIN >numbers
{under(groups.FINDINGS, 3)}
"""

SHIPMENTS = {
    "DESADV": f"""
BGM 1 !
DTM 10 >dates
ALI 5 >conditions
FTX 99 >texts
MEA 5 >measures
MOA 5 >amounts
CUX 9 >currencies
{groups.REFS}
{groups.PARTIES}
{groups.DELIVERY}
{groups.TRANSPORTS}
{groups.EQUIPMENT}
{_SHIPPED_LINE}
CPS 9999 #CPS >levels
  FTX 5 >texts
  QVR 9 >variances
{under(groups.PACKAGINGS)}
{under(_SHIPPED_LINE)}
CNT 5 >counts
""",
    "RECADV": f"""
BGM 1 !
DTM 10 >dates
ALI 5 >conditions
CUX 9 >currencies
FTX 99 >texts
RFF 10 #RFF >refs
  DTM 1 >dates
  GEI 99 >process
  MOA 99 >amounts
  ALC 1 >charges
DOC 10 #DOC >documents
{under(groups.FINDINGS)}
{groups.PARTIES}
TOD 10 #TOD >delivery_terms
{under(groups.FINDINGS)}
  LOC 10 #LOC >locations
    CDI 10 >findings
TDT 10 #TDT >transports
  DTM 10 >dates
  CDI 20 >findings
EQD 9999 #EQD >equipment
{under(groups.FINDINGS)}
  SEL 25 #SEL >seals
    CDI 10 >findings
{_RECEIVED_LINE}
CPS 9999 #CPS >levels
  PAC 9999 #PAC >packagings
    QVR 1 >variances
    PCI 999 #PCI >marks
      RFF 1 >refs
{under(groups.FINDINGS, 3)}
      GIN 999 #GIN >numbers
{under(groups.FINDINGS, 4)}
{under(_RECEIVED_LINE)}
CNT 1 >counts
""",
}
