"""The explanation as JSON values: what `gateway explain --json` prints and `$explain` answers."""

from dataclasses import asdict
from typing import Any

from gateway.datasets.explanation import Explanation


def write_explanation(explanation: Explanation) -> dict[str, Any]:
    """Head, summary, funds, lines, figures in the order they were made, and the rules they cite."""
    head, summary = explanation.head, explanation.summary
    return {
        "settlement": head.settlement,
        "claim": head.claim,
        "state": head.state,
        "cancelled by": head.cancelled_by,
        "institution": head.institution,
        "decided on": head.decided_on,
        "policy": explanation.policy,
        "version": explanation.version,
        "benefit": explanation.benefit,
        "titles": {name: asdict(title) for name, title in explanation.titles.items()},
        "total": summary.total if summary else "",
        "fund": summary.fund if summary else "",
        "summary": asdict(summary) if summary else {},
        "funds": [asdict(share) for share in explanation.funds],
        "lines": [asdict(line) for line in explanation.lines],
        "figures": [asdict(figure) for figure in explanation.figures],
        "rules": [asdict(rule) for rule in explanation.rules],
    }
