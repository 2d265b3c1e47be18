"""`python -m conformance client`: a partner points its own client at the sandbox, which judges what it does.

Exit code 0 when every phase was met and everything was as it must be, 1 when not, 2 when nothing came.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from conformance.checks import Result, Verdict
from conformance.client.judge import Issues, judge_phase, judge_requests
from conformance.client.phases import read_phases, read_rules
from conformance.client.sandbox import Sandbox, serving
from conformance.guide import GuideError, load_guide
from conformance.profiles import guide_profiles
from conformance.report import Run, write_report
from gateway.definitions.library import Library
from gateway.validation.validate import validator_of

POLL_SECONDS = 0.2


def add_client(commands: Any) -> None:
    """The command and its options."""
    client = commands.add_parser("client", help="test a client: it submits claims to a scripted endpoint")
    client.set_defaults(command=run_client)
    client.add_argument("--port", type=int, default=8099, help="port on 127.0.0.1; 0 takes a free one")
    client.add_argument("--wait", type=int, default=300, help="seconds after which the test ends, whatever came")
    client.add_argument("--quiet", type=int, default=5, help="seconds without a request that end it once all was met")
    client.add_argument("--package", action="append", help="a guide that claims must meet; may be given again")
    client.add_argument("--out", type=Path, help="folder for the reports")


def run_client(asked: argparse.Namespace) -> int:
    """Serve the sandbox until the client is done, then tell and write what was found."""
    sandbox = Sandbox(read_phases())
    try:
        library = load_guide(asked.package)
    except GuideError as error:
        print(f"cannot run: {error}", file=sys.stderr)
        return 2
    began = time.time()
    with serving(sandbox, port=asked.port) as base:
        print(f"sandbox: {base} — submit {len(sandbox.phases)} claims of different visits to it", flush=True)
        _wait(sandbox, wait=asked.wait, quiet=asked.quiet)
    results = judge(sandbox, issues_of(library))
    for each in results:
        print(f"{each.verdict.value:11} client/{each.check.name}: {each.check.requirement}")
        if each.found:
            print(f"            {each.found}")
    if asked.out:
        write_report(asked.out, Run(base, began, time.time() - began, tuple(results), "client under test"))
    if not sandbox.attempts:
        print("nothing came: submit claims to the sandbox", file=sys.stderr)
        return 2
    return 0 if all(each.verdict is Verdict.PASSED for each in results) else 1


def judge(sandbox: Sandbox, issues: Issues) -> list[Result]:
    """Every phase, then what holds for all requests."""
    results = [
        judge_phase(each, sandbox.attempts_of(each), sandbox.exchanges_of(sandbox.attempts_of(each)))
        for each in sandbox.phases
    ]
    return results + judge_requests(read_rules(), sandbox.attempts, unread=sandbox.unread, issues=issues)


def issues_of(library: Library) -> Issues:
    """Errors of a resource by the validator, against R4 and the guide's profile of all of its type."""
    validator, profiles = validator_of(library), guide_profiles(library)

    def issues(resource: dict[str, Any]) -> Sequence[str]:
        found = validator.validate(resource, profiles.get(str(resource.get("resourceType")), ()))
        return [f"{each.code} at {each.location}: {each.text_en}" for each in found if each.severity == "error"]

    return issues


def _wait(sandbox: Sandbox, *, wait: int, quiet: int) -> None:
    ends = time.monotonic() + wait
    while time.monotonic() < ends and not (sandbox.all_met and time.monotonic() - sandbox.last_at >= quiet):
        time.sleep(POLL_SECONDS)
