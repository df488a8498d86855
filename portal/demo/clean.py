"""`python -m portal.demo.clean`: begin anew. Removes this checkout's embedded databases and the demo's books.

As root also the databases of checkouts that are gone. Keys stay where they are: a server that
DATABASE_URL named may still need them.
"""

import shutil
import sys
from pathlib import Path

from portal import embedded, env

NAMES = ("main", "test", "bench")
OF_THE_DEMO = (
    "demo.json", "demo.yaml", "erp.sqlite*", "logs", "run", "seeded", "store.sqlite*", "warehouse",
    "warehouse.key", "warehouse.logins",
)  # fmt: skip


def homes() -> list[Path]:
    """The folders of this checkout's servers, and as root those whose checkout is gone."""
    if embedded.is_root():
        found = {home for home in embedded.BASE.glob("*-*") if _is_ours(home) or _is_orphan(home)}
    else:
        found = {embedded.find_place(name).home for name in NAMES}
        found |= set((embedded.ROOT / ".data").glob("postgres-*"))
    return sorted(home for home in found if (home / "users.lock").exists())


def _is_ours(home: Path) -> bool:
    return home.name.endswith(f"-{embedded.checkout_id()}")


def _is_orphan(home: Path) -> bool:
    """Whether it belongs to a checkout that was removed, or made anew in its place."""
    note = home / embedded.CHECKOUT_NOTE
    if not note.exists():
        return False
    stamp = Path(note.read_text()) / ".data" / "checkout-id"
    return not stamp.exists() or not home.name.endswith(f"-{stamp.read_text()}")


def remove(home: Path) -> bool:
    """Stop the server in `home` and delete it; False when somebody uses it."""
    if not embedded.stop_unused(home):
        return False
    shutil.rmtree(home)
    return True


def _forget_the_demo(folder: Path) -> None:
    for pattern in OF_THE_DEMO:
        for path in folder.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def main() -> int:
    in_use = []
    for home in homes():
        megabytes = sum(f.lstat().st_size for f in home.rglob("*") if f.is_file()) // 2**20
        if remove(home):
            print(f"removed {home} ({megabytes} MB)", flush=True)
        else:
            in_use.append(home)
    for home in in_use:
        print(f"{home} is in use and stays. Stop what uses it, such as make demo.", file=sys.stderr)
    if not in_use:
        _forget_the_demo(env.data_folder())
        print("The next make demo begins anew.")
    return 1 if in_use else 0


if __name__ == "__main__":
    sys.exit(main())
