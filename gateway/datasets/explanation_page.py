"""The explanation as one page to read and print: Chinese and English, nothing fetched, everything escaped.

What matters to the patient comes first: the total, what the funds pay, what is left to pay. Then the lines of the bill,
then each step in figures, then the words of the rules.
"""

from collections.abc import Iterable, Sequence
from html import escape

from gateway.datasets.explanation import Explanation, Summary, since
from gateway.datasets.titles import FIGURES, PARTS
from gateway.settlement.rule import Wording

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""Content-Security-Policy of the page; the address it is served from sends it as a header too."""

_STYLE = """
:root { color-scheme: light; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --head: #f3f5f7; }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; color: var(--ink);
       max-width: 62rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
.en { color: var(--soft); font-size: .92em; } .facts { color: var(--soft); margin: 0; overflow-wrap: anywhere; }
.pays { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1rem 0; padding: 0; list-style: none; }
.pays li { flex: 1 1 10rem; border: 1px solid var(--line); border-radius: .5rem; padding: .6rem .8rem; }
.pays b { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
.pays .you { border: 2px solid var(--ink); }
.undone { border: 2px solid #b42318; padding: .5rem .8rem; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; color: var(--soft); }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .5rem; text-align: left; vertical-align: top; }
td { overflow-wrap: break-word; } td code, .facts { overflow-wrap: anywhere; } th .en { display: block; }
thead th { background: var(--head); font-weight: 600; } tfoot td, tfoot th { font-weight: 600; }
.n { text-align: right; font-variant-numeric: tabular-nums; } td.n { white-space: nowrap; }
.a { font-variant-numeric: tabular-nums; }
code { font-size: .85em; color: var(--soft); } blockquote { margin: .25rem 0; }
@media print { @page { size: A4; margin: 14mm; } body { font-size: 10.5pt; max-width: none; padding: 0; }
  h2 { break-after: avoid; } tr, .pays li { break-inside: avoid; } thead { display: table-header-group; } }
"""


def explanation_page(explanation: Explanation) -> str:
    """The HTML document."""
    sections = (
        _head(explanation),
        _summary(explanation),
        _lines(explanation),
        _steps(explanation),
        _rules(explanation),
    )
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_META_POLICY)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>费用结算说明 {escape(explanation.head.settlement or explanation.head.claim)}</title>"
        f"<style>{_STYLE}</style></head><body>\n" + "\n".join(filter(None, sections)) + "\n</body></html>\n"
    )


_META_POLICY = POLICY.removesuffix("; frame-ancestors 'none'")  # a meta element may not say this one


def yuan(amount: str) -> str:
    """'¥1,234.56' for '1234.56', '-¥5.00' for '-5.00'."""
    sign = "-" if amount.startswith("-") else ""
    whole, _, rest = amount.removeprefix("-").partition(".")
    return f"{sign}¥{int(whole):,}.{rest}"


def _head(explanation: Explanation) -> str:
    head, titles = explanation.head, explanation.titles
    facts = [("结算", "settlement", head.settlement), ("费用", "claim", head.claim)]
    facts += [("医疗机构", "institution", head.institution), ("结算依据日", "decided for", head.decided_on)]
    told = " · ".join(f"{zh} <span class=en lang=en>{en}</span> {escape(value)}" for zh, en, value in facts if value)
    named = [_both(titles[name]) for name in ("policy", "benefit", "category", "level") if name in titles]
    undone = ""
    if head.state == "cancelled":
        by = f" {escape(head.cancelled_by)}" if head.cancelled_by else ""
        undone = (
            f"<p class=undone>该结算已撤销{by}。<span class=en lang=en>This settlement was cancelled{by}.</span></p>"
        )
    return (
        "<header><h1>费用结算说明 <span class=en lang=en>How this bill was settled</span></h1>"
        f"<p class=facts>{told}</p><p class=facts>{' · '.join(named)}</p>{undone}</header>"
    )


def _summary(explanation: Explanation) -> str:
    summary = explanation.summary
    if summary is None:
        return ""
    cards = [_card("total", summary.total), _card("fund", summary.fund)]
    cards += [
        _card(name, amount)
        for name, amount in (("account", summary.account), ("institution_share", summary.institution_share))
        if amount != "0.00"
    ]
    cards.append(_card("cash", summary.cash, "you"))
    funds = [
        (_both(Wording(share.zh, share.en)), yuan(share.amount))
        for share in explanation.funds
        if share.amount != "0.00" or len(explanation.funds) == 1
    ]
    return (
        "<section><h2>谁付多少 <span class=en lang=en>Who pays what</span></h2>"
        f"<ul class=pays>{''.join(cards)}</ul>"
        + _table((("基金", "fund"), ("金额", "amount")), funds, numbers={1})
        + "<h2>费用构成 <span class=en lang=en>What the bill is made of</span></h2>"
        + _table((("部分", "part"), ("金额", "amount")), _made_of(summary), numbers={1})
        + "</section>"
    )


def _made_of(summary: Summary) -> list[tuple[str, str]]:
    names = (*PARTS, "total", "deductible", "counted")
    return [(_both(FIGURES[name]), yuan(getattr(summary, name))) for name in names]


def _card(name: str, amount: str, kind: str = "") -> str:
    marked = f" class={kind}" if kind else ""
    return f"<li{marked}>{_both(FIGURES[name])}<b>{yuan(amount)}</b></li>"


def _lines(explanation: Explanation) -> str:
    if not explanation.lines:
        return ""
    columns = (
        ("行", "line"),
        ("项目", "item"),
        ("金额", "amount"),
        *((title.zh, title.en) for title in PARTS.values()),
    )
    rows = []
    for line in explanation.lines:
        name = _both(Wording(line.zh, line.en)) if line.zh else ""
        code = f"<code>{escape(line.code)}</code>" if line.code else ""
        amounts = (line.amount, line.own_expense, line.over_limit, line.first_payment, line.in_scope)
        rows.append((str(line.line), f"{name} {code}".strip(), *map(yuan, amounts)))
    return (
        "<section><h2>费用明细 <span class=en lang=en>Lines of the bill</span></h2>"
        + _table(columns, rows, numbers={2, 3, 4, 5, 6})
        + "</section>"
    )


def _steps(explanation: Explanation) -> str:
    columns = (
        ("步", "step"),
        ("行", "line"),
        ("说明", "what"),
        ("算式", "in figures"),
        ("前 → 后", "before → after"),
        ("依据", "rule"),
    )
    cited = {(rule.rule, rule.in_force_from): n for n, rule in enumerate(explanation.rules, 1)}
    rows = [
        (
            str(number),
            str(figure.line) if figure.line else "",
            _both(Wording(figure.zh, figure.en)),
            escape(figure.arithmetic),
            f"{yuan(figure.before)} → {yuan(figure.after)}",
            f"[{cited[figure.rule, figure.in_force_from]}]",
        )
        for number, figure in enumerate(explanation.figures, 1)
    ]
    return (
        "<section><h2>计算步骤 <span class=en lang=en>Steps in figures</span></h2>"
        + _table(columns, rows, numbers={4}, figures={3})
        + "</section>"
    )


def _rules(explanation: Explanation) -> str:
    columns = (("号", "no."), ("规定", "rule"), ("原文与读法", "source words and our reading"))
    rows = []
    for number, rule in enumerate(explanation.rules, 1):
        source = f"<blockquote>“{escape(rule.source)}”</blockquote>" if rule.source else ""
        reading = (
            f"<p>读法 <span class=en lang=en>our reading</span>:{escape(rule.reading)}</p>" if rule.reading else ""
        )
        day = escape(since(rule))
        in_force = f"<br>自 {day} 起 <span class=en lang=en>in force from {day}</span>" if day else ""
        where = f"{escape(rule.rule)}{in_force}<br><code>{escape(rule.version[:16])}</code>"
        rows.append((f"[{number}]", where, source + reading))
    return (
        "<section><h2>依据 <span class=en lang=en>Rules cited</span></h2>"
        + _table(columns, rows)
        + f"<p class=facts>{escape(explanation.policy)} <code>{escape(explanation.version)}</code></p></section>"
    )


def _both(title: Wording) -> str:
    return f"{escape(title.zh)} <span class=en lang=en>{escape(title.en)}</span>"


def _table(
    columns: Sequence[tuple[str, str]],
    rows: Iterable[Sequence[str]],
    *,
    numbers: Iterable[int] = (),
    figures: Iterable[int] = (),
) -> str:
    """Cells are HTML already; `numbers`: columns of amounts, `figures`: of arithmetic."""
    kinds = {**dict.fromkeys(numbers, " class=n"), **dict.fromkeys(figures, " class=a")}
    head = "".join(
        f"<th{kinds.get(n, '')}>{zh} <span class=en lang=en>{en}</span></th>" for n, (zh, en) in enumerate(columns)
    )
    body = "".join(
        f"<tr>{''.join(f'<td{kinds.get(n, str())}>{cell}</td>' for n, cell in enumerate(row))}</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
