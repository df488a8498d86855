"""Price catalogues: PRICAT. Lines stand in groups of goods or by themselves."""

from integrations.formats.edifact.layouts import groups
from integrations.formats.edifact.layouts.groups import under

_LINE = f"""
LIN 999999 #LIN >lines
  PIA 99 >ids
  IMD 999 >descriptions
  MEA 10 >measures
  QTY 10 >quantities
  HAN 5 >handling
  ALI 5 >conditions
  DTM 10 >dates
  RFF 99 >refs
  LOC 1 >locations
  DOC 1 >documents
  FTX 999 >texts
{under(groups.CHARACTERISTICS)}
{under(groups.TAXES)}
{under(groups.CURRENCIES)}
{under(groups.PRICE)}
    PCD 5 >percentages
    LOC 99 >locations
{under(groups.CHARGES)}
{under(groups.PACKAGINGS)}
{under(groups.TERMS)}
{under(groups.TRANSPORTS)}
{under(groups.DELIVERY)}
{under(groups.PARTIES)}
"""

PRICES = {
    "PRICAT": f"""
BGM 1 !
DTM 35 >dates
ALI 5 >conditions
FTX 99 >texts
{groups.REFS}
{groups.PARTIES}
{groups.TAXES}
{groups.CURRENCIES}
{groups.TERMS}
{groups.TRANSPORTS}
{groups.DELIVERY}
{groups.CHARGES}
{_LINE}
PGI 1000 #PGI >item_groups
  DTM 15 >dates
  QTY 10 >quantities
  ALI 5 >conditions
  FTX 5 >texts
{under(groups.CURRENCIES)}
{under(groups.PRICE)}
{under(groups.TAXES)}
{under(groups.CHARGES)}
{under(groups.PARTIES)}
{under(groups.TERMS)}
{under(groups.TRANSPORTS)}
{under(groups.DELIVERY)}
{under(groups.PACKAGINGS)}
{under(_LINE)}
UNS 1
CNT 10 >counts
""",
}
