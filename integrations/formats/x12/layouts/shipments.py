"""Goods on their way and back: ship notice 856, return authorisation 180."""

SHIPMENTS = {
    "856": """
BSN 1 !
DTM 10 >dates
HL 200000 #HL >levels
  LIN 1
  SN1 1
  SLN 1000 >components
  PRF 1
  PO4 99
  PID 200
  MEA 40 >measures
  TD1 20 >packaging
  TD5 12 >routing
  TD3 12 >equipment
  REF 9999 >refs
  PER 3 >contacts
  MAN 9999 >marks GM=sscc CP=tracking
  DTM 10 >dates
  FOB 1 =terms_of_delivery
  ITD 5 >terms
  PAL 1 =pallet
  SDQ 500 >splits
  AMT 10 >amounts
  SAC 10 >charges
  CUR 1 =currency
  N1 200 #N1 >parties
    N2 2
    N3 2 =address
    N4 1 =address
    REF 12 >refs
    PER 3 >contacts
CTT 1 =totals
""",
    "180": """
BGN 1 !
RDR 1 =decision
DTM 10 >dates
PER 3 >contacts
N9 20 >refs
N1 100 #N1 >parties
  N2 2
  N3 2 =address
  N4 1 =address
  REF 12 >refs
  PER 3 >contacts
BLI 100000 #BLI >lines
  N9 50 >refs
  RDR 1 =decision
  PID 200
  DTM 10 >dates
  QTY 50 #QTY >quantities
    RDR 1 =decision
    AMT 5 >amounts
    DTM 10 >dates
  AMT 10 >amounts
  TD5 12 >routing
CTT 1 =totals
""",
}
