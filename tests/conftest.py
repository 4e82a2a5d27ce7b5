"""What all tests share: the two corpora, the command, the built wheel, and when tests are skipped or left out.

pytest                      what `make test` runs
pytest --slow               with the slow tests
VARIORUM_NO_SKIP=1 pytest   a test that would be skipped fails
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from support import CHROMIUM_OPTIONS, ROOT, TESTS, Command, chromium_path

from variorum.corpus import Corpus, read_corpus

NO_SKIP = os.environ.get("VARIORUM_NO_SKIP") == "1"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the tests marked slow as well")


def pytest_configure(config: pytest.Config) -> None:
    """Before anything is imported: nothing is fetched from the Hugging Face hub, its caches are thrown away after."""
    folder = tempfile.mkdtemp(prefix="variorum-tests-")
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    for name in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        os.environ[name] = "1"
    os.environ["HF_HOME"] = folder
    for name in ("HF_DATASETS_CACHE", "HF_HUB_CACHE", "HF_MODULES_CACHE"):  # each would win over HF_HOME
        os.environ.pop(name, None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Slow tests are left out, not skipped, unless asked for: a skip always means that something is missing."""
    if config.getoption("--slow"):
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With VARIORUM_NO_SKIP=1 a skip is a failure with the skip's reason; an expected failure stays one."""
    report = yield
    if NO_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"VARIORUM_NO_SKIP=1, and {item.nodeid} was skipped: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a module that skips itself, by `pytest.importorskip` or `allow_module_level`."""
    report = yield
    if NO_SKIP and report.skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"VARIORUM_NO_SKIP=1, and {collector.nodeid} was skipped: {reason}"
    return report


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium, without a window: one for all tests, as Playwright can be started once in a process only."""
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright: pip install 'variorum[dev]'")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=path, args=CHROMIUM_OPTIONS.split())
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """The real corpus: the five articles and the labels of this repository."""
    return read_corpus(ROOT)


@pytest.fixture
def small_corpus(tmp_path: Path) -> Corpus:
    """A copy of `tests/corpus` that the test may write to; `small_corpus.root` is what `--root` takes."""
    return read_corpus(Path(shutil.copytree(TESTS / "corpus", tmp_path / "corpus")))


@pytest.fixture
def variorum(tmp_path: Path) -> Command:
    """`variorum(*arguments)`: the command in a process of its own, outside the clone, with no terminal."""

    def run(*arguments: str | Path, cwd: Path = tmp_path, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "variorum", *map(str, arguments)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "scripts"), "PYTHONUTF8": "1", "NO_COLOR": "1"}
        return subprocess.run(
            command,
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=timeout,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the clone with the build tool of this environment."""
    return built("wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution, built likewise."""
    return built("sdist", tmp_path_factory.mktemp("sdist"))


def built(target: str, folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (file,) = folder.iterdir()
    return file
