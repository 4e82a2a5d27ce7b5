"""Every problem that the Label Studio side can find has a rule, with the level it is reported at."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from variorum.checks import RULES
from variorum.problems import WARNING

PACKAGE = Path(__file__).resolve().parents[2] / "scripts" / "variorum" / "label_studio"


def reported() -> Iterator[tuple[str, bool, str]]:
    """Rule id, whether it is reported as a warning, and where, for every call that makes a problem."""
    for path in sorted(PACKAGE.glob("*.py")):
        calls = [node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.Call)]
        for node in calls:
            if isinstance(node.func, ast.Attribute) and node.func.attr in ("problem", "say"):
                strings = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                levels = {a.id for a in node.args if isinstance(a, ast.Name)}
                if strings:
                    yield strings[0], "WARNING" in levels, f"{path.name}:{node.lineno}"


@pytest.mark.parametrize(("rule", "warns", "where"), sorted(set(reported())), ids=lambda each: str(each))
def test_problems_have_rules(rule: str, warns: bool, where: str) -> None:
    assert rule in RULES, f"{where}: no rule {rule}"
    assert warns == (RULES[rule].level == WARNING), f"{where}: {rule} has another level"


def test_something_was_found() -> None:
    assert len({rule for rule, _, _ in reported()}) > 20
