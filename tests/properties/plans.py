"""Policies that nobody wrote: the steps there are, in the order their docstrings ask for, with parameters by shape.

A step or a shape that is new must be given its place here.

The values are sensible ones: funds pay at least three tenths, reductions take at most two.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from random import Random
from typing import Any

from gateway.kernel.dated import Dated
from gateway.kernel.ids import AreaCode
from gateway.settlement.catalogue import CHARGES
from gateway.settlement.claim import STAYS, ClaimKind
from gateway.settlement.policy import Benefit, Policy, StepSpec
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import Shape
from gateway.settlement.steps import STEPS
from gateway.settlement.steps.limit import PERIODS

IN_FORCE = (date(2013, 1, 1), date(2015, 12, 31))
LEVELS = ("primary", "secondary", "tertiary")
CATEGORIES = ("resident", "pupil", "worker", "retiree")
IDENTITIES = ("low_income", "martyr_family", "model_worker", "civil_servant")
DISEASES = ("M03900", "M07101", "M01600")
DIAGNOSES = ("I10", "J18.900", "S72.0", "O80.0")
CODES = ("XA01", "XB02", "001102", "330100")

# Where each step may stand: those of `COUNTED` share what counts, those of `OPEN` what is still open by charge.
COMMON_FIRST = ("refuse", "indication", "exclusion", "restriction", "waiting")
COUNTED = ("package", "deductible", "admission_deductible", "limit", "quota", "ceiling", "not_covered")
PAYING = ("tiers", "proportion")
AFTER_COUNTED = ("reduction",)
OPEN = ("running", "own_share", "unshared", "remainder")
LAYERS = ("waiver", "subsidy", "layer", "aid", "approval", "wage_relief", "sources")
LAST = ("defer", "account", "family_account")
PLACED = frozenset({"catalogue", *COMMON_FIRST, *COUNTED, *PAYING, *AFTER_COUNTED, *OPEN, *LAYERS, *LAST})

Made = Callable[[Random], Any]


def money_text(chance: Random, most: int = 2_000_000) -> str:
    fen = chance.choice((0, chance.randrange(most), chance.randrange(most // 100) * 100))
    return f"{fen // 100}.{fen % 100:02d}"


def ratio(chance: Random, low: int = 3_000, high: int = 10_000) -> str:
    rate = chance.choice((low, high, chance.randint(low, high)))
    return f"{rate // 10_000}.{rate % 10_000:04d}"


def rising(chance: Random, most: int = 4) -> list[str]:
    ends = sorted(chance.sample(range(1, 5_000_000), chance.randint(1, most)))
    return [f"{end // 100}.{end % 100:02d}" for end in ends]


def some(chance: Random, words: Sequence[str]) -> list[str]:
    return chance.sample(words, chance.randint(1, len(words)))


def _bands(chance: Random) -> list[dict[str, Any]]:
    ends: list[str | None] = [*rising(chance)[:-1], None]
    return [{"up_to": end, "rate": ratio(chance)} for end in ends]


def _ladder(chance: Random) -> list[dict[str, str]]:
    return [{chance.choice(("from", "above")): amount, "by": "领导小组"} for amount in rising(chance)]


def _fund_shares(chance: Random) -> list[dict[str, str]]:
    part = chance.randint(0, 10_000)
    return [
        {"fund": fund, "rate": f"{rate // 10_000}.{rate % 10_000:04d}"}
        for fund, rate in (("unit", part), ("pooled", 10_000 - part))
    ]


def _lists(chance: Random) -> dict[str, list[str]]:
    lists = {
        "charges": some(chance, CHARGES[:6]),
        "codes": some(chance, CODES),
        "diagnoses": [chance.choice(DIAGNOSES)],
    }
    return {name: lists[name] for name in chance.sample(sorted(lists), chance.randint(1, 2))}


def _items(chance: Random) -> list[dict[str, Any]]:
    limits = {"sexes": ["female"], "age_from": "3", "age_below": "60", "diagnoses": some(chance, DIAGNOSES)}
    return [
        {"codes": some(chance, CODES), **{name: limits[name] for name in some(chance, sorted(limits))}}
        for _ in range(chance.randint(1, 2))
    ]


OF_SHAPES: Mapping[str, Made] = {
    "an amount in yuan": money_text,
    "a ratio between 0 and 1": ratio,
    "a list of texts": lambda chance: some(chance, DISEASES),
    "one amount for each level": lambda chance: {level: money_text(chance, 200_000) for level in LEVELS},
    "rising bands, such as [{up_to": _bands,
    "rising bands, such as [{above": lambda chance: [
        {"above": above, "rate": ratio(chance, 5_000), "rest": ratio(chance, 0)} for above in rising(chance)
    ],
    "rising rungs": _ladder,
    "a list of {code:": lambda _: [{"code": code, "diagnoses": ["I", "J", "S", "O"]} for code in CODES],
    "a list of charges": lambda chance: some(chance, CHARGES),
    "amounts by level of the first": lambda chance: [
        {level: money_text(chance, 200_000) for level in LEVELS} for _ in range(chance.randint(1, 3))
    ],
    "everything, or lists": lambda chance: chance.choice(
        ("everything", _lists(chance), _lists(chance), _lists(chance))
    ),
    "ratios by charge": lambda chance: {charge: ratio(chance, 0, 5_000) for charge in some(chance, CHARGES)},
    "a list of {diagnoses": lambda chance: [
        {"diagnoses": some(chance, DIAGNOSES), "price": money_text(chance)} for _ in range(chance.randint(1, 2))
    ],
    "an amount by disease": lambda chance: {disease: money_text(chance) for disease in DISEASES},
    "words in both languages": lambda _: {"zh": "请核对", "en": "check it"},
    "a list of {codes:": _items,
    "what each party raises": lambda chance: {
        party: f"{chance.randint(1, 99)}.00" for party in ("city", "person", "town")
    },
    "a ratio by identity": lambda chance: {identity: ratio(chance) for identity in some(chance, IDENTITIES)},
    "funds whose ratios": _fund_shares,
    "a whole number": lambda chance: str(chance.randint(0, 200)),
    "lists such as {charges": lambda chance: {"charges": some(chance, CHARGES)},
    "a list of beginnings": lambda chance: some(chance, DIAGNOSES),
}
"""By how the words of a shape begin: raw values as an author would write them."""

FUND_OF = {
    "running": "pooled",
    "defer": "pooled",
    "own_share": "unit",
    "remainder": "unit",
    "aid": "aid",
    "approval": "aid",
    "layer": "catastrophic",
    "subsidy": "special_care",
}


def raw(step: str, name: str, shape: Shape, chance: Random) -> Any:
    """A value of an argument. Texts are names of funds, of counters, or words."""
    if shape.wants == "a text":
        named = {
            "fund": FUND_OF.get(step, "basic"),
            "rest_fund": "unit",
            "payer": chance.choice(("waiver", "institution")),
        }
        return named.get(name, f"{step}-{name}")
    if step == "own_share" and name == "rate":
        return ratio(chance, 0, 5_000)
    if step == "reduction":
        return ratio(chance, 0, 2_000)
    if shape.wants.startswith("one of "):
        return chance.choice(shape.wants.removeprefix("one of ").split(", "))
    if shape.each is not None:
        each = shape.each
        return (
            {level: raw(step, name, each, chance) for level in LEVELS}
            if chance.random() < 0.5
            else raw(step, name, each, chance)
        )
    [made] = [make for words, make in OF_SHAPES.items() if shape.wants.startswith(words)]
    return made(chance)


def spec(step: str, chance: Random, when: Mapping[str, Any] | None = None, /, **fixed: str | None) -> StepSpec:
    """A step with parsed arguments; `fixed` says some of them, None leaves one out."""
    kind = STEPS[step]
    stated: dict[str, Any] = {}
    for name, shape in kind.arguments.items():
        if name in fixed:
            value = fixed[name]
        elif name in kind.optional and chance.random() < 0.5:
            value = None
        else:
            value = raw(step, name, shape, chance)
        if value is not None:
            stated[name] = value
    assert kind.wrong(stated) is None, (step, stated)
    parsed = {name: kind.arguments[name].parse(value, LEVELS) for name, value in stated.items()}
    return StepSpec(step, parsed, when if when is not None else _when(chance))


def _when(chance: Random) -> Mapping[str, Any]:
    return chance.choice(
        (
            *({},) * 5,
            {"categories": some(chance, CATEGORIES)},
            {"not_identities": some(chance, IDENTITIES)},
            {"age_from": chance.randint(1, 80)},
            {"not_levels": [chance.choice(LEVELS)]},
            {"filed": chance.random() < 0.5},
        )
    )


def _fixed(step: str, chance: Random) -> dict[str, str | None]:
    """Arguments that belong together."""
    if step == "deductible":
        per = chance.choice(("admission", "year"))
        return {"per": per, "layer": "shared" if per == "year" else None}
    if step == "limit":
        per, of = chance.choice(("treatment", "admission", *PERIODS)), chance.choice(("counted", "fund"))
        return {"per": per, "of": of, "layer": f"limit-{per}-{of}" if per in PERIODS else None, "fund": None}
    if step == "running":
        return {"layer": chance.choice((None, "listed")), "period": chance.choice(("month", "quarter"))}
    if step == "exclusion":
        return {"fund": None}
    if step in ("account", "ceiling", "tiers", "layer"):
        return {"layer": None, "order": "last"} if step == "account" else {"layer": None}
    return {}


def _picked(chance: Random, steps: Sequence[str], most: int) -> list[str]:
    return [step for step in steps if step in chance.sample(steps, chance.randint(0, min(most, len(steps))))]


def _steps(chance: Random) -> tuple[StepSpec, ...]:
    def plain(steps: Sequence[str]) -> list[StepSpec]:
        return [spec(step, chance, None, **_fixed(step, chance)) for step in steps]

    found = [spec("catalogue", chance, {})]
    found += [
        spec(step, chance, {"third_party_liable": True} if step == "refuse" else None, **_fixed(step, chance))
        for step in _picked(chance, COMMON_FIRST, 3)
    ]
    by_charge = chance.random() < 0.4
    counts = chance.choice(("before_account", "after_account")) if by_charge else "after_account"
    if by_charge and chance.random() < 0.5:
        found.append(spec("exclusion", chance, fund="pooled"))
    if chance.random() < 0.3:
        found.append(spec("account", chance, order="first", counts=counts))
    if by_charge:
        if chance.random() < 0.7:
            found.append(spec("running", chance, {}, counts=counts, **_fixed("running", chance)))
        found += plain(_picked(chance, OPEN[1:], 2))
    else:
        counted = plain(_picked(chance, COUNTED, 4))
        of_fund = [each for each in counted if each.arguments.get("of") == "fund"]
        found += [each for each in counted if each not in of_fund]
        found.append(spec(chance.choice(PAYING), chance, {}, layer=None))
        found += plain(_picked(chance, AFTER_COUNTED, 1)) + of_fund
    found += plain(_picked(chance, LAYERS, 4))
    return (*found, *plain(_picked(chance, LAST, 3)))


def make_policy(seed: int) -> Policy:
    """The policy of a seed: one benefit for stays, one for everything else."""
    chance = Random(seed)
    words = Wording("生成的政策", "a generated policy")
    kinds = {"stays": STAYS, "visits": frozenset(ClaimKind) - STAYS}
    return Policy(
        id=f"generated-{seed}",
        area=AreaCode("321182"),
        scheme="resident",
        title=words,
        version=f"v{seed}",
        levels=dict.fromkeys(LEVELS, words),
        categories=dict.fromkeys(CATEGORIES, words),
        in_force=(Dated(None, *IN_FORCE, "", ""),),
        parameters={},
        benefits=tuple(
            Benefit(name, words, frozenset(CATEGORIES), held, _steps(chance)) for name, held in kinds.items()
        ),
    )
