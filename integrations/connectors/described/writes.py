"""The `writes` of a description: how each object type is written. Pure."""

import re
from typing import Final

from integrations.connectors.described import filling, places
from integrations.connectors.described.details import read_details, read_params
from integrations.connectors.described.entries import Entries
from integrations.connectors.described.system import (
    Batch,
    Call,
    Chunks,
    First,
    LookUp,
    Place,
    Template,
    Write,
)

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
    details = read_details(group)
    batch = _batch(group.group("batch"))
    chunks = _chunks(group.group("chunks"))
    first = _first(group.group("first"))
    if batch and chunks:
        group.refuse("chunks", "A write has a batch or chunks, not both.")
    templates = [create.path, *create.params.values()]
    if batch and (any(map(_has_values, templates)) or update or look_up or details or first):
        group.refuse(
            "batch", "A call for many has a fixed path, and no update, look_up, details or first."
        )
    write = Write(
        create=create,
        update=_update(update) if update else None,
        wrap=wrap,
        leave_out=leave_out,
        id=answered,
        key_header=key_header,
        look_up=_look_up(look_up, answered) if look_up else None,
        details=details,
        batch=batch,
        chunks=chunks,
        first=first,
    )
    group.done()
    return write


def _has_values(path: Template) -> bool:
    return any(not name.startswith("settings.") for name in path[1::2])


def _call(group: Entries) -> Call:
    method = group.choice("method", _METHODS, "POST")
    return Call(method, group.made("path", filling.path) or (), read_params(group))


def _update(group: Entries) -> Call:
    call = _call(group)
    group.done()
    return call


def _first(group: Entries | None) -> First | None:
    if group is None:
        return None
    call = _call(group)
    when = group.place("when") or ()
    values = frozenset(map(str, group.listed("is")))
    if not values:
        group.refuse("is", "Say which values call for it.")
    group.done()
    return First(call, when, values)


def _look_up(group: Entries, answered: Place | None) -> LookUp:
    path = group.made("path", filling.path) or ()
    params = read_params(group)
    match = _match(group)
    found = group.place("found", "")
    # A look-up that answers with a list says elsewhere than the write where the id stands.
    own = group.place("id", "") or answered
    group.done()
    return LookUp(path, params, found, own, match)


def _match(group: Entries) -> tuple[tuple[Place, Template], ...]:
    """Places in an entry of the list, and the values that stand there."""
    pairs = []
    for where, text in group.texts("match").items():
        try:
            pairs.append((places.place(where), filling.parameter(text)))
        except ValueError as error:
            group.refuse("match", str(error))
    return tuple(pairs)


def _batch(group: Entries | None) -> Batch | None:
    if group is None:
        return None
    size = group.whole("size", 50, least=1, most=1000)
    under = group.text("under", "")
    group.done()
    return Batch(size, under)


def _chunks(group: Entries | None) -> Chunks | None:
    if group is None:
        return None
    size = group.whole("size", 100, least=1, most=1000)
    chunks = Chunks(size, group.text("of"), group.flag("alone"))
    group.done()
    return chunks
