"""Processes and ports of this machine: who runs, whether a port is free."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from variorum.label_studio.errors import StudioError

HOST = "127.0.0.1"


def identity(pid: int) -> str | None:
    """When the process was started, which tells it from a later one with the same number; None if it does not run."""
    _reap(pid)
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            # The second field, a name in brackets, may hold spaces: count from the last bracket.
            state, *fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            return None
        # The first thread may have ended and others still hold the port.
        ended = state == "Z" and int(fields[16]) <= 1
        return None if ended else fields[18]
    shown = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout.strip() or None


def _reap(pid: int) -> None:
    """Take note of the end of a child of our own, which would stay as a zombie otherwise."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except OSError:
        return


def spawn(command: list[str], variables: dict[str, str], log: Path) -> int:
    """Start a program in a session of its own, its output appended to `log`; its process id."""
    to_log = (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
    both = (os.POSIX_SPAWN_DUP2, 1, 2)
    return os.posix_spawn(command[0], command, variables, file_actions=[nothing, to_log, both], setsid=True)


def end(pid: int, started: str, patience: float = 20.0) -> None:
    """End a process and wait until it is gone; it is killed after `patience` seconds. A recycled number is let be."""
    for how, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, 5.0)):
        if identity(pid) != started:
            return
        os.kill(pid, how)
        deadline = time.monotonic() + seconds
        while identity(pid) == started and time.monotonic() < deadline:
            time.sleep(0.05)
    if identity(pid) == started:
        raise StudioError(f"process {pid} does not end")


def check_free(port: int) -> None:
    """StudioError unless a server of ours may listen on the port."""
    if any(_answers(family, host, port) for family, host in ((socket.AF_INET, HOST), (socket.AF_INET6, "::1"))):
        raise StudioError(f"port {port} is in use by another program: choose another one with --port")
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
    except OSError as error:
        raise StudioError(f"port {port} cannot be used ({error.strerror}): choose another one with --port") from error


def _answers(family: socket.AddressFamily, host: str, port: int) -> bool:
    try:
        with socket.socket(family) as probe:
            probe.settimeout(1)
            return probe.connect_ex((host, port)) == 0
    except OSError:
        return False
