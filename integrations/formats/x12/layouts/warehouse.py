"""Between depositor and warehouse: 940, 943, 944, 945, 947, and the inventory advice 846."""

_PARTIES = """
N1 10 #0100 >parties
  N2 2
  N3 2 =address
  N4 1 =address
  PER 5 >contacts
"""

_LINE_DETAIL = """
    G69 5
    N9 200 >refs LT=lot
    W20 10 >weights
    QTY 10 >quantities
    MEA 40 >measures
    AMT 10 >amounts
"""

WAREHOUSE = {
    "940": f"""
W05 1 !
{_PARTIES}
N9 20 >refs
G61 5 >contacts
G62 10 >dates
NTE 20 >notes
W09 2 >temperatures
W66 1 =carrier
LX 999999 ! #0300 >>lines
  MAN 9999 >marks GM=sscc CP=tracking
  W01 999999 ! #0310 >lines
{_LINE_DETAIL.replace(" LT=lot", "")}
W76 1 =totals
""",
    "943": f"""
W06 1 !
{_PARTIES}
N9 20 >refs
G61 5 >contacts
G62 10 >dates
NTE 20 >notes
W27 1 =carrier
W28 1 =consolidation
W10 1 =equipment
W04 999999 ! #0200 >lines
{_LINE_DETAIL.replace("    ", "  ")}
W03 1 =totals
""",
    "944": f"""
W17 1 !
{_PARTIES}
N9 20 >refs
G61 5 >contacts
G62 10 >dates
NTE 20 >notes
W08 1 =carrier
W07 999999 ! #0200 >lines
{_LINE_DETAIL.replace("    ", "  ").replace(" LT=lot", "")}
  W13 10 >exceptions
W14 1 =totals
""",
    "945": f"""
W06 1 !
{_PARTIES}
N9 50 >refs
G61 5 >contacts
G62 10 >dates
NTE 20 >notes
W27 1 =carrier
W28 1 =consolidation
W10 1 =equipment
G72 20 >charges
LX 999999 ! #0300 >>lines
  MAN 999999 >marks GM=sscc CP=tracking
  PAL 1 =pallet
  W12 999999 ! #0310 >lines
{_LINE_DETAIL}
W03 1 =totals
""",
    "947": f"""
W15 1 !
{_PARTIES}
N9 20 >refs
G62 10 >dates
NTE 20 >notes
W19 999999 ! #0200 >lines
  NTE 10 >notes
  G69 5
  N9 200 >refs LT=lot_ref
  N1 10 >parties
    N2 2
    N3 2 =address
    N4 1 =address
  W20 10 >weights
  QTY 10 >quantities
""",
    "846": f"""
BIA 1 !
DTM 10 >dates
REF 20 >refs
PER 3 >contacts
{_PARTIES}
  REF 20 >refs
LIN 999999 #LIN >lines
  PID 200
  MEA 40 >measures
  PO4 1
  REF 200 >refs LT=lot
  DTM 15 >dates
  CTP 25 >prices
  N1 200 >parties
    N4 1 =address
  QTY 99 #QTY >quantities
    DTM 15 >dates
    REF 99 >refs
    N1 25 >parties
  SDQ 500 >splits
CTT 1 =totals
""",
}
