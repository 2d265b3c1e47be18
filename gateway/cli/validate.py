"""`gateway validate`: resources against FHIR R4, packages and profiles; or a package against itself."""

import os
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn

from gateway.cli.output import (
    FAILED,
    UNUSABLE,
    console,
    errors,
    print_json,
    print_problems,
    table,
    usable,
    write_page,
)
from gateway.cli.validate_input import Input, files_of, read_any, read_inputs
from gateway.datasets.validation_report import report_page
from gateway.definitions.files import package_files
from gateway.definitions.loader import Loaded, load_library
from gateway.definitions.sources import REGISTRIES, find_package, sources_from
from gateway.fhir.json import encode
from gateway.fhir.systems import cs
from gateway.validation.issue import ERROR, INFORMATION, Issue
from gateway.validation.outcome import write_outcome
from gateway.validation.self_check import Checked, Profiles, compile_profiles, is_example
from gateway.validation.validate import Validator

_COLOURS = {"error": "red", "warning": "yellow", "information": "blue"}
_NOT_KNOWN = "value-set-not-known"


class Format(StrEnum):
    """How issues are told."""

    TABLE = "table"
    JSON = "json"
    OUTCOME = "outcome"
    HTML = "html"


def validate(
    files: Annotated[
        list[str] | None, typer.Argument(help="Resources: JSON, XML, NDJSON, Bundles, folders, - for the input stream.")
    ] = None,
    package: Annotated[
        list[str] | None, typer.Option("--package", help="A .tgz, a folder, or name#version; may be repeated.")
    ] = None,
    profile: Annotated[
        list[str] | None, typer.Option("--profile", help="Canonical every resource must meet; may be repeated.")
    ] = None,
    self_check: Annotated[
        bool, typer.Option("--self-check", help="Compile every profile of the packages and validate their examples.")
    ] = False,
    format: Annotated[Format, typer.Option("--format", help="table, json, outcome or html.")] = Format.TABLE,
    out: Annotated[Path | None, typer.Option("--out", help="Write to this file.")] = None,
    registry: Annotated[
        bool, typer.Option("--registry", help="Ask the FHIR package registries for packages that are not here.")
    ] = False,
) -> None:
    """Validate FHIR R4 resources by their type, the profiles they claim and those named.

    Ends 0 without errors, 1 with errors, 2 when something cannot be read.
    """
    if (not files and not self_check) or (self_check and not package):
        errors.print("请给出文件,或 --self-check / name files, or --self-check with --package", markup=False)
        raise typer.Exit(UNUSABLE)
    with usable():
        sources = sources_from(os.environ, Path.home(), registries=REGISTRIES if registry else ())
        loaded = load_library(package or [], sources)
        validator = Validator(loaded.library)
        print_problems(loaded.notes)
        failed = False
        if self_check:
            failed = _self_check(loaded, validator, package or [], format, out)
        if files:
            failed = _validate_files(files, validator, profile or [], format, out) or failed
    if failed:
        raise typer.Exit(FAILED)


def _validate_files(
    files: list[str], validator: Validator, profiles: list[str], format: Format, out: Path | None
) -> bool:
    named = files_of(files)
    checked = []
    with _progress(len(named)) as progress:
        task = progress.add_task("", total=None)
        for each in read_inputs(named, validator.library.types):
            checked.append(Checked(each.name, tuple(_issues(each, validator, profiles))))
            progress.update(task, description=f"{len(checked)} {escape(each.name[-60:])}")
    _tell(checked, format, out)
    return any(each.has_errors for each in checked)


def _issues(each: Input, validator: Validator, profiles: list[str]) -> list[Issue]:
    found = list(each.wrong)
    if each.value is None:
        return validator.told(found, {})
    found += validator.findings(each.value, profiles) or []
    return validator.told(found, each.value)


def _self_check(loaded: Loaded, validator: Validator, named: list[str], format: Format, out: Path | None) -> bool:
    """Profiles and examples of each package that was asked for; whether any fails."""
    results = []
    for name, id in zip(named, loaded.asked, strict=True):
        profiles = compile_profiles(validator, id)
        checked = list(_examples(name, validator))
        results.append((id, profiles, checked))
    if format is Format.TABLE and out is None:
        for id, profiles, checked in results:
            _print_self_check(id, profiles, checked)
    elif format in (Format.TABLE, Format.JSON):
        _put([_self_value(*each) for each in results], out)
    else:
        _tell([each for _, _, checked in results for each in checked], format, out)
    return any(profiles.broken or any(each.has_errors for each in checked) for _, profiles, checked in results)


