"""Money: invoice 810, remittance 820."""

_REMITTANCE = """RMR 999999 #RMR >lines
  NTE 100 >notes
  REF 99 >refs
  DTM 20 >dates
  ADX 9999 >adjustments
"""

FINANCE = {
    "810": """
BIG 1 !
NTE 100 >notes
CUR 1 =currency
REF 99 >refs
PER 5 >contacts
N1 200 #N1 >parties
  N2 2
  N3 2 =address
  N4 1 =address
  REF 12 >refs
  PER 3 >contacts
ITD 9 >terms
DTM 20 >dates
FOB 1 =terms_of_delivery
PID 200 >descriptions
TD5 12 >routing
N9 100 #N9 >notes_more
  MSG 10 >messages
IT1 200000 #IT1 >lines
  QTY 5 >quantities
  CUR 1 =currency
  TXI 20 >taxes
  CTP 25 >prices
  MEA 40 >measures
  PID 1000
  PO4 99
  REF 99 >refs
  DTM 20 >dates
  ITD 9 >terms
  CAD 99 >carriers
  SDQ 500 >splits
  SAC 50 #SAC >charges
    TXI 20 >taxes
  SLN 1000 #SLN >components
    PID 1000
    SAC 50 >charges
  N1 200 #N1 >parties
    N4 1 =address
TDS 1 =totals
TXI 20 >taxes
CAD 1 =carrier
AMT 20 >amounts
SAC 50 #SAC >charges
  TXI 20 >taxes
ISS 50 >shipped
CTT 1 =totals
""",
    "820": f"""
BPR 1 !
NTE 100 >notes
TRN 1 =trace
CUR 1 =currency
REF 99 >refs
DTM 20 >dates
N1 200 #N1 >parties
  N2 2
  N3 2 =address
  N4 1 =address
  REF 12 >refs
  PER 3 >contacts
ENT 999999 #ENT >>lines
  {_REMITTANCE.strip().replace(chr(10), chr(10) + "  ")}
{_REMITTANCE}
""",
}
