"""plotly's own script, served out of the installed package: under a name that changes with its content, so
that browsers keep it for good, and compressed once instead of at every request."""

import gzip
import hashlib
import importlib.util
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage, Storage

from portal import env

# The script puts the style of its maps into every page, which the content policy refuses, unless an element
# of this id is there already.
_STYLE_ID = re.compile(rb'getElementById\("([0-9a-f]{64})"\)')


@lru_cache(maxsize=1)
def name() -> str:
    """plotly-<hash of its content>.min.js"""
    return f"plotly-{hashlib.sha256(_source().read_bytes()).hexdigest()[:16]}.min.js"


@lru_cache(maxsize=1)
def style_ids() -> tuple[str, ...]:
    """The ids of styles that the script leaves out where an element has them."""
    found = _STYLE_ID.findall(_source().read_bytes())
    return tuple(dict.fromkeys(one.decode() for one in found))


def _source() -> Path:
    """Where the package has it. The package itself is not imported for that."""
    spec = importlib.util.find_spec("plotly")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("plotly is not installed: pip install -r requirements.txt")
    return Path(spec.origin).parent / "package_data" / "plotly.min.js"


class PackagedScript(BaseFinder):
    """Finds the script and its compressed twin, and makes both on first use."""

    def __init__(self, app_names: Iterable[str] | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(location=env.data_folder() / "static")

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return []

    def find(self, path: str, *args: Any, **kwargs: Any) -> Any:
        find_all = bool(kwargs.get("find_all") or kwargs.get("all"))
        if path.removesuffix(".gz") != name():
            return [] if find_all else None
        _keep(Path(self.storage.location))
        found = str(Path(self.storage.location) / path)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        _keep(Path(self.storage.location))
        for path in (name(), f"{name()}.gz"):
            yield path, self.storage


def _keep(folder: Path) -> None:
    """The script and its compressed twin in `folder`, both whole or not there, whoever else does the same."""
    if (folder / f"{name()}.gz").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    content = _source().read_bytes()
    _put(folder / name(), content)
    _put(folder / f"{name()}.gz", gzip.compress(content, mtime=0))


def _put(path: Path, content: bytes) -> None:
    handle, made = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(made).chmod(0o644)
    Path(made).replace(path)
