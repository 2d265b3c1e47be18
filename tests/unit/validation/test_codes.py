"""Every code the validator can say has its row in the documents."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
MAKERS = {"error", "warning", "information", "_wrong", "make", "Finding"}


def said() -> set[str]:
    """The codes written in the sources: first words of what makes findings, and kebab-case constants of their own."""
    found: set[str] = set()
    for file in (ROOT / "gateway/validation").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                if name in MAKERS:
                    constants = (
                        each for arg in node.args[:3] for each in ast.walk(arg) if isinstance(each, ast.Constant)
                    )
                    found |= {str(each.value) for each in constants}
    found = {each for each in found if re.fullmatch(r"[a-z]+(-[a-z]+)+", each)}
    return (found | {"null-value"}) - {"not-found", "code-invalid", "too-costly", "value-set"}


def test_every_code_is_documented() -> None:
    rows = set(re.findall(r"^\| ([a-z-]+) \|", (ROOT / "docs/errors/validation.md").read_text("utf-8"), re.M))

    assert len(rows) > 50
    assert said() - rows == set()
