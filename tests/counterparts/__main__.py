"""`python -m tests.counterparts [--quick] [--list] [NAME ...]`: install counterparts, all or those named."""

import argparse
import sys
import time
from collections.abc import Sequence

from tests.counterparts.installing import HOME, Counterpart, NotInstalledError
from tests.counterparts.registry import counterparts


def main(arguments: Sequence[str]) -> int:
    """Install them one after the other. Each that cannot be installed is told; then 1 comes back."""
    parser = argparse.ArgumentParser(prog="python -m tests.counterparts", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[*counterparts(), []])
    parser.add_argument("--quick", action="store_true", help="only those of a minute or two")
    parser.add_argument("--list", action="store_true", help="say which there are; install nothing")
    options = parser.parse_args(arguments)
    wanted = [one for one in counterparts().values() if _is_wanted(one, options)]
    if options.list:
        print("\n".join(f"{one.name} {one.version}, {_pace(one)}" for one in wanted))
        return 0
    return 0 if all([_install(one) for one in wanted]) else 1


def _is_wanted(one: Counterpart, options: argparse.Namespace) -> bool:
    return (one.name in options.names or not options.names) and (one.quick or not options.quick)


def _pace(one: Counterpart) -> str:
    return "quick" if one.quick else "slow"


def _install(one: Counterpart) -> bool:
    begun = time.monotonic()
    try:
        one.install()
    except NotInstalledError as error:
        print(error, file=sys.stderr, flush=True)
        return False
    print(f"{one.name} {one.version} works in {HOME / one.name} ({time.monotonic() - begun:.0f} s)")
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
