"""A case file: claims with what is expected of them, in the words of `docs/policy.md`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gateway.kernel import dated
from gateway.kernel.calendar import Period, benefit_year, quarter
from gateway.kernel.ids import AreaCode, ClaimId, InstitutionCode, PersonId
from gateway.kernel.money import Fen, Rate
from gateway.kernel.quantity import ONE, MicroYuan, TenThousandths, price, quantity
from gateway.policies.load import AreaPolicy, PolicyBook
from gateway.policies.nodes import Spot, mark_wrong
from gateway.policies.reading import amount, day, entries, items, members, ratio, text, word
from gateway.settlement.catalogue import CHARGES
from gateway.settlement.claim import (
    Case,
    Claim,
    ClaimKind,
    Counters,
    ItemClass,
    Layer,
    Line,
    Person,
    Terms,
)
from gateway.settlement.rule import Rule
from gateway.settlement.shapes import DrugIndication
from gateway.settlement.steps.limit import PERIODS
from gateway.settlement.working import BASIC, quota_layer

IDENTITIES = (
    *("low_income", "severely_disabled", "five_guarantee", "martyr_family", "duty_death_family"),
    *("illness_death_family", "war_disabled_7_10", "duty_disabled_7_10", "liberation_veteran", "later_veteran"),
    *("disabled_1_6", "disabled_2b_up", "red_army", "retired_cadre", "model_worker", "combat_hero"),
    "signed_resident",
    "civil_servant",
)
CATEGORIES = ("resident", "pupil", "worker", "retiree")
SEXES = ("male", "female")
OFF_CATALOGUE = "none"

SPLIT_FIELDS = ("total", "own_expense", "over_limit", "first_payment", "in_scope", "deductible", "counted")
PAYER_FIELDS = ("account", "institution_share", "cash")
FUNDS = ("basic", "catastrophic", "civil_servant", "special_care", "aid", "unit", "pooled", "insurer")

_FLAGS = ("designated", "approved", "filed", "third_party_liable")
_CASE_RULE = Rule("case", "", "claim.lines", date.min, "", "")
_COUNTERS = ("counted", "fund", "own_share", "deductible", "admissions")


@dataclass(frozen=True, slots=True)
class WrittenCase:
    """A case as read. `expected`: fields in the order they are compared; `refused`: a problem code, or ''."""

    name: str
    policy: AreaPolicy
    case: Case
    expected: Mapping[str, Fen]
    refused: str


def read_cases(spot: Spot, book: PolicyBook) -> list[WrittenCase]:
    """The cases of a file; problems go to its list. Facts that no policy asks for yet are read and change nothing."""
    cases = []
    for each in items(spot):
        found = members(each, ("case", "policy", "claim", "expect"), ("person", "spent"))
        policy = book.policies.get(word(found.get("policy"), book.policies))
        if policy is not None and "claim" in found and "expect" in found:
            claim = _claim(found["claim"], _person(found.get("person")), policy)
            expected, refused = _expected(found["expect"])
            case = Case(claim, _spent(found.get("spent"), claim.decided_on))
            cases.append(WrittenCase(text(found.get("case")), policy, case, expected, refused))
    return cases


def _person(spot: Spot | None) -> Person:
    optional = ("category", "born_on", "sex", "identities", "insured_on", "in_arrears", "wage_last_year")
    found = members(spot, (), (*optional, "account_balance", "family_balance")) if spot is not None else {}
    known = {name: spot for name, spot in found.items() if spot.node.value is not None}
    identities = found.get("identities")
    listed = items(identities) if identities is not None and identities.node.value != [] else []
    return Person(
        id=PersonId("case"),
        category=word(found["category"], CATEGORIES) if "category" in found else "resident",
        born_on=day(found.get("born_on"), date(1970, 1, 1)),
        sex=word(found["sex"], SEXES) if "sex" in found else "male",
        identities=frozenset(word(each, IDENTITIES) for each in listed),
        insured_on=day(known["insured_on"], date.min) if "insured_on" in known else None,
        in_arrears=_flag(found.get("in_arrears")),
        wage_last_year=amount(known["wage_last_year"]) if "wage_last_year" in known else None,
        account_balance=amount(known.get("account_balance")),
        family_balance=amount(known.get("family_balance")),
    )


def _flag(spot: Spot | None) -> bool:
    return spot is not None and word(spot, ("true", "false")) == "true"


def _spent(spot: Spot | None, decided_on: date) -> dict[tuple[Layer, str], Counters]:
    found = members(spot, (), (*_COUNTERS, "quarter_counted", "layers", "quotas")) if spot is not None else {}
    year = benefit_year(decided_on)
    spent = {(BASIC, year): _counters(found)}
    if "quarter_counted" in found:
        spent[(BASIC, quarter(decided_on))] = Counters(counted=amount(found["quarter_counted"]))
    for layer, each in entries(found.get("layers")).items():
        name, period = _in_period(layer, each, decided_on)
        spent[(name, period)] = _counters(members(each, (), _COUNTERS))
    for disease, each in entries(found.get("quotas")).items():
        name, period = _in_period(disease, each, decided_on)
        spent[(quota_layer(name), period)] = Counters(counted=amount(each))
    return spent


def _in_period(key: str, spot: Spot, decided_on: date) -> tuple[str, Period]:
    """'chronic' is the year's; 'chronic@quarter' the counter of the quarter of the deciding day, and so on."""
    name, _, per = key.partition("@")
    if per and per not in PERIODS:
        listed = ", ".join(PERIODS)
        mark_wrong(spot, "policy-word", f"'{per[:40]}' is no period: write one of {listed}", f"周期应为 {listed} 之一")
        per = ""
    return name, PERIODS[per or "year"](decided_on)


