"""What all commands share: the application, the `--root` option, output and exit codes."""

import shlex
import sys
from collections.abc import Iterable
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from typer.core import TyperGroup

from variorum.cli.exchange import place
from variorum.cli.waiting import bars
from variorum.corpus import Corpus, CorpusError, find_root, read_corpus

EXIT_CODES = {
    0: "clean",
    1: "findings: bad data, something open or different",
    2: "wrong usage: bad arguments, no corpus, a program or package that is missing",
}

QUIET = "--quiet"
PLAIN = ("table", "text")  # values of `--format` that people read


class Commands(TyperGroup):
    """All commands; `--quiet` counts wherever it stands, as it is an option of none of them."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)
        rest = [each for i, each in enumerate(args) if each != QUIET or i > end]
        return super().parse_args(ctx, rest if len(rest) == len(args) else [QUIET, *rest])


app = typer.Typer(
    name="variorum",
    cls=Commands,
    help="Annotate, measure, package and score: entities, claims and contradictions in articles that tell one story.",
    epilog="Exit codes: " + "; ".join(f"{code} {meaning}" for code, meaning in EXIT_CODES.items()) + ".",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


class Format(StrEnum):
    table = "table"
    json = "json"


def printed(help: str = "How it is printed.") -> Any:
    """The option `--format`; whether a program reads what is printed decides where findings go."""
    return typer.Option("--format", help=help, callback=lambda format: notes.output(format))


Root = Annotated[
    Path | None,
    typer.Option(
        "--root",
        help="Folder of the corpus (seeds/, annotations/); found upward from here if left out.",
        callback=lambda root: notes.about(root),
    ),
]


@app.callback()
def variorum(
    context: typer.Context,
    quiet: Annotated[
        bool, typer.Option(QUIET, envvar="VARIORUM_QUIET", help="Results and errors only, before or after the command.")
    ] = False,
) -> None:
    """Before every command: what the terminal's encoding lacks is printed escaped; a bar, should it take long."""
    notes.quiet, bars.wanted = quiet, not quiet
    notes.root, notes.commands, notes.for_program = None, context.command, False
    context.with_resource(bars.during(f"variorum {context.invoked_subcommand}"))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def open_corpus(root: Path | None, broken_off: bool = False) -> Corpus:
    """The corpus at `--root`, or the nearest one; ends with exit code 2 and one line if there is none.

    So it does if a withdrawal was broken off where annotations/ is away, unless `broken_off` is expected.
    """
    try:
        corpus = read_corpus(find_root(Path.cwd()) if root is None else root)
    except CorpusError as error:
        fail(str(error))
    if not broken_off and place(corpus.annotations).is_dir() and not corpus.annotations.exists():
        fail(f"{shown(corpus.annotations)}: a withdrawal is under way or was broken off; withdraw again to complete it")
    return corpus


def fail(message: str, code: int = 2) -> NoReturn:
    """End with one line on standard error."""
    bars.over()
    err.print(f"variorum: {message}", markup=False)
    raise typer.Exit(code)


def shown(path: Path) -> str:
    """A path as a person would type it from here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_absolute() and path.is_relative_to(here) else str(path)


class Notes:
    """What is said beside results: which files were written, and what to type next. Not said with `--quiet`."""

    quiet = False
    root: Path | None = None  # what `--root` named, if it did
    commands: Any = None
    for_program = False  # whether standard output is JSON, HTML or the like

    def __call__(self, *texts: str) -> None:
        """Print lines to standard output."""
        lines(() if self.quiet else texts)

    def about(self, root: Path | None) -> Path | None:
        """What is typed next is about the corpus at this root, too."""
        self.root = root
        return root

    def output(self, format: StrEnum) -> StrEnum:
        """Standard output is this: what is no part of it goes elsewhere."""
        self.for_program = format not in PLAIN
        return format

    def next(self, *commands: str) -> None:
        """Say what may be typed next, about the corpus that `--root` named if it did."""
        self(f"next: {', or '.join(f'`{command}{self._same_root(command)}`' for command in commands)}")

    def _same_root(self, command: str) -> str:
        """The `--root` of the command that runs, for another one that takes one."""
        if self.root is None:
            return ""
        words, found = iter(shlex.split(command)[1:]), self.commands
        while isinstance(found, TyperGroup):
            found = found.commands[next(words)]
        return f" --root {shlex.quote(shown(self.root))}" if any(each.name == "root" for each in found.params) else ""


notes = Notes()


def lines(texts: Iterable[str], to_error: bool = False) -> None:
    """Print lines to standard output, or standard error, as they are, without colours or wrapping."""
    for text in texts:
        bars.over()
        typer.echo(text, err=to_error)


def stop_with(findings: Iterable[str]) -> NoReturn:
    """End with exit code 1 and a line a finding, on standard output; on standard error where a program reads that."""
    lines(findings, notes.for_program)
    raise typer.Exit(1)
