"""A policy file: spans in force, parameters with their cited words, and benefits composed of steps."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from gateway.kernel import dated
from gateway.kernel.codes import check_area_code
from gateway.kernel.dated import FOREVER, Dated
from gateway.kernel.ids import AreaCode
from gateway.policies.nodes import Spot, mark_wrong
from gateway.policies.reading import (
    amount,
    check_overlap,
    entries,
    items,
    members,
    shaped,
    span,
    text,
    word,
    wording,
    words,
)
from gateway.settlement.claim import ClaimKind
from gateway.settlement.guard import AGES, FLAGS, PREFIXES, WORDS
from gateway.settlement.policy import Benefit, ParameterRef, Policy, StepSpec
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import PRODUCT_PARAMETERS, Shape
from gateway.settlement.steps import STEPS

SCHEMES = ("resident", "worker")

_REQUIRED = ("id", "area", "scheme", "title", "catalogue", "levels", "categories", "in_force", "parameters", "benefits")
_STATED = ("from", "source")
_STATED_OPTIONAL = ("to", "reading")


@dataclass(frozen=True, slots=True)
class _Use:
    """One place where a step asks for a parameter."""

    spot: Spot
    name: str
    shape: Shape
    benefit: Benefit
    needed: bool


def read_policy(spot: Spot, version: str) -> Policy:
    """The policy of a file whose content hash is `version`; problems go to its list."""
    found = members(spot, _REQUIRED, ("facts",))
    levels = {key: wording(each) for key, each in entries(found.get("levels")).items()}
    categories = {key: wording(each) for key, each in entries(found.get("categories")).items()}
    area = text(found.get("area"))
    if area:
        spot.problems.extend(check_area_code(area, found["area"].where))
    in_force = _in_force(found.get("in_force"))
    benefits, uses = _benefits(found.get("benefits"), levels, categories)
    parameters = _parameters(found.get("parameters"), uses, levels)
    _check_every_day_has_values(uses, parameters, in_force)
    for fact in items(found["facts"]) if "facts" in found else ():
        _fact(fact)
    return Policy(
        id=text(found.get("id")),
        area=AreaCode(area),
        scheme=word(found.get("scheme"), SCHEMES),
        title=wording(found.get("title")),
        version=version,
        levels=levels,
        categories=categories,
        in_force=in_force,
        parameters=parameters,
        benefits=benefits,
    )


def _in_force(spot: Spot | None) -> tuple[Dated[None], ...]:
    spots = items(spot)
    spans = []
    for each in spots:
        found = members(each, _STATED, _STATED_OPTIONAL)
        first, last = span(found)
        spans.append(Dated(None, first, last, text(found.get("source")), text(found.get("reading"), empty=True)))
    check_overlap(spots, spans)
    return tuple(spans)


def _benefits(
    spot: Spot | None, levels: Mapping[str, Wording], categories: Mapping[str, Wording]
) -> tuple[tuple[Benefit, ...], list[_Use]]:
    benefits: dict[str, Benefit] = {}
    uses: list[_Use] = []
    for each in items(spot):
        found = members(each, ("id", "title", "categories", "kinds", "steps"), ("levels", "from", "to"))
        first, last = span(found)
        steps = items(found.get("steps"))
        benefit = Benefit(
            id=text(found.get("id")),
            title=wording(found.get("title")),
            categories=words(found.get("categories"), categories),
            kinds=frozenset(ClaimKind(kind) for kind in words(found.get("kinds"), tuple(ClaimKind)) if kind),
            steps=tuple(_step(step, levels) for step in steps),
            levels=words(found["levels"], levels) if "levels" in found else frozenset(),
            from_on=first,
            to_on=last,
        )
        if benefit.id in benefits:
            mark_wrong(each, "policy-key", f"'{benefit.id}' stands twice: rename one", f"“{benefit.id}”重复:请改名")
        if benefit.steps and benefit.steps[0].step not in ("catalogue", ""):
            mark_wrong(
                steps[0], "policy-word", "a benefit begins with the step catalogue", "待遇的第一步应为 catalogue"
            )
        benefits[benefit.id] = benefit
        uses += _uses(benefit, steps)
    return tuple(benefits.values()), uses


def _step(spot: Spot, levels: Collection[str]) -> StepSpec:
    """One step with its arguments: '$name' is a parameter, anything else a value of the argument's shape."""
    named = entries(spot)
    name = word(named.pop("step", None), STEPS)
    if not name:
        if isinstance(spot.node.value, dict) and "step" not in spot.node.value:
            mark_wrong(spot, "policy-key", "'step' is missing: add it", "缺少“step”:请补上")
        return StepSpec("", {})
    kind = STEPS[name]
    wanted = [argument for argument in kind.arguments if argument not in kind.optional]
    given = members(spot, ("step", *wanted), (*kind.optional, "when"))
    arguments: dict[str, Any] = {}
    for argument, shape in kind.arguments.items():
        if argument in given:
            each = given[argument]
            parameter = _reference(each)
            arguments[argument] = ParameterRef(parameter) if parameter else shaped(each, shape, levels)
    wrong = kind.wrong(arguments)
    if wrong is not None:
        mark_wrong(spot, "policy-key", wrong.en, wrong.zh)
    return StepSpec(name, arguments, _condition(given["when"], levels) if "when" in given else {})


