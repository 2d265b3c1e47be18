"""YAML is read as text with lines; what would be ambiguous or hostile is refused, never guessed."""

from pathlib import Path

import pytest

from gateway.kernel.problem import Problem
from gateway.policies.nodes import from_plain, plain, read_yaml


def read(tmp_path: Path, raw: bytes) -> tuple[object, list[Problem]]:
    (tmp_path / "a.yaml").write_bytes(raw)
    problems: list[Problem] = []
    spot = read_yaml(tmp_path / "a.yaml", "a.yaml", problems)
    return (plain(spot.node) if spot else None), problems


def test_scalars_stay_as_written(tmp_path: Path) -> None:
    content, problems = read(
        tmp_path, b'{code: 001102, amount: 10.10, day: 2015-03-09, yes: yes, quoted: "null", n: null}'
    )

    assert problems == []
    assert content == {
        "code": "001102",
        "amount": "10.10",
        "day": "2015-03-09",
        "yes": "yes",
        "quoted": "null",
        "n": None,
    }


def test_content_survives_as_plain_values(tmp_path: Path) -> None:
    content, _ = read(tmp_path, b"a: [1, {b: null}]\nc: ''\n")

    assert plain(from_plain(content)) == content == {"a": ["1", {"b": None}], "c": ""}


@pytest.mark.parametrize(
    ("raw", "code", "line"),
    [
        (b"a: 1\nb: [\n", "policy-yaml", 3),
        (b"a: 1\na: 2\n", "policy-yaml", 2),
        (b"a: &x 1\nb: *x\n", "policy-yaml", 2),
        (b"a: 1\n---\nb: 2\n", "policy-yaml", 2),
        (b"[a]: 1\n", "policy-yaml", 1),
        (b"", "policy-yaml", 1),
        (b"a: \x00\n", "policy-yaml", 1),
        ("名称: 一".encode("gb18030"), "policy-file", 1),
        (b"[" * 100_000, "policy-yaml", 1),
        (b"a: " + b"x" * (8 * 1024 * 1024), "policy-file", 1),
    ],
    ids=["truncated", "twice", "alias", "documents", "list-key", "empty", "nul", "gb18030", "deep", "large"],
)
def test_what_cannot_be_read_is_told_with_its_line(tmp_path: Path, raw: bytes, code: str, line: int) -> None:
    _, [problem] = read(tmp_path, raw)

    assert (problem.code, problem.path) == (code, f"a.yaml:{line}")


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    problems: list[Problem] = []

    assert read_yaml(tmp_path / "none.yaml", "none.yaml", problems) is None
    assert [problem.code for problem in problems] == ["policy-file"]
