"""What is undocumented is broken: error codes, commands, settings, targets, dependencies, feeds, policies and links."""

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from gateway.kernel.problem import Kind

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(p for f in ("docs", "adapters", "gateway", "mappings") for p in (ROOT / f).rglob("*.md"))]
)


class Code(NamedTuple):
    """A problem code made somewhere in the source; `kind` '' where it is not written beside it."""

    code: str
    kind: str
    place: str


def trees() -> Iterator[tuple[str, ast.Module]]:
    for folder in ("gateway", "adapters"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"), str(path))


def called(node: ast.Call) -> str:
    return (
        node.func.id
        if isinstance(node.func, ast.Name)
        else node.func.attr
        if isinstance(node.func, ast.Attribute)
        else ""
    )


def argument(call: ast.Call, position: int, name: str) -> ast.expr | None:
    named = [keyword.value for keyword in call.keywords if keyword.arg == name]
    return named[0] if named else call.args[position] if len(call.args) > position else None


def literals(node: ast.expr | None) -> list[str]:
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=body, orelse=orelse):
            return literals(body) + literals(orelse)
        case _:
            return []


def makers(parsed: list[tuple[str, ast.Module]]) -> dict[str, tuple[int, str]]:
    """Problem itself, and functions that hand one of their parameters to it as the code: name → position, parameter."""
    found = {"Problem": (1, "code")}
    for _, tree in parsed:
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            parameters = [arg.arg for arg in (*function.args.posonlyargs, *function.args.args)]
            every = {*parameters, *(arg.arg for arg in function.args.kwonlyargs)}
            for call in (
                node for node in ast.walk(function) if isinstance(node, ast.Call) and called(node) == "Problem"
            ):
                code = argument(call, 1, "code")
                if isinstance(code, ast.Name) and code.id in every:
                    found[function.name] = (parameters.index(code.id) if code.id in parameters else 99, code.id)
    return found


def codes_in(parsed: list[tuple[str, ast.Module]]) -> list[Code]:
    known = makers(parsed)
    found = []
    for path, tree in parsed:
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and called(node) in known):
            kind = argument(call, 0, "kind")
            said = Kind[kind.attr].value if isinstance(kind, ast.Attribute) and kind.attr in Kind.__members__ else ""
            position, name = known[called(call)]
            found += [Code(code, said, f"{path}:{call.lineno}") for code in literals(argument(call, position, name))]
    return found