def _counters(found: Mapping[str, Spot]) -> Counters:
    admissions = found.get("admissions")
    said = text(admissions) if admissions is not None else "0"
    if admissions is not None and not (said.isascii() and said.isdigit() and len(said) <= 4):
        mark_wrong(admissions, "policy-shape", "write a whole number such as 1", "应写整数,如 1")
        said = "0"
    return Counters(
        counted=amount(found.get("counted")),
        fund=amount(found.get("fund")),
        own_share=amount(found.get("own_share")),
        deductible=amount(found.get("deductible")),
        admissions=int(said),
    )


def _claim(spot: Spot, person: Person, policy: AreaPolicy) -> Claim:
    optional = (*_FLAGS, "transfer_from", "disease", "to", "diagnoses")
    found = members(spot, ("kind", "institution", "from", "lines"), optional)
    levels = policy.policy.levels
    kind = ClaimKind(word(found.get("kind"), tuple(ClaimKind)) or ClaimKind.INPATIENT)
    level = word(found.get("institution"), levels)
    first = day(found.get("from"), date.min)
    last = day(found.get("to"), first)
    if last < first:
        mark_wrong(found["to"], "policy-day", "ends before it begins", "截止日早于起始日")
    transfer = found.get("transfer_from")
    flags = {name: _flag(found[name]) for name in _FLAGS if name in found}
    listed, disease = found.get("diagnoses"), found.get("disease")
    diagnoses = tuple(text(each) for each in items(listed)) if listed is not None and listed.node.value != [] else ()
    default_code = _drug_for(policy, diagnoses, last) if kind is ClaimKind.SPECIAL_DRUG else ""
    return Claim(
        id=ClaimId("case"),
        area=AreaCode(policy.policy.area),
        scheme=policy.policy.scheme,
        person=person,
        institution=InstitutionCode(""),
        level=level,
        kind=kind,
        from_on=first,
        to_on=last,
        lines=tuple(
            _line(each, number, default_code, policy, level, last)
            for number, each in enumerate(items(found.get("lines")), start=1)
        ),
        diagnoses=diagnoses,
        disease=text(disease, empty=True) if disease is not None and disease.node.value is not None else "",
        designated=flags.get("designated", True),
        approved=flags.get("approved", True),
        filed=flags.get("filed", True),
        transfer_from=word(transfer, levels) if transfer is not None and transfer.node.value is not None else "",
        third_party_liable=flags.get("third_party_liable", False),
    )


