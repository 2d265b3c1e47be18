"""A policy published as an InsurancePlan: what is covered, and each dated figure with the words it comes from."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from gateway.fhir.parts import concept
from gateway.fhir.systems import CURRENCY, agency, cs, ext, sid
from gateway.kernel import money
from gateway.kernel.dated import FOREVER, Dated
from gateway.settlement import shapes
from gateway.settlement.policy import Benefit, ParameterRef, Policy, StepSpec
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import Shape
from gateway.settlement.steps import STEPS

_STEP: Final = cs("policy-step")
_ARGUMENT: Final = cs("policy-argument")
_PARAMETER: Final = cs("policy-parameter")
_LEVEL: Final = cs("institution-level")


def write_insurance_plan(policy: Policy) -> dict[str, Any]:
    """The InsurancePlan of a policy; its id is the policy's, its version (content hash) an identifier."""
    first = min(span.from_on for span in policy.in_force)
    last = max(span.to_on for span in policy.in_force)
    return {
        "resourceType": "InsurancePlan",
        "id": policy.id,
        "identifier": [
            {"system": sid("policy"), "value": policy.id},
            {"system": sid("policy-version"), "value": policy.version},
        ],
        "status": "active",
        "type": [concept(cs("scheme"), policy.scheme)],
        "name": policy.title.zh,
        "alias": [policy.title.en],
        "period": _period(Dated(None, first, last)),
        "ownedBy": {"reference": agency(policy.area)},
        "administeredBy": {"reference": agency(policy.area)},
        "coverage": [_coverage(policy, benefit) for benefit in policy.benefits],
        "plan": [
            {
                "type": {"text": "待遇步骤 / steps of each benefit"},
                "specificCost": [_steps(benefit) for benefit in policy.benefits],
            },
            {
                "type": {"text": "参数 / figures by day, with their source"},
                "specificCost": [_figures(policy, name, shape) for name, shape in sorted(_shapes(policy).items())],
            },
        ],
    }


def _coverage(policy: Policy, benefit: Benefit) -> dict[str, Any]:
    """Which kinds of claim a benefit covers, for whom and where."""
    groups = "、".join(policy.categories[key].zh for key in sorted(benefit.categories))
    places = "、".join(policy.levels[key].zh for key in sorted(benefit.levels or policy.levels))
    return {
        "type": _named(cs("benefit"), benefit.id, benefit.title),
        "benefit": [
            {"type": concept(cs("claim-kind"), kind), "requirement": f"{groups};{places}"}
            for kind in sorted(benefit.kinds)
        ],
    }


def _steps(benefit: Benefit) -> dict[str, Any]:
    """The steps of a benefit in their order; an argument is a word, or the name of a figure."""
    steps = []
    for spec in benefit.steps:
        step: dict[str, Any] = {"type": concept(_STEP, spec.step)}
        costs = [cost for name, value in spec.arguments.items() for cost in _argument(spec, name, value)]
        steps.append({**step, "cost": costs} if costs else step)
    return {"category": _named(cs("benefit"), benefit.id, benefit.title), "benefit": steps}


def _argument(spec: StepSpec, name: str, value: Any) -> Iterator[dict[str, Any]]:
    kind = concept(_ARGUMENT, name)
    if isinstance(value, ParameterRef):
        yield {"type": kind, "qualifiers": [concept(_PARAMETER, value.name)]}
    else:
        yield from ({"type": kind, **told} for told in _tell(value, STEPS[spec.step].arguments[name], {}))


def _shapes(policy: Policy) -> dict[str, Shape]:
    """The figures that benefits use, each with the shape its step expects."""
    return {
        value.name: STEPS[spec.step].arguments[name]
        for benefit in policy.benefits
        for spec in benefit.steps
        for name, value in spec.arguments.items()
        if isinstance(value, ParameterRef)
    }


def _figures(policy: Policy, name: str, shape: Shape) -> dict[str, Any]:
    """A figure: for every span of days its value, the cited words and our reading of them."""
    kind = concept(_PARAMETER, name)
    spans = []
    for value in policy.parameters[name]:
        extensions: list[dict[str, Any]] = [{"url": ext("in-force"), "valuePeriod": _period(value)}]
        if value.source:
            extensions.append({"url": ext("source"), "valueString": value.source})
        if value.reading:
            extensions.append({"url": ext("reading"), "valueString": value.reading})
        costs = [{"type": kind, **told} for told in _tell(value.value, shape, policy.levels)]
        spans.append({"extension": extensions, "type": kind, "cost": costs})
    return {"category": kind, "benefit": spans}


def _tell(value: Any, shape: Shape, levels: Mapping[str, Wording]) -> Iterator[dict[str, Any]]:
    """A value as costs: amounts in CNY, ratios as per cent, words as qualifiers."""
    if shape is shapes.MONEY:
        yield {"value": _yuan(value)}
    elif shape is shapes.RATE:
        yield {"value": _percent(value)}
    elif shape.each is not None:
        by_level = value if isinstance(value, Mapping) else {"": value}
        for level, one in by_level.items():
            for told in _tell(one, shape.each, levels):
                yield {**told, "qualifiers": [_level(level, levels), *told.get("qualifiers", ())]} if level else told
    elif shape is shapes.MONEY_BY_LEVEL:
        for level, fen in value.items():
            yield {"qualifiers": [_level(level, levels)], "value": _yuan(fen)}
    elif shape is shapes.BANDS:
        for band in value:
            upper = money.text(band.up_to)
            said = f"至 {upper} 元 / up to {upper} CNY" if band.up_to < money.LARGEST else "以上部分 / above"
            yield {"qualifiers": [{"text": said}], "value": _percent(band.rate)}
    elif shape is shapes.DRUG_INDICATIONS:
        for drug in value:
            diagnoses = ", ".join(drug.diagnoses)
            yield {"qualifiers": [concept(cs("catalogue"), drug.code), {"text": diagnoses}]}
    elif shape.tell is not None:
        yield from ({"qualifiers": [{"text": said}]} for said in shape.tell(value))
    else:
        yield {"qualifiers": [{"text": str(value)}]}


def _named(system: str, code: str, title: Wording) -> dict[str, Any]:
    return {**concept(system, code), "text": f"{title.zh} / {title.en}"}


def _level(key: str, levels: Mapping[str, Wording]) -> dict[str, Any]:
    return _named(_LEVEL, key, levels[key]) if key in levels else concept(_LEVEL, key)


def _yuan(fen: money.Fen) -> dict[str, Any]:
    return {"value": money.decimal(fen), "unit": CURRENCY, "system": "urn:iso:std:iso:4217", "code": CURRENCY}


def _percent(rate: money.Rate) -> dict[str, Any]:
    return {"value": Decimal(money.percent(rate)), "unit": "%", "system": "http://unitsofmeasure.org", "code": "%"}


def _period(value: Dated[Any]) -> dict[str, str]:
    period = {} if value.from_on == date.min else {"start": value.from_on.isoformat()}
    if value.to_on != FOREVER:
        period["end"] = value.to_on.isoformat()
    return period
