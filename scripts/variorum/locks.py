"""Locks on files: one command at a time. They end with the process that holds them, however it ends."""

import sys
from typing import IO


def lock(file: IO[str], wait: bool = True) -> bool:
    """Lock an open file until it is closed; False if another process holds it, and `wait` is not wished.

    Each kind of system has a module of its own for that, and has not got the other's.
    """
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
