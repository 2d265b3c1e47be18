"""`python -m conformance run --base URL …`: exit code 0 all passed, 1 something failed, 2 nothing could be run.

`python -m conformance client …` tests the other side: see `conformance/client`.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

import httpx

from conformance.checks import Check, Result, Verdict, run
from conformance.client.command import add_client
from conformance.guide import GuideError, load_guide
from conformance.journal import Journal
from conformance.profiles import GROUP as PROFILES
from conformance.profiles import answered_types, gather, profile_checks
from conformance.report import Run, write_report
from conformance.site import Site
from conformance.suite import GROUPS, checks_of
from gateway.definitions.library import Library


def main(arguments: Sequence[str]) -> int:
    """The command line; see the docstring of the module."""
    asked = _parser().parse_args(arguments)
    code: int = asked.command(asked)
    return code


def run_suite(asked: argparse.Namespace) -> int:
    """Run what is asked for, print one line a check, write the reports."""
    site = _site(asked)
    groups = asked.group or [each.partition("/")[0] for each in asked.test or GROUPS]
    wanted = [each for each in GROUPS if each in groups]
    began = time.time()
    with site.http:
        try:
            library = load_guide(asked.package)
            site.send("GET", f"{site.base}/metadata", {})
        except GuideError as error:
            return _cannot_run(str(error))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return _cannot_run(f"{site.base} does not answer ({error})")
        results: list[Result] = []
        for group in wanted:
            for each in _checks(group, site, library):
                if asked.test and f"{group}/{each.name}" not in asked.test:
                    continue
                results += run([each], site, [group])
                print(_line(results[-1]), flush=True)
        software = _software(site)
    whole = Run(site.base, began, time.time() - began, tuple(results), software)
    if asked.out:
        write_report(asked.out, whole)
    failed = sum(each.verdict is Verdict.FAILED for each in results)
    print(f"{len(results)} checks, {failed} failed, {whole.seconds:.0f} s")
    return 1 if failed else 0


def _checks(group: str, site: Site, library: Library) -> list[Check]:
    """The checks of a group; those of profiles are of what was answered until now, and of some more."""
    if group != PROFILES:
        return checks_of(group)
    with suppress(httpx.HTTPError):  # that nobody answers any more was found by other checks
        gather(site)
    return profile_checks(library, answered_types(site))


def _cannot_run(why: str) -> int:
    print(f"cannot run: {why}", file=sys.stderr)
    return 2


def _site(asked: argparse.Namespace) -> Site:
    secrets = tuple(each for each in (asked.token, asked.nhsa_secret) if each)
    return Site(
        base=asked.base.rstrip("/"),
        token=asked.token,
        institution=asked.institution,
        citizen_id=asked.citizen_id,
        day=asked.day,
        nhsa=asked.nhsa,
        nhsa_secret=asked.nhsa_secret,
        mllp=asked.mllp,
        codes=tuple(asked.code or ()),
        journal=Journal(secrets),
    )


def _software(site: Site) -> str:
    said = site.statement.get("software", {})
    return " ".join(str(said[name]) for name in ("name", "version") if name in said)


def _line(result: Result) -> str:
    words = f"{result.verdict.value:11} {result.check.group}/{result.check.name}: {result.check.requirement}"
    return f"{words}\n            {result.found}" if result.found else words


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m conformance", description="Checks a gateway over the network.")
    commands = parser.add_subparsers(required=True)
    runs = commands.add_parser("run", help="check a running gateway")
    runs.set_defaults(command=run_suite)
    runs.add_argument("--base", required=True, help="FHIR base, such as http://127.0.0.1:8000/fhir")
    runs.add_argument("--mllp", type=_address, help="HOST:PORT of the HL7 v2 listener; without it group v2 is not run")
    runs.add_argument("--nhsa", default="", help="URL of the NHSA interface; without it group nhsa is not run")
    runs.add_argument("--nhsa-secret", default="", help="the clinic's shared secret, where NHSA requests are signed")
    runs.add_argument("--group", action="append", choices=GROUPS, help="only this group; may be given again")
    runs.add_argument("--test", action="append", help="only this check, as group/name; may be given again")
    runs.add_argument("--token", required=True, help="bearer token of a clinic")
    runs.add_argument("--institution", required=True, help="the clinic's code, such as H32118200001")
    runs.add_argument("--citizen-id", required=True, help="a test person who is covered; claims of it are settled")
    runs.add_argument(
        "--day", type=date.fromisoformat, required=True, help="a day of cover, not after the gateway's today"
    )
    runs.add_argument("--code", action="append", help="an item of the catalogue to bill; may be given again")
    runs.add_argument(
        "--package",
        action="append",
        help="a guide (.tgz, folder, name#version) that answers must meet; may be given again",
    )
    runs.add_argument("--out", type=Path, help="folder for the reports: HTML, JSON, JUnit and FHIR TestReport")
    add_client(commands)
    return parser


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit():
        raise argparse.ArgumentTypeError(f"'{text}' is no HOST:PORT")
    return host, int(port)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
