"""`python -m conformance run --base URL …`: exit code 0 all passed, 1 something failed, 2 nothing could be run."""

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import httpx

from conformance.capability import CAPABILITY
from conformance.checks import Result, Verdict, run
from conformance.nhsa import NHSA_GROUP
from conformance.report import write_report
from conformance.settlement import SETTLEMENT
from conformance.site import Site
from conformance.v2 import V2_GROUP

GROUPS = (SETTLEMENT, CAPABILITY, V2_GROUP, NHSA_GROUP)
"""In this order: the settled claims are what the capability checks then read and search."""


def main(arguments: Sequence[str]) -> int:
    """Run what is asked for, print one line a check, write the report."""
    asked = _parser().parse_args(arguments)
    site = Site(
        base=asked.base.rstrip("/"),
        token=asked.token,
        institution=asked.institution,
        citizen_id=asked.citizen_id,
        day=asked.day,
        nhsa=asked.nhsa,
        mllp=asked.mllp,
    )
    with site.http:
        try:
            site.http.get(f"{site.base}/metadata")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            print(f"cannot run: {site.base} does not answer ({error})", file=sys.stderr)
            return 2
        results = run((check for group in GROUPS for check in group.checks), site, asked.group or _names())
    for each in results:
        print(_line(each))
    if asked.out:
        write_report(asked.out, results, base=site.base)
    failed = sum(each.verdict is Verdict.FAILED for each in results)
    print(f"{len(results)} checks, {failed} failed")
    return 1 if failed else 0


def _line(result: Result) -> str:
    words = f"{result.verdict.value:9} {result.check.group}/{result.check.name}: {result.check.requirement}"
    return f"{words}\n          {result.found}" if result.found else words


def _names() -> list[str]:
    return [group.name for group in GROUPS]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m conformance", description="Checks a gateway over the network.")
    runs = parser.add_subparsers(required=True).add_parser("run", help="check a running gateway")
    runs.add_argument("--base", required=True, help="FHIR base, such as http://127.0.0.1:8000/fhir")
    runs.add_argument("--mllp", type=_address, help="HOST:PORT of the HL7 v2 listener; without it group v2 is not run")
    runs.add_argument("--nhsa", default="", help="URL of the NHSA interface; without it group nhsa is not run")
    runs.add_argument("--group", action="append", choices=_names(), help="only this group; may be given again")
    runs.add_argument("--token", required=True, help="bearer token of a clinic")
    runs.add_argument("--institution", required=True, help="the clinic's code, such as H32118200001")
    runs.add_argument("--citizen-id", required=True, help="a test person who is covered; claims of it are settled")
    runs.add_argument(
        "--day", type=date.fromisoformat, required=True, help="a day of cover, not after the gateway's today"
    )
    runs.add_argument("--out", type=Path, help="folder for report.json and report.html")
    return parser


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit():
        raise argparse.ArgumentTypeError(f"'{text}' is no HOST:PORT")
    return host, int(port)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
