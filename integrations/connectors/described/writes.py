"""The `writes` of a description: how each object type is written. Pure."""

import re
from typing import Final

from integrations.connectors.described import filling
from integrations.connectors.described.entries import Entries
from integrations.connectors.described.system import Call, LookUp, Place, Write

_METHODS: Final = ("POST", "PUT", "PATCH")
_HEADER: Final = re.compile(r"[A-Za-z0-9-]{1,80}")


def read_write(group: Entries) -> Write:
    """One entry of `writes`."""
    create = _call(group)
    update = group.group("update")
    wrap = group.place("wrap", "") or ()
    leave_out = tuple(map(str, group.listed("leave_out")))
    answered = group.place("answer_id", "")
    key_header = group.text("idempotency_header", "")
    if key_header and not _HEADER.fullmatch(key_header):
        group.refuse("idempotency_header", "It must be the name of a header.")
    look_up = group.group("look_up")
    write = Write(
        create=create,
        update=_update(update) if update else None,
        wrap=wrap,
        leave_out=leave_out,
        id=answered,
        key_header=key_header,
        look_up=_look_up(look_up, answered) if look_up else None,
    )
    group.done()
    return write


def _call(group: Entries) -> Call:
    method = group.choice("method", _METHODS, "POST")
    return Call(method, group.made("path", filling.path) or ())


def _update(group: Entries) -> Call:
    call = _call(group)
    group.done()
    return call


def _look_up(group: Entries, answered: Place | None) -> LookUp:
    path = group.made("path", filling.path) or ()
    params = {}
    for name, text in group.texts("params").items():
        try:
            params[name] = filling.parameter(text)
        except ValueError as error:
            group.refuse("params", str(error))
    found = group.place("found", "")
    # A look-up that answers with a list says elsewhere than the write where the id stands.
    own = group.place("id", "") or answered
    group.done()
    return LookUp(path, params, found, own)
