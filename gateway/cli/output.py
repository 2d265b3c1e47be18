"""What commands print: tables for people, JSON for programs, problems on the error stream."""

import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from gateway.kernel.problem import Problem, Refusal
from gateway.security.keys import KeysError
from gateway.security.partners import PartnersError

FAILED, UNUSABLE = 1, 2
"""Exit codes: 1 the thing looked at is wrong, 2 it cannot be looked at (bad input, no database, locked)."""

Told: TypeAlias = Callable[[str, int, int], None]
"""Is told how far long work is: the part of it, what is done of it, and how much there is."""

console = Console(width=None if sys.stdout.isatty() else 120)
errors = Console(stderr=True, width=None if sys.stderr.isatty() else 120)


def print_json(value: Any) -> None:
    """One JSON text on the output stream."""
    typer.echo(msgspec.json.format(msgspec.json.encode(value)).decode())


def print_problems(problems: Sequence[Problem]) -> None:
    """Each problem with its code, both languages and its place."""
    for problem in problems:
        errors.print(f"[red]{problem.code}[/red] {escape(problem.text())}", highlight=False, markup=True)


def problem_values(problems: Sequence[Problem]) -> list[dict[str, str]]:
    """Problems for JSON."""
    return [{"kind": p.kind.value, "code": p.code, "path": p.path, "en": p.en, "zh": p.zh} for p in problems]


def table(*columns: str, numbers: Collection[str] = (), title: str = "") -> Table:
    """A plain table; columns of `numbers` stand to the right and are never broken."""
    made = Table(title=title or None, title_justify="left")
    for column in columns:
        if column in numbers:
            made.add_column(column, justify="right", no_wrap=True)
        else:
            made.add_column(column, overflow="fold")
    return made


def write_page(file: Path, page: str) -> None:
    """A page to a file; ends the command with 2 where it cannot be written."""
    try:
        file.write_text(page, encoding="utf-8")
    except OSError as error:
        errors.print(f"文件写不了 / cannot be written: {file} ({error.strerror})", markup=False)
        raise typer.Exit(UNUSABLE) from None


@contextmanager
def usable() -> Iterator[None]:
    """Ends the command with 2 and the reason when what it needs cannot be opened."""
    try:
        yield
    except Refusal as refusal:
        print_problems(refusal.problems)
        raise typer.Exit(UNUSABLE) from None
    except (KeysError, PartnersError) as error:
        errors.print(str(error), style="red", markup=False)
        raise typer.Exit(UNUSABLE) from None


@contextmanager
def progress(*, quiet: bool) -> Iterator[Told]:
    """Bars on a terminal, a line for each part elsewhere, nothing when quiet."""
    if quiet or not console.is_terminal:
        told_before: set[str] = set()

        def line(part: str, _done: int, _whole: int) -> None:
            if not quiet and part not in told_before:
                told_before.add(part)
                console.print(f"{part} …", highlight=False)

        yield line
        return
    columns = (TextColumn("{task.description:14}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        tasks: dict[str, Any] = {}

        def bar(part: str, done: int, whole: int) -> None:
            if part not in tasks:
                for before in tasks.values():
                    progress.update(before, completed=progress.tasks[before].total)
                tasks[part] = progress.add_task(part, total=whole)
            progress.update(tasks[part], completed=done)

        yield bar