def _condition(spot: Spot, levels: Collection[str]) -> dict[str, Any]:
    """The condition of a step: words, true or false, ages."""
    condition: dict[str, Any] = {}
    options = {"levels": levels, "transfer_from": levels, "kinds": tuple(ClaimKind), "sexes": ("male", "female")}
    negated = (f"not_{name}" for name in WORDS)
    for name, each in members(spot, (), (*WORDS, *negated, *PREFIXES, *FLAGS, *AGES)).items():
        if name in FLAGS:
            condition[name] = word(each, ("true", "false")) == "true"
        elif name in AGES:
            condition[name] = _years(each)
        else:
            allowed = options.get(name.removeprefix("not_"))
            listed = [word(one, allowed) if allowed else text(one) for one in items(each)]
            condition[name] = tuple(listed)
    return condition


def _years(spot: Spot) -> int:
    said = text(spot)
    if said.isascii() and said.isdigit() and len(said) <= 3:
        return int(said)
    mark_wrong(spot, "policy-shape", "write an age in years such as 60", "应写年龄(整数),如 60")
    return 0


def _reference(spot: Spot) -> str:
    value = spot.node.value
    return value[1:] if isinstance(value, str) and value.startswith("$") else ""


def _uses(benefit: Benefit, spots: list[Spot]) -> list[_Use]:
    uses = []
    for spot, spec in zip(spots, benefit.steps, strict=True):
        given = entries(spot) if spec.step else {}
        for argument, value in spec.arguments.items():
            if isinstance(value, ParameterRef):
                kind = STEPS[spec.step]
                needed = argument not in kind.optional
                uses.append(_Use(given[argument], value.name, kind.arguments[argument], benefit, needed))
    return uses


def _parameters(spot: Spot | None, uses: list[_Use], levels: Collection[str]) -> dict[str, tuple[Dated[Any], ...]]:
    shapes: dict[str, list[Shape]] = {name: [shape] for name, shape in PRODUCT_PARAMETERS.items()}
    for use in uses:
        shapes.setdefault(use.name, []).append(use.shape)
    parameters = {}
    for name, each in entries(spot).items():
        if name not in shapes:
            known = ", ".join(sorted(shapes))
            mark_wrong(
                each,
                "policy-parameter",
                f"no step uses it: remove it or write one of {known}",
                "没有步骤使用:请删去或改名",
            )
            continue
        parameters[name] = _values(each, shapes[name], levels)
    for use in uses:
        if use.name not in parameters:
            mark_wrong(
                use.spot,
                "policy-parameter",
                f"'{use.name}' is not among the parameters: add it there",
                f"parameters 中没有“{use.name}”:请补上",
            )
    return parameters


def _values(spot: Spot, shapes: list[Shape], levels: Collection[str]) -> tuple[Dated[Any], ...]:
    spots = items(spot)
    values: list[Dated[Any]] = []
    for each in spots:
        found = members(each, ("value", *_STATED), _STATED_OPTIONAL)
        first, last = span(found)
        value = [shaped(found["value"], shape, levels) for shape in _distinct(shapes)] if "value" in found else [None]
        if any(other != value[0] for other in value[1:]):
            mark_wrong(
                each,
                "policy-shape",
                "steps use it as different kinds of value: split it",
                "不同步骤对它的要求不同:请分开",
            )
        source, reading = text(found.get("source")), text(found.get("reading"), empty=True)
        values.append(Dated(value[0], first, last, source, reading))
    check_overlap(spots, values)
    return tuple(values)


def _distinct(shapes: list[Shape]) -> list[Shape]:
    return list({shape.wants: shape for shape in shapes}.values())


def _check_every_day_has_values(
    uses: list[_Use], parameters: Mapping[str, tuple[Dated[Any], ...]], in_force: tuple[Dated[None], ...]
) -> None:
    """Record the first day on which a benefit holds and a parameter it needs has no value.

    An argument that a step can do without is left out on days without a value.
    """
    for use in (use for use in uses if use.needed):
        for held in in_force:
            first, last = max(held.from_on, use.benefit.from_on), min(held.to_on, use.benefit.to_on)
            missing = _first_day_without(parameters.get(use.name), first, last)
            if missing is not None:
                en = f"'{use.name}' has no value on {missing}, when '{use.benefit.id}' holds: add one"
                mark_wrong(
                    use.spot, "policy-gap", en, f"“{use.name}”在 {missing} 没有值,而“{use.benefit.id}”有效:请补上"
                )
                break


def _first_day_without(values: tuple[Dated[Any], ...] | None, first: date, last: date) -> date | None:
    if values is None:
        return None
    day = first
    while day <= last:
        value = dated.on(values, day)
        if value is None:
            return day
        if value.to_on == FOREVER:
            return None
        day = value.to_on + timedelta(days=1)
    return None


def _fact(spot: Spot) -> None:
    """A cited rule that is stated, not computed: checked for form alone."""
    found = members(spot, ("id", "title", *_STATED), ("amount", *_STATED_OPTIONAL))
    span(found)
    wording(found.get("title"))
    text(found.get("id"))
    text(found.get("source"))
    text(found.get("reading"), empty=True)
    amount(found.get("amount"))