def rows() -> dict[str, set[str]]:
    """Code → the kinds its rows in docs/errors give."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "docs/errors").glob("*.md")):
        if path.name != "README.md":
            for code, kinds in re.findall(
                r"^\|\s*`?([a-z0-9][a-z0-9-]*)`?\s*\|\s*([^|]*?)\s*\|", path.read_text("utf-8"), re.M
            ):
                if code != "code":
                    found.setdefault(code, set()).update(re.findall(r"[a-z-]+", kinds))
    return found


def test_the_collector_sees_codes_in_literals_and_through_helpers() -> None:
    source = (
        "Problem(Kind.RULE, 'a', p, e, z)\nProblem(kind=Kind.INVALID, code='b' if x else 'c', path=p)\n"
        "def bad(path, *, code): return Problem(Kind.INVALID, code, path, e, z)\nbad(p, code='d')"
    )

    assert {(code.code, code.kind) for code in codes_in([("x.py", ast.parse(source))])} == {
        ("a", "rule"),
        ("b", "invalid"),
        ("c", "invalid"),
        ("d", ""),
    }


def test_every_problem_code_is_documented_with_its_kind() -> None:
    documented = rows()
    undocumented = [
        f"{c.place}: {c.code} ({c.kind or '?'})" for c in codes_in(list(trees())) if c.code not in documented
    ]
    other_kind = [
        f"{c.place}: {c.code} is {c.kind}"
        for c in codes_in(list(trees()))
        if c.kind and c.kind not in documented.get(c.code, {c.kind})
    ]

    assert not undocumented, "no row in docs/errors/:\n" + "\n".join(undocumented)
    assert not other_kind, "docs/errors/ gives another kind:\n" + "\n".join(other_kind)


def test_no_documented_code_is_one_that_nothing_says() -> None:
    said = {
        node.value
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    said |= {
        word
        for p in (ROOT / "gateway/policies").rglob("*.yaml")
        for word in re.findall(r"[a-z0-9-]+", p.read_text("utf-8"))
    }

    assert set(rows()) - said == set()


def test_the_index_of_codes_names_every_part_and_every_kind() -> None:
    index = (ROOT / "docs/errors/README.md").read_text("utf-8")

    assert [
        p.name
        for p in sorted((ROOT / "docs/errors").glob("*.md"))
        if p.name != "README.md" and f"({p.name})" not in index
    ] == []
    assert [kind for kind in Kind if f"| {kind} |" not in index] == []


def commands(command: Any, path: str) -> Iterator[tuple[str, set[str]]]:
    """Every command that does something, with its long options."""
    for name, child in getattr(command, "commands", {}).items():
        yield from commands(child, f"{path} {name}")
    if not hasattr(command, "commands"):
        yield (
            path,
            {
                option
                for parameter in command.params
                for option in (*parameter.opts, *parameter.secondary_opts)
                if option.startswith("--")
            },
        )


def sections(document: str) -> dict[str, str]:
    parts = re.split(r"^## `?(gateway [a-z -]+?)`?(?: [A-Z\[].*)?$", document, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_command_and_option_is_documented() -> None:
    if not (ROOT / "gateway/cli/__init__.py").exists():
        return  # the command line is not part of this tree
    from typer.main import get_command

    documented = sections((ROOT / "docs/cli.md").read_text("utf-8"))
    offered = dict(commands(get_command(import_module("gateway.cli").app), "gateway"))
    missing = {
        path: options - set(re.findall(r"--[a-z-]+", documented.get(path, ""))) - {"--help"}
        for path, options in offered.items()
    }

    assert set(documented) == set(offered)
    assert {path: options for path, options in missing.items() if options} == {}


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    if not (ROOT / "gateway/system.py").exists():
        return  # nothing reads settings in this tree
    settings = import_module("gateway.system").Settings
    prefix = settings.model_config.get("env_prefix", "")
    names = {f"{prefix}{name}".upper() for name in settings.model_fields}

    assert (
        set(re.findall(rf"^\|\s*`({prefix.upper()}[A-Z0-9_]+)`", (ROOT / "docs/settings.md").read_text("utf-8"), re.M))
        == names
    )


TARGETS = set(re.findall(r"^([a-z-]+):(?!=)", MAKEFILE, re.M))


def test_commands_that_documents_tell_to_type_exist() -> None:
    told = {
        (p.name, t)
        for p in DOCUMENTS
        for t in re.findall(r"`make ([a-z-]+)|^make ([a-z-]+)", p.read_text("utf-8"), re.M)
        for t in t
        if t
    }

    assert {(name, target) for name, target in told if target not in TARGETS} == set()
    assert {target for target in TARGETS if f"make {target}" not in README} == set()


def test_every_dependency_says_in_the_readme_what_it_saves() -> None:
    wanted = [
        *PROJECT["dependencies"],
        *(name for extra in PROJECT["optional-dependencies"].values() for name in extra),
    ]
    names = {re.split(r"[\[<>=;! ]", name)[0] for name in wanted}

    table = README.partition("## What we depend on")[2].partition("\n## ")[0]

    assert set(re.findall(r"^\| `([A-Za-z0-9_.-]+)` \| [^|]{10,} \|$", table, re.M)) == names


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_relative_links_lead_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)", document.read_text("utf-8"))

    assert [target for target in targets if not (document.parent / target).exists()] == []


FEEDS = sorted(path.parent for path in (ROOT / "adapters").glob("*/adapter.toml"))
POLICIES = sorted(path.parent for path in (ROOT / "gateway/policies").glob("*/policy.yaml"))


@pytest.mark.parametrize("feed", FEEDS, ids=lambda path: path.name)
def test_every_feed_explains_itself_and_brings_samples(feed: Path) -> None:
    assert (feed / "README.md").exists()
    assert list(feed.glob("samples/*/*.in"))
    assert (ROOT / "docs/feeds" / f"{feed.name}.md").exists()


@pytest.mark.parametrize("policy", POLICIES, ids=lambda path: path.name)
def test_every_policy_explains_itself_and_brings_cases(policy: Path) -> None:
    assert (policy / "README.md").exists()
    assert list(policy.glob("cases/*.yaml"))
