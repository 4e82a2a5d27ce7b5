"""The page docs/commands.md, made from the commands themselves: what `--help` says of each, in one place."""

from collections.abc import Iterator
from typing import Any

import typer
from typer.main import get_command

from variorum.cli.app import EXIT_CODES, app

_HEAD = """\
<!-- Made from the commands by `variorum docs`; do not edit. -->

# Commands

`variorum COMMAND --help` says the same on the terminal. Results go to standard output, errors to standard error, where
a terminal also sees a bar once something takes longer than two seconds.

Every command takes `--quiet`, before its name or after it: results and errors only, no bar, nothing about which files
were written and what to type next. `VARIORUM_QUIET=1` in the environment does the same. What prints findings takes
`--format json`: standard output is then JSON or nothing, and what is wrong with a file that was read is said on
standard error; elsewhere that is a finding, on standard output. The exit code is 1 either way.

`variorum --install-completion` sets up completion for the shell you are in (bash, zsh, fish, PowerShell);
`variorum --show-completion` prints it instead.

| exit code | meaning |
|---:|---|
"""


def markdown() -> str:
    """The whole page, ending with a newline."""
    top = get_command(app)
    named = list(_commands(top, typer.Context(top, info_name="variorum")))
    codes = [f"| {code} | {meaning} |" for code, meaning in EXIT_CODES.items()]
    links = ["", *(f"- [{path}](#{path.replace(' ', '-')})" for path, _, _ in named)]
    parts = (line for path, command, context in named for line in _command(path, command, context))
    return "\n".join([*_HEAD.splitlines(), *codes, *links, *parts]) + "\n"


def _commands(group: Any, context: Any) -> Iterator[tuple[str, Any, Any]]:
    """Every command with its full name and its context, by name, those of a group in the place of the group."""
    for name, command in sorted(group.commands.items()):
        below = typer.Context(command, info_name=name, parent=context)
        if hasattr(command, "commands"):
            yield from _commands(command, below)
        else:
            yield below.command_path, command, below


def _command(path: str, command: Any, context: Any) -> Iterator[str]:
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    yield from ("", f"## {path}", "", "```text", usage, "```", "", *_told(command.help or ""))
    rows = [record for each in command.params if (record := _record(each, context))]
    if rows:
        yield from ("", *(f"- `{name}`: {text}" for name, text in rows))


def _told(help: str) -> Iterator[str]:
    """The help, a paragraph a line."""
    for i, paragraph in enumerate(help.strip().split("\n\n")):
        yield from ([""] if i else [])
        yield " ".join(paragraph.split())


def _record(parameter: Any, context: Any) -> tuple[str, str] | None:
    """An argument or option and what is said of it; None if it is hidden or help itself."""
    found = parameter.get_help_record(context)
    if found is None or parameter.name == "help":
        return None
    return found[0], " ".join(found[1].split())