def _drug_for(policy: AreaPolicy, diagnoses: tuple[str, ...], on: date) -> str:
    """The special drug that a line without a code stands for: the first one payable for the diagnoses, or the first."""
    drugs: list[DrugIndication] = []
    for values in policy.policy.parameters.values():
        value = dated.on(values, on)
        if value is not None and isinstance(value.value, tuple):
            drugs += [drug for drug in value.value if isinstance(drug, DrugIndication)]
    for drug in drugs:
        if any(diagnosis.startswith(drug.diagnoses) for diagnosis in diagnoses):
            return drug.code
    return drugs[0].code if drugs else ""


def _line(spot: Spot, number: int, default_code: str, policy: AreaPolicy, level: str, on: date) -> Line:
    found = members(spot, ("amount",), ("code", "class", "first_payment", "charge", "quantity", "ceiling_price"))
    code = text(found["code"]) if "code" in found else default_code
    terms: Terms | None = None
    if "class" in found:
        terms = _terms(found)
    elif "code" in found:
        terms = policy.catalogue.terms(code, level=level, day=on)
    else:
        mark_wrong(spot, "policy-key", "'class' or 'code' is missing: add one", "缺少 class 或 code:请补上一个")
    return Line(number, code, amount(found.get("amount")), _quantity(found.get("quantity")), terms)


def _terms(found: Mapping[str, Spot]) -> Terms | None:
    said = word(found["class"], (*ItemClass, OFF_CATALOGUE))
    if said in ("", OFF_CATALOGUE):
        return None
    first_payment: Rate = ratio(found.get("first_payment"))
    charge = word(found["charge"], CHARGES) if "charge" in found else "other"
    return Terms(ItemClass(said), first_payment, _price(found.get("ceiling_price")), charge, _CASE_RULE)


def _price(spot: Spot | None) -> MicroYuan | None:
    if spot is None or spot.node.value is None:
        return None
    try:
        micro = price(text(spot))
    except ValueError:
        micro = -1
    if micro < 0:
        mark_wrong(spot, "policy-shape", 'write a unit price such as "12.50"', '应写单价,如 "12.50"')
    return micro


def _quantity(spot: Spot | None) -> TenThousandths:
    if spot is None:
        return ONE
    try:
        number = quantity(text(spot))
    except ValueError:
        number = 0
    if number <= 0:
        mark_wrong(spot, "policy-shape", "write a quantity above 0 such as 2 or 0.5", "应写大于 0 的数量,如 2 或 0.5")
    return number


def _expected(spot: Spot) -> tuple[dict[str, Fen], str]:
    """Expected amounts in the order of comparison, and the expected refusal. A fund that is not named is 0."""
    found = members(spot, (), (*SPLIT_FIELDS, "funds", *PAYER_FIELDS, "refused"))
    if not found:
        mark_wrong(spot, "policy-shape", "expect at least one field", "至少写一个期望值")
    if "refused" in found and len(found) > 1:
        mark_wrong(spot, "policy-key", "a refused claim has no amounts: remove them", "被拒绝的没有金额:请删去")
    expected = {name: amount(found[name]) for name in SPLIT_FIELDS if name in found}
    funds = members(found["funds"], (), FUNDS) if "funds" in found else {}
    if "funds" in found:
        expected |= {f"funds.{name}": amount(funds.get(name)) for name in FUNDS}
    expected |= {name: amount(found[name]) for name in PAYER_FIELDS if name in found}
    return expected, text(found["refused"]) if "refused" in found else ""
