"""What a person enters for an X12 warehouse."""

from dataclasses import replace

from integrations.connectors.connection import Setting
from integrations.connectors.edi_files.settings import (
    CHARACTER_WORDS,
    CHARACTERS,
    CHARSETS,
    TA1,
    places,
)

SUM, EACHES = "sum of the quantities", "eaches"

SETTINGS = (
    Setting(
        "own_id",
        "Our id",
        "ISA06 of our files, ISA08 of theirs, without padding.",
        part="Who both are",
    ),
    Setting("own_qualifier", "Kind of our id", "ISA05.", required=False, default="ZZ"),
    Setting("partner_id", "Warehouse's id", "ISA08 of our files, ISA06 of theirs."),
    Setting(
        "partner_qualifier", "Kind of the warehouse's id", "ISA07.", required=False, default="ZZ"
    ),
    Setting("version", "Version", "GS08, such as 004010.", required=False, default="004010"),
    Setting(
        "usage",
        "Production or test",
        "ISA15. Files with the other letter are held.",
        required=False,
        default="P",
        kind="choice",
        choices=("P", "T"),
        words=("production (P)", "test (T)"),
    ),
    Setting(
        "delimiters",
        "Delimiters",
        "Of our files: element, component and segment, and repetition from version 004020.",
        required=False,
        default="*>~",
        seldom=True,
    ),
    Setting(
        "characters",
        "Characters the warehouse reads",
        "Others are rewritten.",
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
        "For files that are not UTF-8.",
        required=False,
        default="iso-8859-1",
        kind="choice",
        choices=CHARSETS,
        seldom=True,
    ),
    Setting(
        "w76_basis",
        "Total of a 940",
        "What W76-01 counts: quantities in whatever unit, or eaches.",
        required=False,
        default=SUM,
        kind="choice",
        choices=(SUM, EACHES),
        seldom=True,
    ),
    Setting(
        "sets_per_file",
        "Orders a file",
        "The most documents one file carries.",
        required=False,
        default=200,
        kind="number",
        seldom=True,
    ),
    *(replace(s, part="How files go" if s.name == "protocol" else "") for s in places("warehouse")),
    Setting(
        "site",
        "Site",
        "The warehouse's site code, such as RNO1.",
        required=False,
        default="",
        part="The warehouse",
    ),
    Setting(
        "depositor_name", "Depositor's name", "N1*DE of our files.", required=False, default=""
    ),
    Setting(
        "warehouse_name", "Warehouse's name", "N1*WH of our files.", required=False, default=""
    ),
    Setting(
        "freight_payment",
        "Who pays the freight",
        "W66-01: PP prepaid, CC collect, TP third party.",
        required=False,
        default="PP",
        seldom=True,
    ),
    Setting("mode", "Mode", "W66-02: U parcel, M motor.", required=False, default="M", seldom=True),
    Setting(
        "lenient",
        "Tolerated oddities",
        "Codes of issues that shall not hold a file, one per line, such as set_count_mismatch.",
        required=False,
        default="",
        kind="lines",
        seldom=True,
    ),
    Setting(
        "full_846",
        "An 846 is complete",
        "Items it does not name are at zero.",
        required=False,
        default=False,
        kind="flag",
        seldom=True,
    ),
    Setting(
        "sign_by_reason",
        "The reason of a 947 gives the sign",
        "For warehouses that send decreases as plain numbers.",
        required=False,
        default=False,
        kind="flag",
        seldom=True,
    ),
    Setting(
        "damaged_apart",
        "A 944 counts damaged goods apart",
        "W07 leaves out what W13 calls damaged.",
        required=False,
        default=False,
        kind="flag",
        seldom=True,
    ),
    TA1,
    Setting(
        "time_zone",
        "Time zone of the warehouse",
        "X12 has local times, such as America/Los_Angeles.",
        required=False,
        default="UTC",
    ),
    Setting(
        "ack_hours",
        "Acknowledges within",
        "Hours in which the 997 for our file comes; after them a case opens. 0: it never comes.",
        required=False,
        default=4,
        kind="number",
    ),
)
