"""The repository as a whole: who may import whom, how long files and functions are, what is packed and what is not."""

import ast
import importlib.metadata
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import variorum as package
from variorum.label_studio import environment

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "scripts"
PACKAGE = SCRIPTS / "variorum"
MODULES = sorted(PACKAGE.rglob("*.py"))
LAUNCHERS = sorted(SCRIPTS.glob("*.py"))

# A module imports nothing that stands further down, neither itself nor by way of modules that are not named here; those
# of one line may import each other, but not in a circle.
ORDER = (
    ("schema",),
    ("records",),
    ("checks", "matching", "label_studio", "formats"),
    ("agreement", "adjudication", "dataset", "scoring", "baselines", "explorer"),
    ("cli", "harnesses"),
)
LEVEL = {name: level for level, names in enumerate(ORDER) for name in names}
KNOWS_PATHS = {  # files and folders of the package, and which paths they know
    "cli": "all of them",
    "corpus.py": "the folder of a corpus",
    "schema.py": "the folder of the schemas",
    "reading.py": "reads the one file that it is given",
    "checks": "reads the files of a corpus that may be broken, which `corpus` refuses",
    "baselines/llm": "the cache of answers and the model's file; the environment",
    "dataset/folder.py": "the folder of a dataset",
    "dataset/publishing.py": "the folder that is published",
    "dataset/stored.py": "the folder of a dataset",
    "dataset/sums.py": "the list of the files of the dataset folder",
    "dataset/tables.py": "the tables in it",
    "dataset/verifying.py": "the folder that is verified",
    "harnesses": "the folders of a dataset and of their own tasks; reads the log that it is given",
    "formats/files.py": "reads the prediction, a file or a folder, that it is given",
    "label_studio": "the data folder of the server",
}
HEAVY = {
    *(
        "datasets",
        "jinja2",
        "huggingface_hub",
        "inspect_ai",
        "label_studio_sdk",
        "lm_eval",
        "matplotlib",
        "llama_cpp",
        "mlcroissant",
        "openai",
        "pandas",
        "playwright",
        "pyarrow",
    ),
    *("scipy", "sklearn", "spacy", "torch", "transformers"),
}


def test_which_relations_are_conflicts_is_said_once() -> None:
    saying = [
        path.relative_to(PACKAGE) for path in MODULES if '("contradiction", "tension")' in path.read_text("utf-8")
    ]
    assert saying == [Path("records.py")]


def test_the_frame_of_a_page_is_written_once() -> None:
    framing = [path.relative_to(PACKAGE) for path in MODULES if "<!doctype html>" in path.read_text(encoding="utf-8")]
    assert framing == [Path("page.py")]


# --- who imports whom ----------------------------------------------------------------------------------------


