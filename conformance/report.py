"""The reports of a run, from the same results: HTML for people, JSON, JUnit XML, and FHIR TestReports."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from conformance.checks import Result, Verdict
from conformance.journal import Exchange
from conformance.report_fhir import write_testreports
from conformance.report_html import write_page
from conformance.report_junit import write_junit


@dataclass(frozen=True, slots=True)
class Run:
    """What was checked, when (Unix seconds), for how many seconds, and with which results."""

    base: str
    began: float
    seconds: float
    results: tuple[Result, ...]
    software: str = ""

    @property
    def began_at(self) -> str:
        """An instant in UTC, as FHIR writes it."""
        return datetime.fromtimestamp(self.began, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """Checks by verdict."""
        return Counter(each.verdict for each in self.results)


def write_report(folder: Path, run: Run) -> None:
    """report.html, report.json, junit.xml and testreport.json in a folder that is made."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.html").write_text(
        write_page(
            run.results, base=run.base, began_at=run.began_at, seconds=f"{run.seconds:.0f}", software=run.software
        ),
        encoding="utf-8",
    )
    (folder / "report.json").write_bytes(msgspec.json.format(msgspec.json.encode(_tree(run)), indent=2))
    (folder / "junit.xml").write_bytes(write_junit(run.results, base=run.base, began_at=run.began_at))
    bundle = write_testreports(run.results, base=run.base, began_at=run.began_at)
    (folder / "testreport.json").write_bytes(msgspec.json.format(msgspec.json.encode(bundle), indent=2))


def _tree(run: Run) -> dict[str, Any]:
    return {
        "base": run.base,
        "software": run.software,
        "began": run.began_at,
        "seconds": round(run.seconds),
        "counts": {verdict.value: count for verdict, count in run.counts.items()},
        "checks": [_check(each) for each in run.results],
    }


def _check(result: Result) -> dict[str, Any]:
    check = result.check
    return {
        "group": check.group,
        "name": check.name,
        "requirement": check.requirement,
        "requirement_zh": check.requirement_zh,
        "source": check.source,
        "verdict": result.verdict.value,
        "found": result.found,
        "exchanges": [_exchange(each) for each in result.exchanges],
    }


def _exchange(each: Exchange) -> dict[str, Any]:
    return {
        "step": each.label,
        "request": {"line": each.request_line, "headers": each.request_headers, "body": each.request_body},
        "response": {"status": each.status, "headers": each.response_headers, "body": each.response_body},
        "millis": each.millis,
    }
