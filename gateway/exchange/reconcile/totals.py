"""Totals 对总账 (3201): what an institution added up of a window beside what the core has, figure by figure."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gateway.exchange.desk import Desk, Looking, Resource, Result
from gateway.exchange.reconcile.bodies import COMPARISON, Comparison, Figures, Window, encode
from gateway.exchange.reconcile.compare import DIFFERS, MATCHED, figures_differ
from gateway.exchange.reconcile.core import our_figures
from gateway.exchange.reconcile.requests import read_figures, read_window, whole_figures
from gateway.kernel import money
from gateway.kernel.ids import derived_id
from gateway.store.unit import Unit
from gateway.store.values import Dossier

TITLES = {"cases": "笔数", "total": "医疗费总额", "fund": "基金支付", "account": "个人账户支付"}


class Compared(NamedTuple):
    """A window with both sides' figures."""

    window: Window
    stated: Figures
    ours: Figures


def look_at_totals(looking: Looking, resources: Sequence[Resource]) -> Compared:
    """Reads the request and the core's own figures. Refusal with everything wrong in the request."""
    window = read_window(looking, resources[0], scheme_named=True)
    stated = whole_figures(read_figures(resources[0], *Figures.__struct_fields__))
    return Compared(window, stated, our_figures(looking.store, window, looking.schemes))


def check_totals(desk: Desk, resources: Sequence[Resource]) -> Result:
    """The operation `check-totals`. Keeps the comparison; asked again it is compared again.

    Answer tree: Comparison{result, text, differing}, `result` matched or differs.
    """
    compared: Compared = desk.looked
    differing = figures_differ(compared.stated, compared.ours)
    result = DIFFERS if differing else MATCHED
    dossier = keep_comparison(desk.unit, Comparison(compared.window, compared.stated, compared.ours), state=result)
    text = told(differing, stated=compared.stated, ours=compared.ours)
    tree = {"Comparison": {"id": dossier.id, "result": result, "text": text, "differing": differing}}
    return Result(tree, subject=dossier.id)


def told(differing: Sequence[str], *, stated: Figures, ours: Figures) -> str:
    """Which figure differs, and how, in both languages."""
    if not differing:
        return "一致 / matched"
    said = ";".join(
        f"{TITLES[name]} 机构 {_figure(name, getattr(stated, name))},中心 {_figure(name, getattr(ours, name))}"
        for name in differing
    )
    return f"{said} / differs in {', '.join(differing)}"


def _figure(name: str, value: int) -> str:
    return str(value) if name == "cases" else money.text(value)


def keep_comparison(unit: Unit, comparison: Comparison, *, state: str) -> Dossier:
    """The comparison of its window, in the place of one made before; its details stay when only totals come anew."""
    window = comparison.window
    before = unit.dossier_of_key(COMPARISON, window.key)
    id = before.id if before else derived_id(unit.area, COMPARISON, window.key)
    difference = abs(comparison.ours.fund - comparison.stated.fund) if comparison.stated else 0
    period = window.to_on if window.from_on == window.to_on else f"{window.from_on}..{window.to_on}"
    dossier = Dossier(
        COMPARISON, id, window.key, state, period, window.institution, difference, encode(comparison),
        before.version if before else 0,
    )  # fmt: skip
    return dossier if before and _same(before, dossier) else unit.put_dossier(dossier)


def _same(before: Dossier, after: Dossier) -> bool:
    return (before.state, before.body) == (after.state, after.body)


def figures_tree(figures: Figures) -> Mapping[str, object]:
    """Figures for an answer, amounts in yuan."""
    values = {name: getattr(figures, name) for name in Figures.__struct_fields__}
    return {name: value if name == "cases" else money.decimal(value) for name, value in values.items()}