def name_of(path: Path) -> str:
    """The module or subpackage directly below `variorum` that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, at its top or inside a function, by its full name."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def graph() -> dict[str, set[str]]:
    """Which modules of the package each of them imports."""
    edges: dict[str, set[str]] = {name_of(path): set() for path in MODULES}
    for path in MODULES:
        own = (name.split(".")[1] for name in imports(path) if name.startswith("variorum."))
        edges[name_of(path)] |= {name for name in own if name in edges} - {name_of(path)}
    return edges


def reached(name: str) -> set[str]:
    """All modules of the package that a module imports, directly or not."""
    found: set[str] = set()
    todo = [name]
    while todo:
        new = graph()[todo.pop()] - found
        found |= new
        todo += new
    return found


@pytest.mark.parametrize("name", sorted(graph()))
def test_imports_go_one_way(name: str) -> None:
    assert name not in reached(name), f"{name} imports itself in a circle"
    above = LEVEL.get(name, len(ORDER) - 1)
    wrong = {other for other in reached(name) if LEVEL.get(other, -1) > above}
    assert wrong == set() or name in ("__main__", "cli"), f"{name} may not import {sorted(wrong)}"


def test_nothing_but_the_command_imports_cli() -> None:
    assert [name for name, others in graph().items() if "cli" in others] == ["__main__"]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_only_few_modules_know_paths(path: Path) -> None:
    used = {name.split(".")[0] for name in imports(path)} & {"glob", "os", "pathlib", "shutil", "tempfile"}
    opens = any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open"
        for node in ast.walk(ast.parse(path.read_bytes()))
    )
    inside = path.relative_to(PACKAGE)
    assert (not used and not opens) or {each.as_posix() for each in (inside, *inside.parents)} & KNOWS_PATHS.keys()


def modules_after(*arguments: str) -> set[str]:
    """The top-level modules that are loaded once `python` was run with these arguments."""
    command = [sys.executable, "-X", "importtime", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(SCRIPTS)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return {line.rsplit("|", 1)[1].strip().split(".")[0] for line in done.stderr.splitlines() if "|" in line}


@pytest.mark.parametrize("arguments", [("-c", "import variorum"), ("-m", "variorum", "--help")], ids=" ".join)
def test_heavy_libraries_are_imported_where_they_are_used(arguments: tuple[str, ...]) -> None:
    loaded = modules_after(*arguments)
    assert "variorum" in loaded
    assert loaded & HEAVY == set()


def test_no_test_imports_conftest_by_name() -> None:
    """There are two of them; which one the name stands for depends on what is collected first."""
    tests = sorted((ROOT / "tests").rglob("*.py"))
    assert [path.name for path in tests if "conftest" in {name.split(".")[0] for name in imports(path)}] == []


# --- shape ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*MODULES, *LAUNCHERS], ids=lambda path: path.relative_to(SCRIPTS).as_posix())
def test_files_and_functions_are_short(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) < 300
    long = [node.name for node in ast.walk(ast.parse(source)) if _is_function(node) and code_lines(node) > 40]
    assert long == []


def _is_function(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def code_lines(function: ast.FunctionDef) -> int:
    """The lines of a function without its docstring."""
    first = function.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_module_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_bytes())
    assert ast.get_docstring(tree) or len(tree.body) <= 3


def test_no_module_is_called_utils() -> None:
    assert [path for path in MODULES if path.stem in ("utils", "util", "helpers", "common", "misc")] == []


def test_launchers_are_short_named_verb_noun_and_shadow_nothing() -> None:
    installed = {*sys.stdlib_module_names, *importlib.metadata.packages_distributions()}
    for path in LAUNCHERS:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)+", path.stem), f"{path.name} is not verb_noun.py"
        assert path.stem not in installed, f"{path.name} shadows a module"
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 12, f"{path.name} holds logic"
        assert {name.split(".")[0] for name in imports(path)} <= {"sys", "variorum"}, path.name


def test_scripts_holds_the_package_and_launchers_only() -> None:
    assert [path.name for path in SCRIPTS.iterdir() if path.is_dir() and path.name != "__pycache__"] == ["variorum"]


# --- what is in the repository -------------------------------------------------------------------------------


@cache
def repository_files() -> tuple[Path, ...]:
    """The files that git has or would take."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("this is no git checkout, so that nobody can tell which files belong to the repository")
    return tuple(path for name in done.stdout.decode().split("\0") if name and (path := ROOT / name).is_file())


PUBLIC_HOSTS = {".".join(name) for name in (("pypi", "org"), ("pythonhosted", "org"), ("registry", "npmjs", "org"))}
FOLDERS = b"|".join((b"work", b"root", b"home", b"opt", b"Users"))  # not in one piece, or this line would be a finding
MACHINE_PATH = re.compile(rb"(?<![\w.:/~$}])/(?:" + FOLDERS + rb")/[\w.]+")


