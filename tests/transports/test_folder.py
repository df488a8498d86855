"""Folders of this machine: what is allowed, and links, pipes and names that would lead out."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from integrations.transports import rename
from integrations.transports.files import Exchange, Folders
from integrations.transports.folder import LocalFolder
from portal.core.errors import NeedsCredentials, Permanent, Retryable


@pytest.fixture
def root(files_of_this_machine: Path) -> Path:
    for name in ("in", "out"):
        (files_of_this_machine / name).mkdir()
    return files_of_this_machine


@pytest.fixture
def session(root: Path) -> LocalFolder:
    return LocalFolder(str(root))


def refusal(kind: type, call: Any) -> Any:
    with pytest.raises(kind) as caught:
        call()
    return caught.value


def test_a_folder_that_is_not_allowed_is_not_opened(root: Path, tmp_path: Path) -> None:
    for path in (str(tmp_path), "/etc", str(root / "..")):
        assert refusal(Permanent, LocalFolder(path).open).code == "address_refused"


def test_a_link_to_a_folder_that_is_not_allowed_is_not_opened(root: Path, tmp_path: Path) -> None:
    (root / "link").symlink_to(tmp_path)
    assert refusal(Permanent, LocalFolder(str(root / "link")).open).code == "address_refused"


def test_a_folder_that_is_missing_is_said(root: Path) -> None:
    assert refusal(NeedsCredentials, LocalFolder(str(root / "x")).open).code == "folder_missing"


def test_links_inside_lead_nowhere(root: Path, tmp_path: Path, session: LocalFolder) -> None:
    secret = tmp_path / "secret.edi"
    secret.write_bytes(b"of somebody else END")
    (root / "out/link.edi").symlink_to(secret)
    (root / "out/below").symlink_to(tmp_path)
    assert session.entries("out") == []
    assert session.find("out/link.edi") is None
    calls = [
        lambda: session.read("out/link.edi", most=100),
        lambda: session.write("out/link.edi", b"1"),
        lambda: session.read("out/below/secret.edi", most=100),
        lambda: session.write("out/below/new.edi", b"1"),
        lambda: session.entries("out/below"),
        lambda: session.make_folder("out/below/new"),
        lambda: session.move("out/below/secret.edi", "in/secret.edi"),
        lambda: session.remove("out/below/secret.edi"),
    ]
    for call in calls:
        assert refusal(Permanent, call).code == "address_refused"
    assert secret.read_bytes() == b"of somebody else END"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["allowed", "secret.edi"]


def test_a_link_that_is_swapped_in_while_a_file_is_claimed_gives_nothing(
    root: Path, tmp_path: Path
) -> None:
    """The entry was a file when it was listed, and is a link to another one when it is read."""
    secret = tmp_path / "secret.edi"
    secret.write_bytes(b"12 END")
    (root / "out/b.edi").write_bytes(b"34 END")

    class Swapped(LocalFolder):
        def tail(self, *arguments: Any, **named: Any) -> bytes:
            (root / "out/b.edi").unlink()
            (root / "out/b.edi").symlink_to(secret)
            return b"END"

    ours = Exchange(
        Swapped(str(root)), Folders("in", "out", "out/processing", "out/archive"),
        is_whole=lambda tail: True,
    )  # fmt: skip
    from datetime import UTC, datetime

    error = refusal(Permanent, lambda: ours.pick_up({}, now=datetime.now(UTC)))
    assert error.code == "address_refused"


def test_a_pipe_holds_nobody_up(root: Path, session: LocalFolder) -> None:
    os.mkfifo(root / "out/pipe.edi")
    assert session.entries("out") == []
    assert refusal(Permanent, lambda: session.read("out/pipe.edi", most=10)).code == "refused"
    refusal(Permanent, lambda: session.write("out/pipe.edi", b"1"))


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "in/../../x", "in\\x", "in/\x00", "in//x"])
def test_a_path_that_leads_out_is_refused(session: LocalFolder, path: str) -> None:
    calls = [
        lambda: session.read(path, most=1),
        lambda: session.write(path, b"1"),
        lambda: session.move(path, "in/b"),
        lambda: session.move("in/b", path),
        lambda: session.replace("in/b", path),
        lambda: session.remove(path),
        lambda: session.make_folder(path),
        lambda: session.entries(path),
        lambda: session.find(path),
    ]
    for call in calls:
        assert refusal(Permanent, call).code == "file_name"


def test_a_folder_is_no_file(root: Path, session: LocalFolder) -> None:
    for call in (lambda: session.read("in", most=1), lambda: session.write("in", b"1")):
        refusal(Permanent, call)
    assert refusal(Permanent, lambda: session.read(".", most=1)).code == "file_name"


def test_a_name_in_another_charset_is_listed_as_it_is(root: Path, session: LocalFolder) -> None:
    (root / "out" / os.fsdecode(b"Gr\xfcn.edi")).write_bytes(b"1")
    assert [entry.name for entry in session.entries("out")] == ["Gr\udcfcn.edi"]


@pytest.mark.parametrize(
    ("number", "kind", "code"),
    [
        (errno.EACCES, NeedsCredentials, "forbidden"),
        (errno.EROFS, NeedsCredentials, "forbidden"),
        (errno.ENOSPC, Retryable, "unavailable"),
        (errno.ESTALE, Retryable, "unavailable"),
        (errno.EXDEV, Permanent, "refused"),
        (errno.ENAMETOOLONG, Permanent, "refused"),
    ],
)
def test_a_failure_is_named_by_what_helps(
    session: LocalFolder, monkeypatch: pytest.MonkeyPatch, number: int, kind: type, code: str
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    assert refusal(kind, lambda: session.write("in/b.edi", b"1")).code == code


@pytest.mark.parametrize("known", [True, False], ids=["in one step", "looking first"])
def test_a_rename_never_overwrites(
    root: Path, session: LocalFolder, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    if not known:
        monkeypatch.setattr(rename, "_renameat2", None)
    (root / "out/b.edi").write_bytes(b"1")
    (root / "in/b.edi").write_bytes(b"2")
    assert session.move("out/b.edi", "in/b.edi") is False
    assert session.move("out/b.edi", "in/c.edi") is True
    assert session.move("out/b.edi", "in/d.edi") is False
    assert (root / "in/b.edi").read_bytes() == b"2"
    assert sorted(path.name for path in (root / "in").iterdir()) == ["b.edi", "c.edi"]
