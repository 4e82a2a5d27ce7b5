"""Second opinions: other scorers, in an environment of their own, which no user of Variorum needs."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE.parent.parent / ".venv-peers"
Ask = Callable[..., Any]


@pytest.fixture(scope="session")
def ask() -> Iterator[Ask]:
    """`ask(peer, **question)`: what `worker.py` answers."""
    python = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (ENVIRONMENT / ".done").is_file() or not python.is_file():
        pytest.skip("NO SECOND OPINIONS: there is no .venv-peers with the other scorers; `make peers` makes it")
    hidden = ("PYTHONPATH", "VIRTUAL_ENV")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    with subprocess.Popen(
        [python, HERE / "worker.py"],
        env=environment | {"PYTHONUTF8": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as worker:

        def asked(peer: str, **question: Any) -> Any:
            assert worker.stdin and worker.stdout
            worker.stdin.write(json.dumps({"peer": peer, **question}) + "\n")
            worker.stdin.flush()
            answer = worker.stdout.readline()
            assert answer, f"the worker ended ({worker.poll()}) when asked {peer}"
            return json.loads(answer)

        yield asked
        assert worker.stdin
        worker.stdin.close()
