"""Mapping files: `mappings/<feed>/<message type>.yaml`, read once at start with everything that is wrong in them.

A file says which operation a message asks for, how its tree becomes FHIR resources (`build`) and how the result
becomes the answer's tree (`answer`). A file with neither operation nor build is a message of ours: its answer rows
write what `render` sends out. Rows cannot compute; what needs computing belongs to an adapter or to the core.
The language is described in docs/mappings.md. Every row is compiled here, so that a message only walks closures.
"""

import difflib
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from gateway.exchange.concept_maps import CodeMap, load_map
from gateway.exchange.read_rows import Sheet, read_all_rows, read_guard, read_members, text_of
from gateway.exchange.rows import AnyRow, Guard, Holds, Run, compile_guard, compile_rows

OPERATIONS: Final = frozenset(
    {
        "sign-in",
        "find-person",
        "open-visit",
        "describe-visit",
        "discharge-visit",
        "add-lines",
        "trial",
        "settle",
        "cancel",
        "post-contribution",
        "change-person",
        "payment-status",
        "payment-booked",
        "payment-returned",
        "bank-statement",
        "check-totals",
        "store-file",
        "check-details",
        "fetch-file",
        "apply-clearing",
        "revoke-clearing",
    }
)

_QUOTE: Final = "put quotation marks around texts that hold [ ] { } , : or #"


@dataclass(frozen=True, slots=True)
class MappingError:
    """One thing that is wrong with a mapping file; `line` counts from 1 (0: the file as a whole)."""

    file: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}" if self.line else f"{self.file}: {self.text}"


