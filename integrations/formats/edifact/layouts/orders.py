"""Purchase orders, their changes and their answers: ORDERS, ORDCHG, ORDRSP."""

from integrations.formats.edifact.layouts import groups
from integrations.formats.edifact.layouts.groups import under

_ORDER = f"""
BGM 1 !
DTM 35 >dates
PAI 1 >payments
ALI 5 >conditions
IMD 999 >descriptions
FTX 99 >texts
GIR 10 >identities
{groups.REFS}
{groups.ADJUSTMENTS}
{groups.PARTIES}
{groups.TAXES}
{groups.CURRENCIES}
{groups.TERMS}
{groups.TRANSPORTS}
{groups.DELIVERY}
{groups.PACKAGINGS}
{groups.EQUIPMENT}
{groups.SCHEDULES}
APR 25 #APR >price_changes
  DTM 5 >dates
  RNG 1 =range
{groups.CHARGES}
{groups.REQUIREMENTS}
LIN 200000 #LIN >lines
  PIA 25 >ids
  IMD 99 >descriptions
  MEA 99 >measures
  QTY 99 >quantities
  PCD 5 >percentages
  ALI 5 >conditions
  DTM 35 >dates
  MOA 10 >amounts
  GIN 1000 >numbers
  GIR 1000 >identities
  QVR 1 >variances
  DOC 99 >documents
  PAI 1 >payments
  FTX 99 >texts
{under(groups.CHARACTERISTICS)}
{under(groups.TERMS)}
{under(groups.ADJUSTMENTS)}
{under(groups.PRICE)}
{under(groups.REFS)}
{under(groups.PACKAGINGS)}
{under(groups.PLACES)}
{under(groups.TAXES)}
{under(groups.PARTIES)}
{under(groups.CHARGES)}
{under(groups.TRANSPORTS)}
{under(groups.DELIVERY)}
{under(groups.EQUIPMENT)}
{under(groups.SCHEDULES)}
{under(groups.REQUIREMENTS)}
UNS 1 !
MOA 12 >amounts
CNT 10 >counts
ALC 10 #ALC >total_charges
  ALI 1 >conditions
  MOA 2 >amounts
"""

ORDERS = dict.fromkeys(("ORDERS", "ORDCHG", "ORDRSP"), _ORDER)
