"""Processes whose parent was killed: they come to us, so that they are seen off and not kept as zombies.

A database server whose dead main process is still in the process table refuses to start again.
"""

import contextlib
import ctypes
import os
import sys
from collections.abc import Collection

_BECOME_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER


def adopt() -> None:
    """From now on, orphans below us become our children. Linux only; elsewhere init has them."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_BECOME_SUBREAPER, 1)


def see_off(own: Collection[int]) -> None:
    """Take leave of the adopted processes that have ended; `own` have somebody who asks for them."""
    with contextlib.suppress(ChildProcessError):
        while ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            if ended.si_pid in own:
                return
            os.waitpid(ended.si_pid, 0)
