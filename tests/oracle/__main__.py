"""`python -m tests.oracle`: verdicts of both engines, differences against the list, and both speeds in one run.

With `--everything` the other engine is asked for every message it has, and the agreement is printed only; with
`--speed` only resources a second of both are measured. Needs the packages in FHIR_PACKAGE_DIR, Java 17 and the jars
in var/oracle/jars.
"""

import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, Final, NamedTuple

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gateway.validation.issue import ERROR, Issue
from gateway.validation.read_json import read_json
from gateway.validation.validate import Validator
from tests.oracle.cases import Asked, Case, read_asked
from tests.oracle.compare import Judged, Verdict, agreement, by_group, failures, read_judged
from tests.oracle.hapi import Engine, Told
from tests.oracle.speed import rates

console: Final = Console(width=140)
_MOST_REPORTED: Final = 60
_WARM_UP: Final = 4
_WRONG: Final = frozenset({"error", "fatal"})
_NOT_JUDGED: Final = frozenset({"value-set-not-known", "invariant-not-judged"})


class Result(NamedTuple):
    """One case judged twice, with the microseconds each side took. `left_out`: errors of theirs on what no package
    has the codes for."""

    verdict: Verdict
    left_out: int
    our_us: int
    their_us: int


def main() -> int:
    """0 when the list of differences is exact and enough verdicts agree."""
    if "--speed" in sys.argv[1:]:
        return _print_rates()
    everything = "--everything" in sys.argv[1:]
    judged = Judged({}, {}) if everything else read_judged()
    asked = read_asked(Path(os.environ.get("FHIR_PACKAGE_DIR", "")))
    ours, our_start = _timed(lambda: Validator(asked.library))
    theirs, their_start = _timed(lambda: Engine(asked.definitions, judged.not_asked))
    _run(asked.cases[::_WARM_UP], ours, theirs)
    results = _run(asked.cases, ours, theirs)
    verdicts = [each.verdict for each in results]
    _print_agreement(verdicts, judged)
    console.print(
        f"errors of theirs left out, resting on codes that are in no package: {sum(r.left_out for r in results)}"
    )
    _print_speed(asked, results, our_start, their_start)
    wrong = [] if everything else failures(verdicts, judged)
    _print_judged(verdicts, judged)
    for each in wrong[:_MOST_REPORTED]:
        console.print(escape(each), style="red", highlight=False)
    if len(wrong) > _MOST_REPORTED:
        console.print(f"… and {len(wrong) - _MOST_REPORTED} more")
    return 1 if wrong else 0


def _run(cases: tuple[Case, ...], ours: Validator, theirs: Engine) -> list[Result]:
    return [_judge(case, ours, theirs) for case in cases]


def _judge(case: Case, ours: Validator, theirs: Engine) -> Result:
    started = time.perf_counter_ns()
    text = read_json(case.text.encode())
    issues = ours.validate(text.value, case.profiles) if text.value is not None else []
    between = time.perf_counter_ns()
    told = theirs.validate(case.text, case.profiles)
    ended = time.perf_counter_ns()
    found = [f"{each.code} {each.path}" for each in text.wrong if each.severity == ERROR]
    found += [f"{each.code} {each.location}: {each.text_en}" for each in issues if each.severity == ERROR]
    wrong = [each for each in told if each.severity in _WRONG]
    doubts = [each for each in issues if each.code in _NOT_JUDGED]
    said = tuple(f"{each.id} {each.location}: {each.text}" for each in wrong if not _is_doubtful(each, doubts))
    verdict = Verdict(case.group, case.name, tuple(found), said)
    return Result(verdict, len(wrong) - len(said), (between - started) // 1000, (ended - between) // 1000)


def _is_doubtful(error: Told, doubts: list[Issue]) -> bool:
    """Whether our side names, at the same element, a value set that is in no package as what the error rests on."""
    _, rule, key = error.id.partition("#")
    here = [each for each in doubts if each.location == error.location]
    if rule:
        return any(each.text_en.startswith(f"{key} ") and "value set" in each.text_en for each in here)
    return error.id.startswith("Terminology_") and any(each.code == "value-set-not-known" for each in here)


def _timed(make: Any) -> tuple[Any, float]:
    started = time.perf_counter()
    return make(), time.perf_counter() - started


def _print_agreement(verdicts: list[Verdict], judged: Judged) -> None:
    table = Table("group", "cases", "both valid", "both wrong", "only ours", "only theirs", "agree", title="verdicts")
    for group, found in (*by_group(verdicts).items(), ("all", verdicts)):
        sides = Counter((bool(each.ours), bool(each.theirs)) for each in found)
        agreed, total = agreement(found)
        cells = [sides[False, False], sides[True, True], sides[True, False], sides[False, True]]
        table.add_row(group, str(total), *map(str, cells), f"{agreed * 100 / total:.1f} %")
    console.print(table)
    console.print(f"not asked of theirs: {', '.join(judged.not_asked) or 'nothing'}", highlight=False)


def _print_judged(verdicts: list[Verdict], judged: Judged) -> None:
    """Who is right, over the differences that are listed."""
    listed = [
        judged.by_case[each.name]["right"] for each in verdicts if not each.agreed and each.name in judged.by_case
    ]
    told = ", ".join(f"{side} {number}" for side, number in sorted(Counter(listed).items()))
    console.print(f"differences judged, who is right: {told or 'none'}", highlight=False)


def _print_speed(asked: Asked, results: list[Result], our_start: float, their_start: float) -> None:
    table = Table("group", "kilobytes", "ours ms", "theirs ms", "times", title="one core, the whole group, warm")
    sizes: Counter[str] = Counter()
    times: dict[str, list[int]] = {}
    for case, result in zip(asked.cases, results, strict=True):
        sizes[case.group] += len(case.text)
        spent = times.setdefault(case.group, [0, 0])
        spent[0] += result.our_us
        spent[1] += result.their_us
    for group, (mine, other) in times.items():
        table.add_row(group, f"{sizes[group] // 1000}", f"{mine // 1000}", f"{other // 1000}", f"{other / mine:.0f}")
    console.print(table)
    console.print(f"start: ours {our_start:.1f} s, theirs {their_start:.1f} s")


def _print_rates() -> int:
    table = Table("resource", "ours a second", "theirs a second", "times", title="one core, base R4, from JSON text")
    for name, (mine, other) in rates().items():
        table.add_row(name, str(mine), str(other), str(round(mine / other)))
    console.print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
