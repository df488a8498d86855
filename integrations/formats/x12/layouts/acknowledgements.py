"""Answers to documents: functional 997 and 999, application advice 824."""

ACKNOWLEDGEMENTS = {
    "997": """
AK1 1 ! =group
AK2 999999 #AK2 >sets
  AK3 999999 #AK3 >errors
    AK4 99 >elements
  AK5 1
AK9 1 !
""",
    "999": """
AK1 1 ! =group
AK2 999999 #AK2 >sets
  IK3 999999 #IK3 >errors
    CTX 10 >contexts
    IK4 99 >elements
      CTX 10 >contexts
  IK5 1
AK9 1 !
""",
    "824": """
BGN 1 !
N1 200 #N1 >parties
  N2 2
  N3 2 =address
  N4 1 =address
  REF 12 >refs
  PER 3 >contacts
OTI 10000 #OTI >results
  REF 12 >refs
  DTM 2 >dates
  PER 3 >contacts
  AMT 10 >amounts
  QTY 10 >quantities
  TED 10000 #TED >errors
    NTE 100 >notes
    REF 12 >refs
""",
}