class MappingErrors(Exception):
    """Mapping files that cannot be used, with every error found in all of them."""

    def __init__(self, errors: Sequence[MappingError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(str(error) for error in self.errors))


@dataclass(frozen=True, slots=True)
class Block:
    """One resource to build: its type, its guard and its rows, as read and as compiled."""

    resource: str
    guard: Guard
    rows: tuple[AnyRow, ...]
    holds: Holds | None
    run: Run


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping file, compiled. `title`: 'zh' and 'en'. `operation` '' and `build` (): a message that we send."""

    feed: str
    message: str
    operation: str
    title: AnyMapping[str, str]
    build: tuple[Block, ...]
    answer: tuple[AnyRow, ...]
    path: Path
    run_answer: Run


def load_mappings(folder: Path, operations: frozenset[str] = OPERATIONS) -> dict[tuple[str, str], Mapping]:
    """Every mapping under a folder, by (feed, message type). MappingErrors lists all errors of all files."""
    errors: list[MappingError] = []
    if not folder.is_dir():
        errors.append(MappingError(folder, 0, "there is no such folder; name the one that holds <feed>/<message>.yaml"))
    odd = sorted(folder.glob("*/*.yml"))
    errors.extend(MappingError(file, 0, f"mapping files end in .yaml; rename it {file.stem}.yaml") for file in odd)
    maps = _load_maps(folder / "maps", errors)
    found: dict[tuple[str, str], Mapping] = {}
    for file in sorted(folder.glob("*/*.yaml")):
        for mapping in _load_file(file, maps, operations, errors):
            key = (mapping.feed, mapping.message)
            if key in found:
                text = f"message '{mapping.message}' is already mapped by {found[key].path.name}; keep one"
                errors.append(MappingError(file, 0, text))
            found[key] = mapping
    if errors:
        raise MappingErrors(errors)
    return found


def _load_maps(folder: Path, errors: list[MappingError]) -> dict[str, CodeMap]:
    maps: dict[str, CodeMap] = {}
    for file in sorted(folder.glob("*.json")):
        loaded = load_map(file)
        if isinstance(loaded, CodeMap):
            maps[file.stem] = loaded
        else:
            errors.extend(MappingError(file, 0, text) for text in loaded)
            maps[file.stem] = CodeMap(file.stem, {}, {})  # rows that use it are not wrong as well
    return maps


def _load_file(
    file: Path, maps: AnyMapping[str, CodeMap], operations: frozenset[str], errors: list[MappingError]
) -> list[Mapping]:
    """The mappings of one file: one per message it names; none when anything in it is wrong."""
    sheet = Sheet(maps)
    try:
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except UnicodeDecodeError:
        errors.append(MappingError(file, 0, "not UTF-8; save the file as UTF-8"))
        return []
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        errors.append(
            MappingError(file, mark.line + 1 if mark else 0, f"not YAML: {error.problem or error.context}; {_QUOTE}")
        )
        return []
    except yaml.YAMLError as error:
        errors.append(MappingError(file, 0, f"not YAML: {error}"))
        return []
    made = _read_mapping(root, file, operations, sheet)
    errors.extend(MappingError(file, line, text) for line, text in sheet.errors)
    return [] if sheet.errors else made


def _read_mapping(root: yaml.Node | None, file: Path, operations: frozenset[str], sheet: Sheet) -> list[Mapping]:
    keys = ("feed", "message", "operation", "title", "build", "answer")
    members = read_members(root, keys, sheet, required=_required_of(root, keys))
    feed = text_of(members.get("feed"), "feed", sheet)
    if feed and feed != file.parent.name:
        sheet.note(members["feed"], f"feed '{feed}' lies in folder '{file.parent.name}'; they must be equal")
    messages = _read_messages(members.get("message"), file, sheet)
    operation = text_of(members.get("operation"), "operation", sheet)
    if operation and operation not in operations:
        near = difflib.get_close_matches(operation, operations, n=1)
        hint = f"did you mean '{near[0]}'?" if near else "write one of " + ", ".join(sorted(operations))
        sheet.note(members["operation"], f"operation '{operation}' is not one the core offers; {hint}")
    titles = (
        read_members(members.get("title"), ("zh", "en"), sheet, required=("zh", "en")) if "title" in members else {}
    )
    title = {language: text_of(node, "title", sheet) for language, node in titles.items()}
    build = _read_build(members.get("build"), sheet)
    answer = read_all_rows(members["answer"], sheet, answer=True) if "answer" in members else ()
    sheet.errors.sort()
    if sheet.errors:
        return []
    run = compile_rows(answer, answer=True)
    return [Mapping(feed, message, operation, title, build, answer, file, run) for message in messages]


def _required_of(root: yaml.Node | None, keys: tuple[str, ...]) -> tuple[str, ...]:
    """A message that comes in needs an operation and resources to build; one that goes out needs its answer."""
    written = {name.value for name, _ in root.value} if isinstance(root, yaml.MappingNode) else set()
    outbound = "answer" in written and not written & {"operation", "build"}
    return ("feed", "message", "title", "answer") if outbound else keys[:5]


def _read_messages(node: yaml.Node | None, file: Path, sheet: Sheet) -> list[str]:
    """`message: "2203"` or `message: ["2203", "2203A"]`."""
    if node is None:
        return []
    nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
    messages = [text_of(one, "message", sheet) for one in nodes]
    if file.stem not in messages:
        sheet.note(
            node, f"the file is named '{file.stem}.yaml' and maps {', '.join(messages)}; name it after its message"
        )
    return messages


def _read_build(node: yaml.Node | None, sheet: Sheet) -> tuple[Block, ...]:
    if node is None:
        return ()
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        sheet.note(node, "build: write a list of resource blocks, such as '- resource: Claim'")
        return ()
    blocks = [_read_block(one, sheet) for one in node.value]
    return tuple(block for block in blocks if block is not None)


def _read_block(node: yaml.Node, sheet: Sheet) -> Block | None:
    before = len(sheet.errors)
    members = read_members(node, ("resource", "rows", "when", "unless"), sheet, required=("resource", "rows"))
    resource = text_of(members.get("resource"), "resource", sheet)
    if resource and not (resource.isalpha() and resource[0].isupper()):
        sheet.note(members["resource"], f"resource '{resource}' is not a FHIR type; write one such as Claim")
    guard = read_guard(members, sheet)
    rows = read_all_rows(members["rows"], sheet, answer=False) if "rows" in members else ()
    if len(sheet.errors) > before:
        return None
    return Block(resource, guard, rows, compile_guard(guard), compile_rows(rows, answer=False))
