"""The report of a file, read back from the line that is written."""

import json
from typing import Any

from integrations.formats.edi_report import write_report


def report(path_name: str, data: bytes) -> dict[str, Any]:
    pieces: list[str] = []
    write_report(path_name, data, pieces.append)
    line = "".join(pieces)
    assert line.endswith("\n")
    assert line.count("\n") == 1
    return json.loads(line)
