"""Purchase orders, their changes and answers, and price catalogues: 850, 855, 860, 865, 832."""

_HEADER = """
CUR 1 =currency
REF 99 >refs
PER 5 >contacts
TXI 20 >taxes
FOB 9 =terms_of_delivery
CTP 9 >prices
SAC 50 >charges
ITD 9 >terms
DTM 20 >dates
PID 50 >descriptions
MEA 40 >measures
TD5 12 >routing
TD3 12 >equipment
TD1 12 >packaging
AMT 20 >amounts
N9 1000 #N9 >notes
  DTM 1 >dates
  MSG 1000 >messages
N1 200 #N1 >parties
  N2 2
  N3 2 =address
  N4 1 =address
  REF 12 >refs
  PER 5 >contacts
  TD5 12 >routing
"""

_LINE_DETAIL = """
  CUR 1 =currency
  CTP 25 >prices
  MEA 40 >measures
  PID 1000
  PO4 99
  REF 99 >refs
  SAC 50 >charges
  ITD 9 >terms
  DTM 20 >dates
  TD5 12 >routing
  TXI 20 >taxes
  AMT 20 >amounts
  QTY 50 >quantities
  SCH 200 >schedules
  SDQ 500 >splits
  N9 1000 #N9 >notes
    MSG 1000 >messages
  N1 200 #N1 >parties
    N2 2
    N3 2 =address
    N4 1 =address
  SLN 1000 #SLN >components
    PID 1000
    SAC 10 >charges
    PO4 1
"""

_TOTALS = """
CTT 1 =totals
AMT 5 =totals
"""

ORDERS = {
    "850": f"""
BEG 1 !
{_HEADER}
PO1 100000 #PO1 >lines
{_LINE_DETAIL}
{_TOTALS}
""",
    "855": f"""
BAK 1 !
{_HEADER}
PO1 100000 #PO1 >lines
{_LINE_DETAIL}
  ACK 104 #ACK >acknowledgements
    DTM 10 >dates
{_TOTALS}
""",
    "860": f"""
BCH 1 !
{_HEADER}
POC 100000 #POC >lines
{_LINE_DETAIL}
{_TOTALS}
""",
    "865": f"""
BCA 1 !
{_HEADER}
POC 100000 #POC >lines
{_LINE_DETAIL}
  ACK 104 #ACK >acknowledgements
    DTM 10 >dates
{_TOTALS}
""",
    "832": f"""
BCT 1 !
{_HEADER}
LIN 999999 #LIN >lines
  DTM 20 >dates
  REF 99 >refs
  CUR 1 =currency
  PID 1000
  MEA 40 >measures
  PO4 99
  QTY 50 >quantities
  SAC 50 >charges
  TD5 12 >routing
  FOB 9 =terms_of_delivery
  CTP 200 #CTP >prices
    DTM 10 >dates
  N1 200 #N1 >parties
    N4 1 =address
  SLN 1000 #SLN >components
    PID 1000
{_TOTALS}
""",
}
