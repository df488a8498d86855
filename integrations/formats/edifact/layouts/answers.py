"""Answers to what was sent: CONTRL for the syntax, APERAK for the content."""

from integrations.formats.edifact.layouts.groups import REFS, under

_MESSAGES = """
UCM 999999 #UCM >sets
  UCS 999 #UCS >errors
    UCD 99 >elements
"""

ANSWERS = {
    "CONTRL": f"""
UCI 1 !
{_MESSAGES}
UCF 999999 #UCF >groups
{under(_MESSAGES)}
""",
    "APERAK": f"""
BGM 1 !
DTM 9 >dates
FTX 9 >texts
CNT 9 >counts
DOC 99 #DOC >documents
  DTM 99 >dates
{REFS}
NAD 9 #NAD >parties
  CTA 9 >contacts
  COM 9 >channels
ERC 99999 #ERC >errors
  FTX 9 >texts
  RFF 9 #RFF >refs
    FTX 9 >texts
""",
}
