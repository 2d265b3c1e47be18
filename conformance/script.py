"""A test as data: what it proves, when it is asked, and its steps, each a request and what must come back.

`read_scripts` reads the YAML of this suite, `testscript.py` FHIR TestScripts; both give the same values. A name that
is not known is an error of the data, found when the suite starts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

METHODS = ("get", "post", "put", "delete", "patch")
_STEP = {
    *(*METHODS, "v2", "nhsa", "says", "body", "headers", "token", "status", "refused", "type", "answer_headers"),
    *("expect", "keep", "same", "with", "answers", "input", "envelope", "below"),
}
_TEST = {"name", "requirement", "source", "when", "rounds", "each", "let", "steps"}


class ExactLoader(yaml.CSafeLoader):
    """YAML whose numbers with a point are decimals, since they are money."""


def _decimal(_loader: yaml.CSafeLoader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(node.value)


ExactLoader.add_constructor("tag:yaml.org,2002:float", _decimal)


@dataclass(frozen=True, slots=True)
class Expectation:
    """A condition in FHIRPath. `on`: name of an earlier answer, '' the one of the step; `says`: in words.

    `value` with `operator` (equals, notEquals, contains, …) is what a TestScript compares the expression with.
    """

    expression: str
    on: str = ""
    says: str = ""
    operator: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One request and what must come back.

    `call`: get, post, put, delete, patch, v2 or nhsa; `target`: path, message or transaction. `status`: those that are
    right; `refused`: the answer refuses, and says so as its protocol wants it. `keep`: name → FHIRPath on the answer;
    `same`: name of an answer it equals byte for byte. `given`: values of this step alone.
    `options`: what one kind of call alone knows.
    """

    call: str
    target: str
    says: str = ""
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    token: str | None = None
    status: tuple[int, ...] = ()
    refused: bool = False
    type: str = ""
    answer_headers: Mapping[str, str] = field(default_factory=dict)
    expect: tuple[Expectation, ...] = ()
    keep: Mapping[str, str] = field(default_factory=dict)
    same: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Script:
    """`rounds`: values with which the steps are made again; `each`: name → FHIRPath on the statement, a round each."""

    group: str
    name: str
    requirement: str
    requirement_zh: str
    source: str
    steps: tuple[Step, ...]
    when: str = ""
    rounds: tuple[Mapping[str, Any], ...] = ()
    each: Mapping[str, str] = field(default_factory=dict)
    let: Mapping[str, Any] = field(default_factory=dict)


def read_scripts(path: Path) -> list[Script]:
    """The tests of one YAML file, its folder being the group. ValueError: what is wrong with the data, and where."""
    tree = yaml.load(path.read_text("utf-8"), Loader=ExactLoader)
    return [_script(path, each, tree.get("when", "")) for each in tree["tests"]]


def _script(path: Path, tree: Mapping[str, Any], when: str) -> Script:
    where = f"{path.name}: {tree.get('name')}"
    _known(tree, _TEST, where)
    said = tree["requirement"]
    return Script(
        group=path.parent.name,
        name=tree["name"],
        requirement=said["en"],
        requirement_zh=said["zh"],
        source=tree["source"],
        steps=tuple(_step(each, where) for each in tree["steps"]),
        when=tree.get("when", when),
        rounds=tuple(tree.get("rounds", ())),
        each=tree.get("each", {}),
        let=tree.get("let", {}),
    )


def _step(tree: Mapping[str, Any], where: str) -> Step:
    _known(tree, _STEP, where)
    calls = [name for name in (*METHODS, "v2", "nhsa") if name in tree]
    if len(calls) != 1:
        raise ValueError(f"{where}: a step makes one call, not {calls}")
    status = tree.get("status", ())
    return Step(
        call=calls[0],
        target=str(tree[calls[0]]),
        says=tree.get("says", ""),
        body=tree.get("body"),
        headers=tree.get("headers", {}),
        token=tree.get("token"),
        status=tuple(status) if isinstance(status, list | tuple) else (status,),
        refused=tree.get("refused", False),
        type=tree.get("type", ""),
        answer_headers=tree.get("answer_headers", {}),
        expect=tuple(_expectation(each, where) for each in tree.get("expect", ())),
        keep=tree.get("keep", {}),
        same=tree.get("same", ""),
        given=tree.get("with", {}),
        options={name: tree[name] for name in ("answers", "input", "envelope", "below") if name in tree},
    )


def _expectation(tree: str | Mapping[str, str], where: str) -> Expectation:
    if isinstance(tree, str):
        return Expectation(tree)
    _known(tree, {"that", "says"}, where)
    return Expectation(tree["that"], says=tree["says"])


def _known(tree: Mapping[str, Any], names: set[str], where: str) -> None:
    unknown = set(tree) - names
    if unknown:
        raise ValueError(f"{where}: {sorted(unknown)} is not known")
