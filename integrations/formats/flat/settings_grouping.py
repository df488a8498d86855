"""The settings that make documents with lines of flat rows."""

from integrations.formats.flat.fields import Fields
from integrations.formats.flat.profile import Grouping


def grouping_of(fields: Fields) -> Grouping:
    group = Grouping(
        by=fields.texts("columns"),
        head=fields.texts("head"),
        lines=fields.text("lines", "lines"),
    )
    if not group.by:
        raise fields.fault("columns", "Name the columns whose values make one document.")
    return group


def check_grouping(fields: Fields, group: Grouping | None, names: set[str]) -> None:
    if group is None:
        return
    for key, given in (("columns", group.by), ("head", group.head)):
        for name in given:
            if name not in names:
                raise fields.fault(f"group_by.{key}", f"There is no column {name}.")
    if group.lines in {*group.by, *group.head}:
        raise fields.fault("group_by.lines", "A column of the document has this name.")
