"""An institution's lines beside the core's: one verdict a line, and the classes of difference an officer works on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from gateway.exchange.reconcile.bodies import Difference, Figures
from gateway.exchange.reconcile.lines import NORMAL, REFUND, Line, Verdict

MATCHED, ONLY_CORE, ONLY_INSTITUTION, DIFFERS = "matched", "only-core", "only-institution", "differs"
AMOUNT_DIFFERS, REVERSED_HERE, REVERSED_THERE = "amount-differs", "reversed-here", "reversed-there"


def compare(stated: Sequence[Line], ours: Iterable[Line], cancellations: Mapping[str, str]) -> list[Verdict]:
    """One verdict for every line that either side has: the institution's in its order, then what only the core has.

    `cancellations`: the settlement that a cancellation undid; a refund may be listed under either's id.
    """
    known = {(line.settlement, line.refund): line for line in ours}
    met: set[tuple[str, str]] = set()
    verdicts = []
    for line in stated:
        settlement = cancellations.get(line.settlement, line.settlement) if line.refund == REFUND else line.settlement
        key = (settlement, line.refund)
        own = known.get(key)
        met.add(key)
        verdicts.append(_verdict(line, own))
    missing = [line for key, line in known.items() if key not in met]
    return verdicts + [
        Verdict(line, ONLY_CORE, "中心有,机构无 / the core has it, the institution does not") for line in missing
    ]


def _verdict(line: Line, own: Line | None) -> Verdict:
    if own is None:
        return Verdict(line, ONLY_INSTITUTION, "机构有,中心无 / the institution has it, the core does not")
    differing = [name for name, fen in line.figures.items() if fen != own.figures[name]]
    if differing:
        return Verdict(line, DIFFERS, f"金额不一致 / differs in {', '.join(differing)}")
    return Verdict(line._replace(visit=line.visit or own.visit), MATCHED)


def lines_differ(
    institution: str, verdicts: Iterable[Verdict], ours: Iterable[Line], cancellations: Mapping[str, str]
) -> list[Difference]:
    """The differences of lines, each settlement once: a refund that one side lacks is a reversal, not a loss."""
    known = {(line.settlement, line.refund): line for line in ours}
    told = [_undone(each, cancellations) for each in verdicts if each.what != MATCHED]
    lost = {each.line.settlement for each in told if each.line.refund == NORMAL and each.what != DIFFERS}
    return [each for verdict in told for each in _difference(institution, verdict, known, lost)]


def _undone(verdict: Verdict, cancellations: Mapping[str, str]) -> Verdict:
    """A refund listed under its own number, under that of the settlement it takes back."""
    line = verdict.line
    settlement = cancellations.get(line.settlement, line.settlement)
    return verdict if line.refund == NORMAL else verdict._replace(line=line._replace(settlement=settlement))


def _difference(
    institution: str, verdict: Verdict, known: Mapping[tuple[str, str], Line], lost: set[str]
) -> Iterator[Difference]:
    line, refund = verdict.line, verdict.line.refund == REFUND
    if refund and verdict.what != DIFFERS and line.settlement in lost:
        return  # settled and refunded on one side only: the missing settlement says it
    own = known.get((line.settlement, line.refund))
    ours = {} if verdict.what == ONLY_INSTITUTION or own is None else own.figures
    theirs = {} if verdict.what == ONLY_CORE else line.figures
    yield Difference(
        _class(verdict.what, refund=refund), line.settlement, institution, ours, theirs, {"person": line.person}
    )


def _class(what: str, *, refund: bool) -> str:
    if what == DIFFERS:
        return AMOUNT_DIFFERS
    if refund:
        return REVERSED_HERE if what == ONLY_CORE else REVERSED_THERE
    return what


def figures_differ(stated: Figures, ours: Figures) -> list[str]:
    """The names of the figures that differ, in their order."""
    return [name for name in Figures.__struct_fields__ if getattr(stated, name) != getattr(ours, name)]


def as_figures(figures: Figures) -> dict[str, int]:
    """Figures by name."""
    return {name: getattr(figures, name) for name in Figures.__struct_fields__}
