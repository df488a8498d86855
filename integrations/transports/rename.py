"""Renaming a file of this machine in one step, and never over another."""

import ctypes
import errno
import os
from typing import Final

_NOREPLACE: Final = 1
_UNKNOWN: Final = frozenset({errno.ENOSYS, errno.EINVAL})
_renameat2: Final = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)


def without_overwriting(old: str, new: str, *, source: int, target: int) -> None:
    """Rename `old` in the opened folder `source` to `new` in `target`.

    Raises FileNotFoundError without `old`, FileExistsError with `new`, and OSError. Of several who
    rename the same file at once one succeeds. On systems and mounts without the call for it (macOS,
    some network shares) `new` is looked up first: whoever makes it in between is overwritten.
    """
    if _renameat2 is not None:
        done = _renameat2(source, os.fsencode(old), target, os.fsencode(new), _NOREPLACE)
        failure = 0 if done == 0 else ctypes.get_errno()
        if failure == 0:
            return
        if failure not in _UNKNOWN:
            raise OSError(failure, os.strerror(failure), old)
    _looking_first(old, new, source=source, target=target)


def _looking_first(old: str, new: str, *, source: int, target: int) -> None:
    try:
        os.stat(new, dir_fd=target, follow_symlinks=False)
    except FileNotFoundError:
        os.rename(old, new, src_dir_fd=source, dst_dir_fd=target)
        return
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), new)
