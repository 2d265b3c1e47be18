"""The policies that ship: their cases hold to the fen, their data is complete and cited."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from gateway.kernel import money
from gateway.kernel.ids import AreaCode, InstitutionCode
from gateway.policies.cases import area_case_files, case_files, run_cases
from gateway.policies.load import SHIPPED, PolicyBook, load_all, load_catalogue, load_policy, policy_from_body
from gateway.settlement.claim import ClaimKind, ItemClass
from gateway.settlement.plan import plan_on
from gateway.settlement.shapes import Levy

POLICY = "321182-resident"


@pytest.mark.parametrize("file", sorted(SHIPPED.glob("*/cases/*.yaml")), ids=lambda path: path.stem)
def test_every_case_is_as_expected(book: PolicyBook, file: Path) -> None:
    assert [result.line for result in run_cases(file, book) if not result.ok] == []


def test_the_worked_examples_and_at_least_forty_more_stand_as_cases(book: PolicyBook) -> None:
    counts = {file.stem: len(run_cases(file, book)) for file in area_case_files(book.policies[POLICY])}

    assert counts.pop("worked-examples") == 6
    assert sum(counts.values()) >= 40
    assert set(area_case_files(book.policies[POLICY])) <= set(case_files(book))


def test_every_case_states_its_arithmetic() -> None:
    for file in sorted(SHIPPED.glob("*/cases/*.yaml")):
        for case in file.read_text("utf-8").split("\n- case:")[1:]:
            refused_for_its_day = "refused: no-" in case
            assert "\n  # " in case or refused_for_its_day, f"{file.name}: {case.splitlines()[0]}"


def test_the_literal_reading_of_the_ceiling_is_sayable(folder: Path, change: Callable[..., int]) -> None:
    change("after_deductible\n      source: 年度可结算", "before_deductible\n      source: 年度可结算")

    [failed] = [r for r in run_cases(folder / POLICY / "cases/worked-examples.yaml", load_all(folder)) if not r.ok]

    # 120000.00 - 500.00 = 119500.00; 6000.00 + 26000.00 + 69500.00 * 70% = 80650.00
    assert failed.case == "180,000.00 at the city hospital"
    assert [(d.field, d.actual) for d in failed.differences] == [
        ("counted", "119500.00"),
        ("funds.basic", "80650.00"),
        ("cash", "99350.00"),
    ]


@pytest.mark.parametrize("kind", ClaimKind)
@pytest.mark.parametrize("day", [date(2004, 12, 31), date(2013, 1, 1), date(2014, 6, 1), date(2015, 12, 31)])
def test_every_kind_has_an_answer_on_every_day_in_force(book: PolicyBook, kind: ClaimKind, day: date) -> None:
    policy = book.policies[POLICY].policy
    plan = plan_on(policy, day)

    assert plan is not None
    assert {(c, kind, level) for c in policy.categories for level in policy.levels} <= set(plan.benefits)


@pytest.mark.parametrize("day", [date(2003, 12, 31), date(2005, 1, 1), date(2012, 12, 31), date(2016, 1, 1)])
def test_outside_its_days_the_policy_is_not_in_force(book: PolicyBook, day: date) -> None:
    assert plan_on(book.policies[POLICY].policy, day) is None


def test_every_value_is_cited(book: PolicyBook) -> None:
    policy = book.policies[POLICY].policy

    assert [name for name, values in policy.parameters.items() if not all(value.source for value in values)] == []
    assert all(span.source for span in policy.in_force)


def test_the_levy_has_a_part_of_the_person_and_of_government(book: PolicyBook) -> None:
    policy = book.policies[POLICY].policy
    levy_2004, levy_2015 = (policy.value_on("levy", date(year, 10, 1)) for year in (2004, 2015))

    assert levy_2004 is not None
    assert levy_2015 is not None
    assert levy_2004.value == {
        "resident": Levy(money.of("50.00"), money.of("20.00")),
        "pupil": Levy(money.of("45.00"), money.of("20.00")),
    }
    assert levy_2015.value == dict.fromkeys(("resident", "pupil"), Levy(money.of("200.00"), money.of("430.00")))


def test_the_catalogue_has_every_class_and_charge() -> None:
    catalogue = load_catalogue(SHIPPED / "catalogue")
    items = [dated.value for versions in catalogue.items.values() for dated in versions]

    assert len(catalogue.items) >= 70
    assert set(Counter(item.item_class for item in items)) == set(ItemClass)
    assert len({item.charge for item in items}) >= 13
    assert all(item.rule.reading or item.rule.source for item in items)


def test_catalogue_codes_have_the_national_shapes(book: PolicyBook) -> None:
    lengths = {"X": 23, "Z": 20, "T": 10, "C": 20, "0": 15}

    assert [code for code in book.policies[POLICY].catalogue.items if len(code) != lengths[code[0]]] == []


def test_terms_depend_on_level_and_day(book: PolicyBook) -> None:
    catalogue = book.policies[POLICY].catalogue
    ceftriaxone, ct = "XJ01DDT108B001010100045", "002103000010000"

    township = catalogue.terms(ceftriaxone, level="township", day=date(2015, 1, 1))
    outside = catalogue.terms(ceftriaxone, level="outside_city", day=date(2015, 1, 1))
    before, since = (catalogue.terms(ct, level="township", day=date(*day)) for day in ((2009, 12, 31), (2010, 1, 1)))

    assert township is not None
    assert outside is not None
    assert before is not None
    assert since is not None
    assert (township.ceiling_price, outside.ceiling_price) == (6_000_000, 8_000_000)
    assert (before.item_class, since.item_class) == (ItemClass.C, ItemClass.B)
    assert catalogue.terms("XZ99ZZZ999Z999010199999", level="township", day=date(2015, 1, 1)) is None


def test_institutions_of_every_level_are_designated_by_day(book: PolicyBook) -> None:
    area = book.policies[POLICY]
    on = area.institutions.on

    levels = {version.value.level for versions in area.institutions.by_code.values() for version in versions}
    city = on(InstitutionCode("H32118200001"), date(2015, 3, 9))
    assert len(area.institutions.by_code) >= 8
    assert levels == set(area.policy.levels)
    assert city is not None
    assert city.level == "city_hospital"
    assert on(InstitutionCode("H32118200104"), date(2013, 12, 31)) is not None
    assert on(InstitutionCode("H32118200104"), date(2014, 1, 1)) is None
    assert on(InstitutionCode("H99999999999"), date(2015, 3, 9)) is None


def test_the_book_finds_a_policy_by_area_and_scheme(book: PolicyBook) -> None:
    assert book.of(AreaCode("321182"), "resident") is book.policies[POLICY]
    assert book.of(AreaCode("321182"), "worker") is None


def test_kept_content_loads_to_the_same_policy(book: PolicyBook) -> None:
    area = book.policies[POLICY]
    policy, catalogue = policy_from_body(area.body)

    assert (policy.version, policy.parameters, policy.benefits) == (
        area.policy.version,
        area.policy.parameters,
        area.policy.benefits,
    )
    assert catalogue.items == area.catalogue.items


def test_a_catalogue_entry_cites_the_policy_that_uses_it(book: PolicyBook) -> None:
    area = book.policies[POLICY]
    terms = area.catalogue.terms("002103000010000", level="township", day=date(2015, 3, 9))

    assert terms is not None
    assert (terms.rule.policy, terms.rule.version) == (POLICY, area.policy.version)
    assert terms.rule.path == "catalogue.002103000010000"
    assert terms.rule.source == "2010年将参保人员住院期间发生的特殊检查费用纳入可结算医疗费用范围"


def test_the_version_follows_content_not_layout(folder: Path, change: Callable[..., int]) -> None:
    shipped = load_policy(folder / POLICY).version

    change("# 2013–2015\n", "# another comment\n\n")
    assert load_policy(folder / POLICY).version == shipped

    change('"0.85"', '"0.86"')
    other_rate = load_policy(folder / POLICY).version
    assert other_rate != shipped

    change('ceiling: "4.50"', 'ceiling: "4.60"', file="catalogue/drugs.yaml")
    assert load_policy(folder / POLICY).version not in (shipped, other_rate)
