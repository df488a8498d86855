"""Inventory reports: INVRPT. A quantity stands below its line, or below a movement (INV)."""

from integrations.formats.edifact.layouts import groups
from integrations.formats.edifact.layouts.groups import under

_QUANTITY = f"""
QTY 9999 #QTY >quantities
  GIN 9999 >numbers
  LOC 5 >locations
  DTM 5 >dates
  STS 9 >states
  NAD 5 #NAD >parties
    LOC 1 >locations
  PRI 5 #PRI >prices
    CUX 1 >currencies
    DTM 1 >dates
  RFF 10 #RFF >refs
    DTM 1 >dates
  CPS 9999 #CPS >levels
{under(groups.PACKAGINGS, 2)}
"""

STOCK = {
    "INVRPT": f"""
BGM 1 !
FTX 99 >texts
DTM 10 >dates
{groups.REFS}
{groups.PARTIES}
{groups.CURRENCIES}
CPS 9999 #CPS >levels
  PAC 999 #PAC >packagings
    PCI 1000 >marks
    QTY 9999 #QTY >quantities
      GIN 9999 >numbers
      DTM 5 >dates
LIN 999999 #LIN >lines
  PIA 10 >ids
  IMD 10 >descriptions
  NAD 1 >parties
  MEA 10 >measures
  ALI 10 >conditions
  GIN 9999 >numbers
  LOC 5 >locations
  DTM 5 >dates
  FTX 99 >texts
{under(groups.REFS)}
{under(_QUANTITY)}
  INV 9999 #INV >movements
{under(_QUANTITY, 2)}
UNS 1
CNT 10 >counts
""",
}
