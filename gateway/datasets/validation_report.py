"""The result of a validation as one page to read: nothing fetched, everything escaped."""

from collections.abc import Sequence
from html import escape
from typing import Final

from gateway.validation.issue import Issue
from gateway.validation.self_check import Checked

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE: Final = """
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; color: #1b1f24;
       max-width: 72rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; overflow-wrap: anywhere; }
.en { color: #57606a; display: block; font-size: .92em; } code { overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #d0d7de; padding: .35rem .5rem; text-align: left; vertical-align: top; }
thead th { background: #f3f5f7; } .error { color: #b42318; font-weight: 600; } .warning { color: #8a5300; }
"""
_SEVERITIES: Final = {"error": "错误 error", "warning": "警告 warning", "information": "提示 information"}


def report_page(checked: Sequence[Checked]) -> str:
    """The HTML document: a summary, then each file that has something to say."""
    clean = sum(not each.has_errors for each in checked)
    parts = [_file(each) for each in checked if each.issues]
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>FHIR 校验报告</title><style>{_STYLE}</style></head><body>\n"
        '<h1>FHIR 校验报告 <span class="en">Validation report</span></h1>\n'
        f'<p>{clean} / {len(checked)} 无错误 <span class="en">without error</span></p>\n'
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def _file(each: Checked) -> str:
    rows = "".join(_row(issue) for issue in each.issues)
    head = "<thead><tr><th>级别</th><th>代码</th><th>位置</th><th>说明</th></tr></thead>"
    return f"<h2>{escape(each.file)}</h2>\n<table>{head}<tbody>{rows}</tbody></table>"


def _row(issue: Issue) -> str:
    return (
        f'<tr><td class="{escape(issue.severity)}">{_SEVERITIES.get(issue.severity, escape(issue.severity))}</td>'
        f"<td><code>{escape(issue.code)}</code></td><td><code>{escape(issue.location)}</code></td>"
        f'<td>{escape(issue.text_zh)}<span class="en">{escape(issue.text_en)}</span></td></tr>'
    )
