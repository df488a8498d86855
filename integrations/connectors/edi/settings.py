"""What a person enters for a trading partner."""

from dataclasses import replace
from typing import Final

from integrations.connectors import as2_partner
from integrations.connectors.connection import Setting
from integrations.connectors.edi import places
from integrations.connectors.edi_files.settings import (
    CHARACTER_WORDS,
    CHARACTERS,
    CHARSETS,
    TA1,
)
from integrations.connectors.edi_files.settings import places as file_places

FILES, AS2 = "files on a server", "AS2 messages"
BUYER, SUPPLIER = "buyer", "supplier"
SITES, BUYERS = "our sites", "the buyers of our orders"
X12, EDIFACT = "X12", "EDIFACT"
NET, DELTA = "the whole order", "only what differs"
EVERY_LINE = "every line"
BY_855, BY_865 = "855", "865"
PRICES, PRODUCTS = "prices", "prices and products"
ALWAYS, ASKED, NEVER = "always", "when asked for", "never"
X12_VERSIONS: Final = {
    "4010": "004010", "4010 VICS": "004010VICS", "4010 UCS": "004010UCS", "5010": "005010",
}  # fmt: skip
EDIFACT_VERSIONS: Final = {"D.96A": "D:96A:UN", "D.01B": "D:01B:UN"}


def _delimiters_fault(text: str) -> str:
    marks = text.replace(" ", "")
    if len(text) not in (3, 4, 6):
        return "Enter 3 or 4 characters for X12, or the 6 of a UNA for EDIFACT."
    if any(mark.isalnum() for mark in marks) or len(set(marks)) < len(marks):
        return "No delimiter is a letter or digit, and no two are the same."
    return ""


def _document_code_fault(text: str) -> str:
    is_code = text.isascii() and text.isalnum() and text.upper() == text and len(text) <= 3
    return "" if is_code else "Enter up to three capital letters and digits, such as Z01."


def _for_files(setting: Setting) -> Setting:
    """A setting of the server or its folders, wanted only where files lie on one. What hangs on the protocol
    does so through it; a host key is needed for SFTP alone, senders for a mailbox, and the connection test
    misses them there."""
    if setting.name in {"host_key", "senders"}:
        return replace(setting, required=False)
    return setting if setting.when else replace(setting, when=("transport", FILES))


