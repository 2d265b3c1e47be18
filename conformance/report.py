"""The report of a run: JSON for machines, one plain HTML page for people."""

from collections import Counter
from collections.abc import Sequence
from html import escape
from pathlib import Path

import msgspec

from conformance.checks import Result, Verdict

STYLE = (
    "body{font:15px sans-serif;margin:2em;max-width:70em}td,th{padding:.3em .8em;text-align:left;vertical-align:top;"
    "border-bottom:1px solid #ccc}.failed{background:#fdd}.passed td:first-child{color:#060}pre{white-space:pre-wrap}"
)


def write_report(folder: Path, results: Sequence[Result], *, base: str) -> None:
    """report.json and report.html in a folder that is made."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_bytes(
        msgspec.json.format(msgspec.json.encode(as_tree(results, base=base)), indent=2)
    )
    (folder / "report.html").write_text(as_page(results, base=base), encoding="utf-8")


def as_tree(results: Sequence[Result], *, base: str) -> dict[str, object]:
    """Counts by verdict, and each check with requirement, source, verdict and what was found."""
    return {
        "base": base,
        "counts": {verdict.value: count for verdict, count in _counts(results).items()},
        "checks": [
            {
                "group": each.check.group,
                "name": each.check.name,
                "requirement": each.check.requirement,
                "source": each.check.source,
                "verdict": each.verdict.value,
                "found": each.found,
            }
            for each in results
        ],
    }


def as_page(results: Sequence[Result], *, base: str) -> str:
    """The page; everything that came from the other side is escaped."""
    rows = "".join(
        f'<tr class="{each.verdict.value}"><td>{each.verdict.value}</td><td>{each.check.group}</td>'
        f"<td>{escape(each.check.requirement)}<br><small>{escape(each.check.source)}</small>"
        f"{f'<pre>{escape(each.found)}</pre>' if each.found else ''}</td></tr>\n"
        for each in results
    )
    counts = ", ".join(f"{count} {verdict.value}" for verdict, count in _counts(results).items())
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Conformance</title><style>{STYLE}</style>\n'
        f"<h1>Conformance of {escape(base)}</h1><p>{counts}</p>\n"
        f"<table><tr><th>verdict</th><th>group</th><th>requirement</th></tr>\n{rows}</table></html>\n"
    )


def _counts(results: Sequence[Result]) -> Counter[Verdict]:
    return Counter(each.verdict for each in results)
