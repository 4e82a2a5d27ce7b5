"""The page docs/rules.md, made from `RULES`.

python -m variorum.checks.rules_page > docs/rules.md
"""

from collections.abc import Iterator

from variorum.checks.annotation_sets import RULES
from variorum.checks.rule import EVERYBODY, STAGES, Rule
from variorum.problems import WARNING

_HEAD = """\
<!-- Made from RULES in scripts/variorum/checks; do not edit. To make it anew:
     python -m variorum.checks.rules_page > docs/rules.md -->

# Rules

What `variorum check` asks of a file, by stage: a later stage is entered only if the file could be read, is valid
against the schema, and so on. Each problem names its rule in square brackets. An error makes the exit code 1, a warning
does not. `variorum score` asks the same of a prediction, in whatever format it comes (docs/predictions.md).
Every rule has a file or a small corpus that breaks it in `tests/cases/invalid/`.
(`too-large` has none there: a test makes the file, which has no place in a repository.)
"""

_STAGES = {
    "reading": "Reading: the bytes of the file",
    "formats": "Formats: predictions that are no annotation set yet",
    "schema": "Schema: fields, types and labels",
    "quotes": "Quotes: verbatim words turned into offsets",
    "records": "Records: what a schema cannot say",
    "corpus": "Corpus: seeds, and files beside one another",
    "contrast": "Contrast: edited pairs, and judgements of them",
    "studio": "Studio: what Label Studio holds, when it is pulled, and what is submitted to it",
}


def markdown() -> str:
    """The whole page, ending with a newline."""
    return "\n".join(line for part in (_HEAD.splitlines(), *map(_stage, STAGES)) for line in part) + "\n"


def _stage(stage: str) -> Iterator[str]:
    yield from ("", f"## {_STAGES[stage]}", "", "| rule | what holds | asked of |", "| --- | --- | --- |")
    yield from (_row(rule) for rule in RULES.values() if rule.stage == stage)


def _row(rule: Rule) -> str:
    level = " (warning)" if rule.level == WARNING else ""
    roles = "all" if rule.roles == EVERYBODY else ", ".join(rule.roles)
    return f"| `{rule.id}`{level} | {' '.join(filter(None, (rule.summary, rule.why)))} | {roles} |"


if __name__ == "__main__":
    print(markdown(), end="")
