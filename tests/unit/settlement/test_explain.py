"""Every figure says its arithmetic and its rule, now and from what was stored."""

import msgspec

from gateway.fhir.json import encode
from gateway.kernel import money
from gateway.policies.load import load_all
from gateway.settlement.adjudicate import adjudicate
from gateway.settlement.claim import Case, ClaimKind, ItemClass
from gateway.settlement.decision import Decision
from gateway.settlement.explain import explain, explain_trace, trace
from gateway.settlement.steps import FIGURES
from tests.unit.settlement.sheets import CITED, bill, claim, decided, line, spent, terms

MIXED = claim(
    line("100.00", None),
    line("80.00", terms(ItemClass.C)),
    line("23.80", terms(ItemClass.B, "0.10", ceiling="0.80"), count="28"),
    line("32680.45"),
)


def test_the_arithmetic_of_a_stay_is_written_out() -> None:
    told = [(each.figure, each.arithmetic) for each in explain(decided(bill("32680.45"))) if each.line == 0]

    assert told == [
        ("deductible", "min(32680.45, 500.00) = 500.00"),
        ("ceiling", "min(32180.45, 120000.00 − 0.00) = 32180.45"),
        ("tier", "(10000.00 − 0.00) × 60 % = 6000.00"),
        ("tier", "(32180.45 − 10000.00) × 65 % = 14417.29"),
    ]


def test_the_arithmetic_of_lines_is_written_out() -> None:
    told = [(each.line, each.figure, each.arithmetic) for each in explain(decided(MIXED)) if each.line in (1, 2, 3)]

    assert told == [
        (1, "off-catalogue", "100.00"),
        (2, "own-expense", "80.00"),
        (3, "over-limit", "23.80 − 0.80 × 28 = 1.40"),
        (3, "first-payment", "22.40 × 10 % = 2.24"),
        (3, "in-scope", "23.80 − 1.40 − 2.24 = 20.16"),
    ]


def test_the_yearly_deductible_says_what_was_borne() -> None:
    decision = decided(bill("600.00", kind=ClaimKind.CHRONIC), spent("chronic", deductible="120.00"))

    assert "min(600.00, 500.00 − 120.00) = 380.00" in [each.arithmetic for each in explain(decision)]


def test_a_proportion_is_written_out() -> None:
    shipped = load_all().policies["321182-resident"].policy
    decision = adjudicate(Case(bill("1000.00", level="township")), shipped)

    assert isinstance(decision, Decision)
    assert explain(decision)[-1].arithmetic == "700.00 × 85 % = 595.00"


def test_before_and_after_run_on_from_figure_to_figure() -> None:
    told = [each for each in explain(decided(bill("32680.45"))) if each.line == 0]

    assert [(each.before, each.after) for each in told] == [
        ("32680.45", "32180.45"),
        ("32180.45", "32180.45"),
        ("0.00", "6000.00"),
        ("6000.00", "20417.29"),
    ]


def test_the_last_figure_is_what_the_fund_pays() -> None:
    decision = decided(MIXED)

    assert explain(decision)[-1].after == money.text(decision.fund_total)


def test_every_figure_carries_rule_version_day_and_words() -> None:
    for told in explain(decided(MIXED)):
        assert told.rule.startswith("test ")
        assert told.version == "v1"
        assert told.in_force_from
        assert told.source or told.reading
        assert told.zh
        assert told.en


def test_every_figure_of_the_shipped_policy_carries_its_words() -> None:
    loaded = load_all().policies["321182-resident"]
    lines = tuple(
        line("50.00", loaded.catalogue.terms(code, level="city_hospital", day=bill("1").to_on), code=code)
        for code in loaded.catalogue.items
    )
    for kind in (ClaimKind.INPATIENT, ClaimKind.CHRONIC, ClaimKind.OUTPATIENT, ClaimKind.MATERNITY):
        decision = adjudicate(Case(claim(*lines, kind=kind)), loaded.policy)
        assert isinstance(decision, Decision)
        for told in explain(decision):
            assert told.source or told.reading, told
            assert told.version


def test_a_line_cites_the_catalogue_entry() -> None:
    assert {note.rule for note in decided(MIXED).notes if note.line in (2, 3)} == {CITED}


def test_what_is_stored_explains_itself_word_for_word() -> None:
    decision = decided(MIXED)

    assert explain_trace(trace(decision), FIGURES) == explain(decision)


def test_the_stored_explanation_survives_being_written_as_json() -> None:
    decision = decided(MIXED, spent(counted="49000.00"))

    assert explain_trace(msgspec.json.decode(encode(trace(decision))), FIGURES) == explain(decision)


def test_a_rule_that_gave_many_figures_is_stored_once() -> None:
    stored = trace(decided(claim(*[line("1.00")] * 50)))

    assert len(stored["rules"]) < 6
    assert len(stored["notes"]) > 50


def test_the_stored_explanation_names_policy_version_and_benefit() -> None:
    stored = trace(decided(bill("1.00")))

    assert (stored["policy"], stored["version"], stored["benefit"]) == ("test", "v1", "inpatient")
