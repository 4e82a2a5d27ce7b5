"""A folder is exchanged for a changed copy of itself: whole or not at all, at whatever moment it is broken off.

Beside the folder NAME lies, while that lasts, `.NAME-exchange/` with `lock`, `part` (the copy while it is made), `new`
(the copy, whole) and `old` (what the copy takes the place of).
"""

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from variorum.locks import lock


def place(folder: Path) -> Path:
    """Where an exchange of the folder is prepared; if it is there, one is under way or was broken off."""
    return folder.with_name(f".{folder.name}-exchange")


def exchange(folder: Path, change: Callable[[Path], None]) -> None:
    """Let `change` work on a copy of the folder, then put the copy in its place. OSError if it cannot be done."""
    with _alone(folder) as at:
        shutil.copytree(folder, at / "part", symlinks=True)
        change(at / "part")
        _sync(at / "part")
        (at / "part").rename(at / "new")
        folder.rename(at / "old")
        try:
            (at / "new").rename(folder)
        except BaseException:
            (at / "old").rename(folder)
            raise


def recover(folder: Path) -> bool | None:
    """Complete an exchange that was broken off after its copy was whole and in use (True), or undo it (False).

    None if there is none. OSError if another process is at it, or the folder was made anew meanwhile.
    """
    if not place(folder).is_dir():
        return None
    with _alone(folder) as at:
        begun = (at / "old").is_dir()
        if begun and (at / "new").is_dir():
            if folder.exists():
                message = f"an exchange was broken off, and it was made anew since; see {at}"
                raise FileExistsError(errno.EEXIST, message, str(folder))
            (at / "new").rename(folder)
        return begun


@contextmanager
def _alone(folder: Path) -> Iterator[Path]:
    """The folder of the exchange, which is taken away afterwards unless `folder` hangs on it."""
    at = place(folder)
    at.mkdir(exist_ok=True)
    with (at / "lock").open("w") as file:
        if not lock(file, wait=False):
            raise BlockingIOError(errno.EAGAIN, "another command is changing it", str(folder))
        try:
            yield at
        finally:
            if folder.is_dir() and not ((at / "old").is_dir() and (at / "new").is_dir()):
                shutil.rmtree(at, ignore_errors=True)


def _sync(folder: Path) -> None:
    for path in (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
        with path.open("rb") as file:
            os.fsync(file.fileno())
