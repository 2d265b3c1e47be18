"""Statements and disclosure as one page to read and print: Chinese and English, nothing fetched, everything escaped."""

from collections.abc import Iterable
from html import escape

from gateway.datasets.books.disclosure import Disclosure, KindRow
from gateway.datasets.books.statements import cover_text
from gateway.datasets.titles import fund_title
from gateway.kernel import money
from gateway.ledger.statements import Statement

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

_STYLE = """
:root { color-scheme: light; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --head: #f3f5f7; }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; color: var(--ink);
       max-width: 62rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
.en { color: var(--soft); font-size: .92em; } .facts { color: var(--soft); margin: 0; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .5rem; text-align: left; vertical-align: top; }
thead th { background: var(--head); font-weight: 600; } tr.sum td { font-weight: 600; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
@media print { @page { size: A4; margin: 14mm; } body { font-size: 10.5pt; max-width: none; padding: 0; }
  h2 { break-after: avoid; } tr { break-inside: avoid; } thead { display: table-header-group; } }
"""

_SUM = ' class="sum"'
_STATES = {"open": "未结账 open", "closing": "结账中 closing", "closed": "已结账 closed"}


def disclosure_page(found: Disclosure) -> str:
    """The HTML document."""
    made = found.report
    title = f"{made.span.period} 医疗保险基金收支公开"
    sections = (
        f"<h1>{escape(title)}</h1>",
        f'<p class="facts">{escape(made.scheme)} · {made.span.from_on} — {made.span.to_on} · '
        f"{escape(_STATES[made.state])} · 单位:元 yuan</p>",
        *(_statement(each) for each in (*made.income, *made.sheets)),
        _cover(found),
        _care("各类医疗服务 / care by kind", found.kinds),
        _care("各定点机构 / by institution", found.institutions) if found.institutions else "",
    )
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>\n"
        + "\n".join(filter(None, sections))
        + "\n</body></html>\n"
    )


def _statement(each: Statement) -> str:
    fund = "全部基金 / all funds" if not each.fund else f"{fund_title(each.fund).zh} / {fund_title(each.fund).en}"
    rows = [
        (line.level == 0, (line.code if line.level else "", f"{line.zh} / {line.en}"), (money.text(line.fen),))
        for line in each.lines
    ]
    return _table(f"{each.title_zh} / {each.title_en}: {fund}", ("编号 code", "项目 item"), ("金额 amount",), rows)


def _cover(found: Disclosure) -> str:
    rows = [
        (False, (fund_title(each.fund).zh, each.judgement), (cover_text(each.hundredths),))
        for each in found.report.cover
        if each.hundredths is not None
    ]
    heading = "可支付月数 / months of cover"
    return _table(heading, ("基金 fund", "评价 judgement"), ("月数 months",), rows) if rows else ""


def _care(heading: str, rows: Iterable[KindRow]) -> str:
    listed = [
        (
            False,
            (row.institution, row.kind),
            (str(row.cases), *(money.text(fen) for fen in (row.total, row.fund, row.account))),
        )
        for row in rows
    ]
    columns = ("例数 cases", "总费用 total", "基金支付 fund", "个人账户 account")
    return _table(heading, ("机构 institution", "类别 kind"), columns, listed) if listed else ""


def _table(
    heading: str,
    words: tuple[str, ...],
    numbers: tuple[str, ...],
    rows: Iterable[tuple[bool, tuple[str, ...], tuple[str, ...]]],
) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in words)
    head += "".join(f'<th class="n">{escape(name)}</th>' for name in numbers)
    body = "\n".join(
        f"<tr{_SUM if is_sum else ''}>"
        + "".join(f"<td>{escape(text)}</td>" for text in texts)
        + "".join(f'<td class="n">{escape(text)}</td>' for text in figures)
        + "</tr>"
        for is_sum, texts, figures in rows
    )
    return f"<h2>{escape(heading)}</h2><table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>"
