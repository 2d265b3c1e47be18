"""The report of a run: JSON for machines, one plain HTML page for people."""

from collections import Counter
from collections.abc import Sequence
from html import escape
from pathlib import Path

import msgspec

from conformance.checks import Result

STYLE = "body{font:15px sans-serif;margin:2em}td{padding:.3em .8em;vertical-align:top}.failed{background:#fdd}"


def write_report(folder: Path, results: Sequence[Result], *, base: str) -> None:
    """report.json and report.html in a folder that is made: counts by verdict, and every check with its source."""
    folder.mkdir(parents=True, exist_ok=True)
    checks = [
        {
            **{name: getattr(each.check, name) for name in ("group", "name", "requirement", "source")},
            "verdict": each.verdict.value,
            "found": each.found,
        }
        for each in results
    ]
    counts = Counter(each["verdict"] for each in checks)
    tree = {"base": base, "counts": counts, "checks": checks}
    (folder / "report.json").write_bytes(msgspec.json.format(msgspec.json.encode(tree), indent=2))
    (folder / "report.html").write_text(_page(base, counts, checks), encoding="utf-8")


def _page(base: str, counts: Counter[str], checks: Sequence[dict[str, str]]) -> str:
    """Everything that came from the other side is escaped."""
    rows = "".join(
        f'<tr class="{each["verdict"]}"><td>{each["verdict"]}<td>{each["group"]}/{each["name"]}'
        f"<td>{escape(each['requirement'])}<td>{escape(each['source'])}<td><pre>{escape(each['found'])}</pre></tr>\n"
        for each in checks
    )
    said = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Conformance</title><style>{STYLE}</style>\n'
        f"<h1>Conformance of {escape(base)}</h1><p>{said}</p>\n<table>\n{rows}</table></html>\n"
    )
