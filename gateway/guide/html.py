"""What every page is made of. Everything is escaped; nothing is fetched; both languages stand side by side.

Three radio buttons choose the languages, with style alone.
"""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from gateway.guide.model import Both, split

POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""Content-Security-Policy of every page; the search adds the hash of its script."""

STYLE: Final = """
:root { color-scheme: light; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --head: #f3f5f7; --link: #0550ae; }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; color: var(--ink);
       max-width: 76rem; margin: 0 auto; padding: 1rem 1.5rem 3rem; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; align-items: center; border-bottom: 1px solid var(--line);
         padding-bottom: .75rem; } header b { margin-right: auto; } header form { margin: 0; }
h1 { font-size: 1.5rem; margin: 1.25rem 0 .25rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
a { color: var(--link); } .en { color: var(--soft); font-size: .93em; } .soft { color: var(--soft); }
body:has(#zh:checked) .en, body:has(#en:checked) .zh { display: none; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .5rem; text-align: left; vertical-align: top; }
thead th { background: var(--head); } td { overflow-wrap: anywhere; min-width: 3.5rem; }
td:first-child { min-width: 11rem; }
code, pre { font: .87em/1.45 ui-monospace, "Cascadia Mono", Menlo, monospace; }
pre { background: var(--head); padding: .75rem; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; }
dd { margin: 0; overflow-wrap: anywhere; }
.bad { color: #b42318; } details { margin: 1rem 0; } summary { cursor: pointer; font-weight: 600; }
.d1 { padding-left: 1.3rem; } .d2 { padding-left: 2.4rem; } .d3 { padding-left: 3.5rem; } .d4 { padding-left: 4.6rem; }
input[type=search] { padding: .25rem .5rem; border: 1px solid var(--line); border-radius: .3rem; width: 13rem; }
"""

_LANGUAGES: Final = (
    "<span><input type=radio name=lang id=both checked><label for=both>中+EN</label> "
    "<input type=radio name=lang id=zh><label for=zh>中文</label> "
    "<input type=radio name=lang id=en><label for=en>English</label></span>"
)


def page(title: Both, body: str, *, head: str = "") -> str:
    """A document with the links every page has. `head`: more of the head, not escaped."""
    name = escape(" / ".join(filter(None, title)))
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,">'
        f"<title>{name}</title><style>{STYLE}</style>{head}</head><body>\n"
        f"<header><b>{both(Both('医疗保险网关实施指南', 'Medical-insurance gateway: guide'))}</b>"
        f'<a href="index.html">{both(Both("概览", "overview"))}</a>'
        f'<a href="artifacts.html">{both(Both("全部定义", "all definitions"))}</a>'
        '<form action="search.html" method="get" role="search">'
        '<input type="search" name="q" aria-label="查询 search" placeholder="查询 search"></form>'
        f"{_LANGUAGES}</header>\n<main><h1>{both(title)}</h1>\n{body}\n</main></body></html>\n"
    )


def both(text: Both) -> str:
    """A text in its languages, escaped; one language alone is shown whatever is chosen."""
    if text.zh and text.en:
        return f"<span class=zh>{escape(text.zh)}</span> <span class=en lang=en>{escape(text.en)}</span>"
    return escape(text.zh) if text.zh else f"<span lang=en>{escape(text.en)}</span>"


def told(text: str) -> str:
    """A text that may have both languages around a slash."""
    return both(split(text))


def section(title: Both, body: str) -> str:
    """A heading with what is below it, or nothing when there is nothing."""
    return f"<section><h2>{both(title)}</h2>\n{body}</section>\n" if body else ""


def table(head: Sequence[Both], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are HTML already; '' without rows."""
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in rows)
    if not body:
        return ""
    names = "".join(f"<th>{both(each)}</th>" for each in head)
    return f"<div class=wide><table><thead><tr>{names}</tr></thead><tbody>\n{body}</tbody></table></div>\n"


def facts(rows: Iterable[tuple[Both, str]]) -> str:
    """Terms and what they are (HTML already); those without anything are left out."""
    return "<dl>" + "".join(f"<dt>{both(name)}</dt><dd>{value}</dd>" for name, value in rows if value) + "</dl>\n"


def code(text: object) -> str:
    """A code or expression."""
    return f"<code>{escape(str(text))}</code>"


def link(href: str, text: str) -> str:
    """A link; `text` is HTML already."""
    return f'<a href="{escape(href)}">{text}</a>'
