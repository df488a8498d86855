"""Calls for what a list or a document lacks, a few at a time."""

import json
from typing import Any, Final

from integrations.connectors.described import answers, filling, paging, rows
from integrations.connectors.described.api import Api
from integrations.connectors.described.filling import Filler
from integrations.connectors.described.rows import Row
from integrations.connectors.described.system import Details, System
from integrations.transports.threads import Threads
from portal.core.errors import CrossdockError, NeedsPerson, Permanent, Retryable
from portal.core.response import Response

_GONE: Final = frozenset({404, 410})
_MOST_PAGES: Final = 1000


class Looker:
    """Asks for details. Safe from any thread."""

    def __init__(self, api: Api, system: System) -> None:
        self._api, self._system = api, system

    def known(self, details: tuple[Details, ...], item: Filler) -> dict[str, Any]:
        """What the details of one document say, by their names. Permanent where they are not there."""
        return {
            one.into: json.loads(self._text(one, item, may_miss=False), parse_float=str)
            for one in details
        }

    def completed(
        self, details: tuple[Details, ...], found: list[Row], threads: Threads
    ) -> list[Row]:
        """The rows with their details in them. The first error stops all."""
        if not details:
            return found
        failed: list[CrossdockError] = []

        def complete(at: int) -> tuple[int, Row]:
            try:
                return at, self._completed(details, found[at])
            except CrossdockError as error:
                failed.append(error)
                return at, found[at]

        done = dict(threads.each(complete, range(len(found)), enough=lambda: bool(failed)))
        if failed:
            raise failed[0]
        return [done[at] for at in range(len(found))]

    def _completed(self, details: tuple[Details, ...], row: Row) -> Row:
        for one in details:
            if not isinstance(row.entry, dict) or one.into in row.entry:
                text = f"A row cannot take details under the name {one.into}"
                raise Permanent(text, code="settings_invalid")
            try:
                text = self._text(one, row.entry)
            except NeedsPerson as error:
                raise Permanent(f"{error}", code="settings_invalid") from None
            entry = {**row.entry, one.into: json.loads(text, parse_float=str)}
            comma = ", " if row.entry else ""
            row = Row(f"{row.raw[:-1]}{comma}{json.dumps(one.into)}: {text}}}", entry)
        return row

    def _text(self, details: Details, item: Filler, *, may_miss: bool = True) -> str:
        """What is answered, as it was sent; null where there is nothing and that `may_miss`."""
        path = filling.fill_path(details.path, item)
        fixed = {n: filling.fill_parameter(text, item) for n, text in details.params.items()}
        if details.rows is None:
            answer = self._ask(path, fixed, may_miss)
            return "null" if answer is None else _whole(answer)
        found: list[str] = []
        at: paging.At = None
        for _ in range(_MOST_PAGES):
            answer = self._ask(path, fixed | paging.params(details.paging, at), may_miss)
            if answer is None:
                return "null"
            try:
                said = rows.read(answer.body, details.rows)
                page = [row.raw for row in said.rows]
                at = paging.following(details.paging, at, rows=len(page), data=said.data, link="")
            except rows.NoJsonError as error:
                raise Retryable(f"{details.into}: {error}") from None
            except ValueError as error:
                raise Permanent(f"{details.into}: {error}", code="settings_invalid") from None
            if page and found[-len(page) :] == page:  # some give their last page again
                break
            found += page
            if at is None:
                break
        else:
            raise Permanent(f"{details.into} never comes to an end", code="endless_list")
        return f"[{', '.join(found)}]"

    def _ask(self, path: str, params: dict[str, str], may_miss: bool) -> Response | None:
        answer = self._api.ask(path, params)
        if may_miss and answer.status in _GONE:
            return None
        answers.judge(self._system, answer, writing=False)
        return answer


def _whole(answer: Response) -> str:
    answer.json()  # Retryable for what is no JSON
    return answer.body.decode("utf-8", "surrogateescape").strip("\ufeff \r\n\t")
