"""Invoices and credit notes: INVOIC."""

from integrations.formats.edifact.layouts import groups
from integrations.formats.edifact.layouts.groups import under

INVOICES = {
    "INVOIC": f"""
BGM 1 !
DTM 35 >dates
PAI 1 >payments
ALI 5 >conditions
IMD 1 >descriptions
FTX 99 >texts
LOC 10 >locations
GIR 10 >identities
RFF 9999 #RFF >refs
  DTM 5 >dates
  LOC 2 >locations
  MEA 5 >measures
  QTY 2 >quantities
  FTX 5 >texts
  MOA 2 >amounts
{groups.PARTIES}
  MOA 99 >amounts
{groups.TAXES}
{groups.CURRENCIES}
{groups.TERMS}
{groups.TRANSPORTS}
{groups.DELIVERY}
{groups.EQUIPMENT}
{groups.PACKAGINGS}
{groups.CHARGES}
{groups.REQUIREMENTS}
{groups.ADJUSTMENTS}
LIN 200000 #LIN >lines
  PIA 25 >ids
  PGI 99 >item_groups
  IMD 99 >descriptions
  MEA 5 >measures
  QTY 5 >quantities
  PCD 1 >percentages
  ALI 5 >conditions
  DTM 35 >dates
  GIN 1000 >numbers
  GIR 1000 >identities
  QVR 1 >variances
  EQD 1 >equipment
  FTX 99 >texts
  MOA 99 #MOA >amounts
    CUX 1 >currencies
{under(groups.TERMS)}
{under(groups.PRICE)}
{under(groups.REFS)}
{under(groups.PACKAGINGS)}
{under(groups.PLACES)}
{under(groups.TAXES)}
{under(groups.PARTIES)}
{under(groups.CHARGES)}
{under(groups.TRANSPORTS)}
{under(groups.DELIVERY)}
{under(groups.REQUIREMENTS)}
UNS 1 !
CNT 10 >counts
MOA 100 ! #MOA >amounts
  RFF 1 #RFF >refs
    DTM 5 >dates
TAX 10 #TAX >total_taxes
  MOA 9 >amounts
ALC 15 #ALC >total_charges
  ALI 1 >conditions
  MOA 2 >amounts
  FTX 1 >texts
""",
}