def _examples(name: str, validator: Validator) -> Iterator[Checked]:
    path = Path(name)
    if not path.exists():
        found = find_package(*_split(name), sources_from(os.environ, Path.home()))
        path = found.path if found is not None else path
    with _progress(0) as progress:
        task = progress.add_task("", total=None)
        for file in package_files(path):
            if not file.name.endswith(".json") or file.folder == "package":
                continue
            text = read_any(file.content, validator.library.types)
            if is_example(text.value, file.folder):
                progress.update(task, description=escape(file.name))
                each = Input(file.name, text.value, text.wrong)
                yield Checked(file.name, tuple(_issues(each, validator, [])))


def _split(name: str) -> tuple[str, str]:
    bare, _, version = name.partition("#")
    return bare, version or "latest"


def _print_self_check(id: str, profiles: Profiles, checked: list[Checked]) -> None:
    clean = sum(not each.has_errors for each in checked)
    console.print(f"{id}", style="bold", markup=False, highlight=False)
    console.print(f"  profiles compiled {profiles.compiled}/{profiles.total}", highlight=False)
    console.print(f"  examples without error {clean}/{len(checked)}", highlight=False)
    for url, reason in profiles.broken.items():
        console.print(f"  [red]broken[/red] {escape(url)}: {escape(reason)}", highlight=False)
    for note in profiles.notes:
        console.print(f"  [blue]note[/blue] {escape(note)}", highlight=False)
    for text in sorted({each.text_en for one in checked for each in one.issues if each.code == _NOT_KNOWN}):
        console.print(f"  [yellow]warning[/yellow] {escape(text)}", highlight=False)
    for one in checked:
        for issue in one.issues:
            if issue.severity == ERROR:
                where = f"{one.file} {issue.code} {issue.location}"
                console.print(f"  [red]error[/red] {escape(where)}: {escape(issue.text_en)}", highlight=False)


def _self_value(id: str, profiles: Profiles, checked: list[Checked]) -> dict[str, Any]:
    return {
        "package": id,
        "profiles": profiles,
        "examples": {"total": len(checked), "without-error": sum(not each.has_errors for each in checked)},
        "checked": [_value(each) for each in checked],
    }


def _value(each: Checked) -> dict[str, Any]:
    return {"file": each.file, "issues": each.issues}


def _tell(checked: list[Checked], format: Format, out: Path | None) -> None:
    match format:
        case Format.JSON:
            _put([_value(each) for each in checked], out)
        case Format.OUTCOME:
            outcomes = [write_outcome(each.issues, system=cs("problem")) for each in checked]
            _put(outcomes[0] if len(outcomes) == 1 else _collection(outcomes), out)
        case Format.HTML:
            page = report_page(checked)
            if out is not None:
                write_page(out, page)
            else:
                typer.echo(page)
        case Format.TABLE:
            _print_table(checked, out)


def _collection(outcomes: list[dict[str, Any]]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in outcomes]}


def _put(value: Any, out: Path | None) -> None:
    if out is None:
        print_json(value)
    else:
        write_page(out, encode(value).decode())


def _print_table(checked: list[Checked], out: Path | None) -> None:
    shown = table("file", "severity", "code", "location", "what to send")
    for each in checked:
        for issue in each.issues:
            if issue.severity == INFORMATION and out is None:
                continue
            colour = _COLOURS[issue.severity]
            words = f"{issue.text_zh}\n{issue.text_en}"
            cells = (each.file, f"[{colour}]{issue.severity}[/{colour}]", issue.code, issue.location, words)
            shown.add_row(*(cell if place == 1 else escape(cell) for place, cell in enumerate(cells)))
    if out is not None:
        lines = [
            f"{each.file}\t{issue.severity}\t{issue.code}\t{issue.location}\t{issue.text_en}"
            for each in checked
            for issue in each.issues
        ]
        write_page(out, "\n".join(lines) + "\n")
    elif shown.row_count:
        console.print(shown)
    clean = sum(not each.has_errors for each in checked)
    console.print(f"without error {clean}/{len(checked)}", highlight=False)


def _progress(total: int) -> Progress:
    """Shown on a terminal only, and gone when the work is done."""
    return Progress(SpinnerColumn(), TextColumn("{task.description}"), console=errors, transient=True)
