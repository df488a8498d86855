"""The settings of an XML profile."""

import re
from typing import Final

from integrations.formats.flat.fields import Fields
from integrations.formats.flat.profile import Xml
from integrations.formats.flat.settings_columns import column_of, unique
from integrations.formats.flat.settings_common import common
from integrations.formats.flat.xml_names import NAME

_PATH: Final = re.compile(rf"{NAME}(/{NAME})*")
_VALUE_PATH: Final = re.compile(rf"({NAME}/)*({NAME}|@{NAME}|#text)")


def xml_of(fields: Fields) -> Xml:
    """ProfileError for paths that are none."""
    profile = Xml(
        **common(fields, charset=""),
        record=fields.text("record"),
        columns=fields.each("columns", column_of),
        lists=fields.texts("lists"),
        beside=fields.texts("beside"),
        count=fields.text("count", ""),
        namespace=fields.text("namespace", ""),
        max_depth=fields.number("max_depth", 64, least=1, most=256),
        max_values=fields.number("max_values", 5_000_000, least=1, most=20_000_000),
    )
    if not _PATH.fullmatch(profile.record):
        raise fields.fault("record", "Write the path from the root, like Orders/Order.")
    for place, column in enumerate(profile.columns):
        if not _VALUE_PATH.fullmatch(column.name):
            text = "Write the path below the record, like Line/Qty or Line/@id."
            raise fields.fault(f"columns[{place}].name", text)
    for path in profile.lists:
        if not _PATH.fullmatch(path):
            raise fields.fault("lists", f"“{path}” is no path like Lines/Line.")
    if profile.count and not _VALUE_PATH.fullmatch(profile.count):
        raise fields.fault("count", "Write the path from the root, like Orders/@count.")
    if re.search(r"\s", profile.namespace):
        raise fields.fault("namespace", "A namespace has no blanks.")
    unique(fields, "columns", [column.name for column in profile.columns])
    return profile