# In the order in which a partner is asked: who both are, the way of the files, what documents say.
SETTINGS: Final = (
    Setting(
        "partner_is",
        "The partner is",
        "A buyer sends orders and takes shipping notices and invoices; a supplier takes orders and sends"
        " those.",
        required=False,
        default=BUYER,
        kind="choice",
        choices=(BUYER, SUPPLIER),
        part="Who both are",
    ),
    Setting(
        "syntax",
        "Syntax",
        "Of the files both ways.",
        required=False,
        default=X12,
        kind="choice",
        choices=(X12, EDIFACT),
    ),
    Setting(
        "x12_version",
        "Version of X12",
        "GS08 of our files.",
        required=False,
        default="4010",
        kind="choice",
        choices=tuple(X12_VERSIONS),
        when=("syntax", X12),
    ),
    Setting(
        "edifact_version",
        "Directory of EDIFACT",
        "UNH of our messages.",
        required=False,
        default="D.96A",
        kind="choice",
        choices=tuple(EDIFACT_VERSIONS),
        when=("syntax", EDIFACT),
    ),
    Setting("own_id", "Our id", "ISA06 or UNB 0004 of our files, without padding."),
    Setting(
        "own_qualifier",
        "Kind of our id",
        "ISA05 or UNB 0007. Empty: ZZ in X12, 14 in EDIFACT.",
        required=False,
        default="",
    ),
    Setting("partner_id", "Partner's id", "ISA08 or UNB 0010 of our files."),
    Setting(
        "partner_qualifier",
        "Kind of the partner's id",
        "ISA07 or UNB 0007. Empty: ZZ in X12, 14 in EDIFACT.",
        required=False,
        default="",
    ),
    Setting(
        "usage",
        "Production or test",
        "ISA15, or UNB 0035. Files marked otherwise are held.",
        required=False,
        default="P",
        kind="choice",
        choices=("P", "T"),
        words=("production (P)", "test (T)"),
    ),
    Setting(
        "transport",
        "Way of the files",
        "Over SFTP or FTPS into folders, in as attachments of mails, or posted as AS2 messages, for which the"
        " partner gets the address of this endpoint.",
        required=False,
        default=FILES,
        kind="choice",
        choices=(FILES, AS2),
        place=True,
        part="How files go",
    ),
    *(_for_files(setting) for setting in file_places("partner")),
    *as2_partner.settings_when("transport", AS2),
    Setting(
        "own_name",
        "Our name",
        "As the partner knows us.",
        required=False,
        default="",
        part="What documents say",
    ),
    Setting(
        "own_code",
        "Our number at the partner",
        "The vendor number, or our GLN. Empty: our id.",
        required=False,
        default="",
    ),
    Setting(
        "partner_name",
        "Partner's name",
        "Of orders that name no buyer, and in our documents.",
        required=False,
        default="",
    ),
    Setting(
        "currency",
        "Currency",
        "Of orders that name none, such as USD.",
        required=False,
        default="USD",
    ),
    Setting(
        "places",
        "Ship-to places",
        "Places that orders name by their code only, one a line: code | name | street | city | region |"
        " postal code | country.",
        required=False,
        default="",
        kind="lines",
        check=places.fault,
        when=("partner_is", BUYER),
    ),
    Setting(
        "site",
        "Site",
        "Whose stock and notices the supplier sends. Empty: as its documents say.",
        required=False,
        default="",
        when=("partner_is", SUPPLIER),
    ),
    Setting(
        "ships_to",
        "The supplier ships to",
        "To our sites, and his notices announce goods there; or to the buyers of our orders (drop-ship), and"
        " his notices say that an order left.",
        required=False,
        default=SITES,
        kind="choice",
        choices=(SITES, BUYERS),
        when=("partner_is", SUPPLIER),
    ),
    Setting(
        "order_prices",
        "Our orders show prices",
        "Those of the order, which are what our buyer pays unless the order is a purchase. Without them"
        " the supplier goes by his list, and his prices are not compared.",
        required=False,
        default=False,
        kind="flag",
        when=("partner_is", SUPPLIER),
    ),
    Setting(
        "time_zone",
        "Time zone of the partner",
        "Documents have local times, such as America/Los_Angeles.",
        required=False,
        default="UTC",
    ),
    Setting(
        "answer_orders",
        "Answer orders",
        "Send an 855 or ORDRSP that accepts an order, once it is taken here.",
        required=False,
        default=True,
        kind="flag",
        when=("partner_is", BUYER),
    ),
    Setting(
        "ack_hours",
        "Acknowledges within",
        "Hours in which the 997 or CONTRL for our file comes; after them a case opens. 0: it never comes.",
        required=False,
        default=24,
        kind="number",
    ),
    Setting(
        "changes",
        "An order change says",
        "An 860 or ORDCHG holds the whole order as it shall be, or only what differs. What only differs is"
        " held for a person.",
        required=False,
        default=NET,
        kind="choice",
        choices=(NET, DELTA),
        when=("partner_is", BUYER),
        seldom=True,
    ),
    Setting(
        "receipts",
        "A receiving advice says",
        "A RECADV names every line, so that what it leaves out did not come, or only what differs.",
        required=False,
        default=EVERY_LINE,
        kind="choice",
        choices=(EVERY_LINE, DELTA),
        when=("partner_is", BUYER),
        seldom=True,
    ),
    Setting(
        "answer_changes",
        "Answer changes with",
        "The set that answers an 860: an 855 that replaces the one before, or an 865. An ORDCHG is answered"
        " by an ORDRSP.",
        required=False,
        default=BY_855,
        kind="choice",
        choices=(BY_855, BY_865),
        when=("partner_is", BUYER),
        seldom=True,
    ),
    Setting(
        "catalogue",
        "Taken of catalogues",
        "The prices of an 832 or PRICAT alone, or its items as products too: those then go before products"
        " of the same number that other systems told of.",
        required=False,
        default=PRICES,
        kind="choice",
        choices=(PRICES, PRODUCTS),
        when=("partner_is", SUPPLIER),
        seldom=True,
    ),
    Setting(
        "price_list",
        "Name of the price list",
        "What the prices of the supplier's catalogue are called here. Empty: the partner's code.",
        required=False,
        default="",
        when=("partner_is", SUPPLIER),
        seldom=True,
    ),
    Setting(
        "full_846",
        "A stock report is complete",
        "Items it does not name are at zero.",
        required=False,
        default=False,
        kind="flag",
        when=("partner_is", SUPPLIER),
        seldom=True,
    ),
    Setting(
        "partner_code",
        "Partner's code",
        "N104 or NAD 3039 of the buyer in our documents. Empty: the partner's id.",
        required=False,
        default="",
        seldom=True,
    ),
    replace(TA1, when=("syntax", X12), seldom=True),
    Setting(
        "contrl",
        "Answer with CONTRL",
        "When each of the partner's interchanges is answered.",
        required=False,
        default=ASKED,
        kind="choice",
        choices=(ASKED, ALWAYS, NEVER),
        when=("syntax", EDIFACT),
        seldom=True,
    ),
    Setting(
        "drop_ship_code",
        "Code of drop-ship orders",
        "BGM 1001 of an ORDERS whose goods go straight to the buyer's customer, as you agreed it:"
        " EDIFACT's own list has none. Empty: 220, as every order.",
        required=False,
        default="",
        check=_document_code_fault,
        when=("syntax", EDIFACT),
        seldom=True,
    ),
    Setting(
        "associations",
        "Association codes",
        "A message type and its code a line, such as DESADV EAN005.",
        required=False,
        default="",
        kind="lines",
        when=("syntax", EDIFACT),
        seldom=True,
    ),
    Setting(
        "delimiters",
        "Delimiters",
        "Of our files. X12: element, component, segment, and repetition from version 004020. EDIFACT:"
        " the six of a UNA. Empty: *>~ or :+.? '.",
        required=False,
        default="",
        check=_delimiters_fault,
        seldom=True,
    ),
    Setting(
        "characters",
        "Characters the partner reads",
        "Others are rewritten: capitals only is UNOA, ASCII is UNOB.",
        required=False,
        default="extended",
        kind="choice",
        choices=CHARACTERS,
        words=CHARACTER_WORDS,
        seldom=True,
    ),
    Setting(
        "charset",
        "Charset of their files",
        "For files that are not UTF-8 and do not say it.",
        required=False,
        default="iso-8859-1",
        kind="choice",
        choices=CHARSETS,
        seldom=True,
    ),
    Setting(
        "sets_per_file",
        "Documents a file",
        "The most documents one file carries.",
        required=False,
        default=200,
        kind="number",
        seldom=True,
    ),
    Setting(
        "lenient",
        "Tolerated oddities",
        "Codes of issues that shall not hold a file, one per line, such as set_count_mismatch.",
        required=False,
        default="",
        kind="lines",
        seldom=True,
    ),
)