@cache
def registry_hosts() -> re.Pattern[bytes]:
    """Hosts that packages are fetched from: the public ones, and those of this machine's settings."""
    done = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
    settings = [done.stdout, *(value for name, value in os.environ.items() if name.endswith("_INDEX_URL"))]
    urls = (url for text in settings for url in re.findall(r"https?://[^\s'\"]+", text))
    hosts = PUBLIC_HOSTS | {
        host for url in urls if (host := urlsplit(url).hostname) and not host.startswith("localhost")
    }
    return re.compile(b"|".join(re.escape(host.encode()) for host in sorted(hosts)))


def traces(data: bytes) -> list[bytes]:
    """What tells on which machine a file was made, or where it fetches packages from."""
    return [match[0] for pattern in (MACHINE_PATH, registry_hosts()) for match in pattern.finditer(data)]


def test_no_machine_paths_and_no_registry_hosts() -> None:
    found = {path.relative_to(ROOT).as_posix(): traces(path.read_bytes()) for path in repository_files()}
    assert {name: what for name, what in found.items() if what} == {}


def test_files_are_not_large_and_not_secret() -> None:
    files = [path for path in repository_files() if path.parent.name != "exports"]  # these are kept as pulled
    large = [path.name for path in files if path.stat().st_size > 5 * 2**20]
    secret = [path.name for path in repository_files() if path.suffix in (".pem", ".key", ".sqlite3", ".env")]
    assert large == secret == []


def test_the_version_stands_in_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "version" not in project and project["dynamic"] == ["version"]
    assert importlib.metadata.version("variorum") == package.__version__
    assert [path for path in MODULES if re.search(r"^__version__ =", path.read_text(encoding="utf-8"), re.M)] == [
        PACKAGE / "__init__.py"
    ]


# --- what is packed ------------------------------------------------------------------------------------------


def test_the_wheel_holds_package_and_schema_and_no_data(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    modules = {f"variorum/{path.relative_to(PACKAGE).as_posix()}" for path in MODULES}
    schemas = {f"variorum/_schema/{path.name}" for path in (ROOT / "schema").iterdir()}
    assert modules | schemas <= names
    names.remove(f"variorum/{environment.PACKED.name}")
    assert {name.split("/")[0] for name in names} == {"variorum"}
    assert [name for name in names if name.endswith((".txt", ".pyc")) or "/tests/" in name] == []
    assert wheel.name == f"variorum-{package.__version__}-py3-none-any.whl"


def test_the_wheel_can_make_the_environment_of_a_server(wheel: Path) -> None:
    pins = zipfile.ZipFile(wheel).read(f"variorum/{environment.PACKED.name}")
    assert pins == (ROOT / environment.REQUIREMENTS).read_bytes()


def test_the_wheel_holds_no_text_of_an_article(wheel: Path) -> None:
    contents = zipfile.ZipFile(wheel)
    for name in contents.namelist():
        data = contents.read(name).decode("utf-8", "ignore")
        for seed in (ROOT / "seeds").glob("*.txt"):
            text = seed.read_bytes().decode()
            assert not any(text[at : at + 80] in data for at in range(0, len(text) - 80, 40)), (name, seed.name)


def test_the_wheel_needs_little(wheel: Path) -> None:
    contents = zipfile.ZipFile(wheel)
    (name,) = (name for name in contents.namelist() if name.endswith(".dist-info/METADATA"))
    needs = re.findall(r"^Requires-Dist: ([\w-]+)(?!.*extra ==)", contents.read(name).decode(), re.M)
    assert not set(needs) & {"label-studio", "label-studio-sdk", "datasets", "torch", "pandas"}
    assert "msgspec" in needs


def test_the_source_distribution_holds_what_the_tests_need(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "schema/claim.schema.json", "scripts/variorum/__init__.py", "seeds/sources.json"} <= names
    assert {"tests/conftest.py", "tests/corpus/seeds/b2-wire.txt"} <= names
    assert [name for name in names if name.startswith((".venv", "build/", ".studio"))] == []
