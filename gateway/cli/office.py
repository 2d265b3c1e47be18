"""What officers' commands share: the open system, who acts by the token of a file, who acts without one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from gateway.cli.output import FAILED, UNUSABLE, errors, print_problems, usable
from gateway.exchange.exchange import Exchange
from gateway.kernel.problem import Problem, Refusal
from gateway.security.partners import Partner, Role
from gateway.system import Settings, System, open_system

OPERATOR = Partner("command-line", Role.AGENCY, "command line")
"""Who the audit names: whoever may run the command on the server acts for the agency."""


@contextmanager
def opened() -> Iterator[System]:
    """The system while the block runs; a refusal ends the command with 1 and its problems."""
    with usable():
        system = open_system(Settings())
    try:
        yield system
    except Refusal as refusal:
        print_problems(refusal.problems)
        raise typer.Exit(FAILED) from None
    finally:
        system.close()


def officer_of(exchange: Exchange, token_file: Path) -> Partner:
    """Whose token a file holds. Refusal `unknown-token`."""
    found = exchange.partners.bearer(f"Bearer {read_file(token_file).decode('utf-8', 'replace').strip()}")
    if isinstance(found, Problem):
        raise Refusal(found)
    return found


def read_file(path: Path) -> bytes:
    """A file's bytes; ends the command with 2 where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        errors.print(f"文件读不了 / cannot be read: {path} ({error.strerror})", markup=False)
        raise typer.Exit(UNUSABLE) from None
