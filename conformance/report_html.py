"""The report as one page that can be sent to anybody: no script, nothing fetched, secrets masked before they came here.

Chinese and English stand side by side. Everything that came from the other side is escaped.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape

import msgspec

from conformance.checks import Result, Verdict
from conformance.journal import Exchange

WORDS: Mapping[Verdict, str] = {
    Verdict.PASSED: "通过 passed",
    Verdict.FAILED: "未通过 failed",
    Verdict.NOT_ASKED: "未检查 not asked",
    Verdict.NOT_OFFERED: "未提供 not offered",
}
_CLASSES: Mapping[Verdict, str] = {
    Verdict.PASSED: "passed",
    Verdict.FAILED: "failed",
    Verdict.NOT_ASKED: "left",
    Verdict.NOT_OFFERED: "left",
}
STYLE = """
:root{color-scheme:light dark;--line:#8886;--good:#1a7f37;--bad:#cf222e}
body{font:15px/1.5 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif}
body{margin:0 auto;max-width:72rem;padding:1.5rem}
h1{font-size:1.5rem;margin:0}h2{margin:2rem 0 .5rem;font-size:1.2rem}.quiet{opacity:.7}
table{border-collapse:collapse}th,td{padding:.2rem .8rem;text-align:right;border-bottom:1px solid var(--line)}
th:first-child{text-align:left}
details{border-bottom:1px solid var(--line);padding:.4rem 0}summary{cursor:pointer}
summary b{font-weight:600}.mark{display:inline-block;min-width:9rem;font-weight:600}
.passed .mark{color:var(--good)}.failed .mark{color:var(--bad)}
.failed>summary{border-left:4px solid var(--bad);padding-left:.4rem}
pre{overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid var(--line)}
pre{padding:.5rem;margin:.3rem 0;font-size:.85rem}
.found{border-color:var(--bad)}section details details{margin-left:1.5rem;border:0}
@media print{details{break-inside:avoid}}
"""
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"


def write_page(results: Sequence[Result], *, base: str, began_at: str, seconds: str, software: str) -> str:
    """The whole page. Failed checks stand open; every check holds its requests and answers."""
    groups = list(dict.fromkeys(each.check.group for each in results))
    sections = "".join(_section(name, [each for each in results if each.check.group == name]) for name in groups)
    failed = sum(each.verdict is Verdict.FAILED for each in results)
    verdict = f"{failed} 项未通过 / {failed} failed" if failed else "全部通过 / all passed"
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>一致性检查报告 Conformance report</title><style>{STYLE}</style></head>\n<body>"
        f"<h1>一致性检查报告 Conformance report</h1>"
        f"<p><code>{escape(base)}</code> · {escape(software)} · {escape(began_at)} · {escape(seconds)} s</p>"
        f'<p class="{"failed" if failed else "passed"}"><span class="mark">{verdict}</span></p>\n'
        f"{_table(groups, results)}\n{sections}</body></html>\n"
    )


def _table(groups: Sequence[str], results: Sequence[Result]) -> str:
    head = "".join(f"<th>{WORDS[verdict]}</th>" for verdict in Verdict)
    counts = Counter((each.check.group, each.verdict) for each in results)
    rows = "".join(
        f'<tr><th><a href="#{escape(name)}">{escape(name)}</a></th>'
        + "".join(f"<td>{counts[name, verdict] or ''}</td>" for verdict in Verdict)
        + "</tr>"
        for name in groups
    )
    return f"<table><tr><th>组 group</th>{head}</tr>{rows}</table>"


def _section(name: str, results: Sequence[Result]) -> str:
    return (
        f'<section id="{escape(name)}"><h2>{escape(name)}</h2>\n{"".join(_check(each) for each in results)}</section>\n'
    )


def _check(result: Result) -> str:
    check = result.check
    opened = " open" if result.verdict is Verdict.FAILED else ""
    found = f'<pre class="found">{escape(result.found)}</pre>' if result.found else ""
    exchanges = "".join(_exchange(each) for each in result.exchanges)
    mark = f'<span class="mark">{WORDS[result.verdict]}</span>'
    return (
        f'<details class="{_CLASSES[result.verdict]}"{opened}><summary>{mark}'
        f"<b>{escape(check.name)}</b> {escape(check.requirement_zh)} / {escape(check.requirement)}</summary>"
        f'<p class="quiet">依据 source: {_source(check.source)}</p>{found}{exchanges}</details>\n'
    )


def _source(source: str) -> str:
    if source.startswith("https://"):
        return f'<a href="{escape(source)}" rel="noreferrer">{escape(source)}</a>'
    return escape(source)


def _exchange(each: Exchange) -> str:
    status = str(each.status) if each.status else "–"
    line = f"{escape(each.label)} <code>{escape(each.request_line[:160])}</code>"
    return (
        f'<details><summary class="quiet">{line} → {status} · {each.millis} ms</summary>'
        f"<p>请求 request</p><pre>{_message(each.request_line, each.request_headers, each.request_body)}</pre>"
        f"<p>应答 answer</p><pre>{_message(status, each.response_headers, each.response_body)}</pre></details>"
    )


def _message(line: str, headers: Mapping[str, str], body: str) -> str:
    named = "".join(f"{name}: {value}\n" for name, value in headers.items())
    return escape(f"{line}\n{named}\n{_indented(body)}")


def _indented(body: str) -> str:
    """JSON on lines of its own; anything else, and JSON that was cut, as it is."""
    if not body.startswith(("{", "[")):
        return body
    try:
        return msgspec.json.format(body.encode(), indent=2).decode()
    except msgspec.DecodeError:
        return body
