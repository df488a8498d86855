"""The `details` of a stream or a write: calls of their own, for what a list or a document lacks. Pure."""

from integrations.connectors.described import filling
from integrations.connectors.described.entries import Entries
from integrations.connectors.described.paging import read_paging
from integrations.connectors.described.system import Details, Template


def read_details(group: Entries) -> tuple[Details, ...]:
    """What `details` of `group` says: one call, or a list of them."""
    found = tuple(map(_detail, group.one_or_more("details")))
    names = [detail.into for detail in found]
    if len(set(names)) < len(names):
        group.refuse("details", "Each goes into a name of its own.")
    return found


def _detail(group: Entries) -> Details:
    path = group.made("path", filling.path) or ()
    params = read_params(group)
    rows = group.place("rows", "")
    paging = read_paging(group.group("paging"))
    if paging.kind == "link":
        group.refuse("paging", "Details are read by page, offset or cursor.")
    if paging.kind != "none" and rows is None:
        group.refuse("rows", "Say where the list stands that has pages.")
    into = group.text("into")
    group.done()
    return Details(path, params, rows, paging, into)


def read_params(group: Entries) -> dict[str, Template]:
    """The `params` of a call, which may hold {values}."""
    params = {}
    for name, text in group.texts("params").items():
        try:
            params[name] = filling.parameter(text)
        except ValueError as error:
            group.refuse("params", str(error))
    return params
