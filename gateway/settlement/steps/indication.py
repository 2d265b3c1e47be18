"""Special drugs 特殊药品: payable only for their indication; anything else on such a claim is refused."""

from gateway.kernel.problem import Kind, Problem
from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.decision import Figure
from gateway.settlement.working import Step, Working

ARGUMENTS = {"drugs": shapes.DRUG_INDICATIONS}
OPTIONAL: frozenset[str] = frozenset()
FIGURES: tuple[Figure, ...] = ()


def build(arguments: Arguments) -> Step:
    """`drugs`: code and diagnosis prefixes; a line passes when one of the claim's diagnoses begins with a prefix."""
    indications = {drug.code: drug.diagnoses for drug in arguments["drugs"].value}

    def step(working: Working) -> None:
        claim = working.case.claim
        for line in claim.lines:
            prefixes = indications.get(line.code, ())
            if not any(diagnosis.startswith(prefixes) for diagnosis in claim.diagnoses if prefixes):
                working.refusals.append(_not_indicated(line.number, line.code))

    return step


def _not_indicated(number: int, code: str) -> Problem:
    return Problem(
        Kind.RULE,
        "not-indicated",
        f"Claim.item[{number - 1}]",
        f"'{code}' is not payable as a special drug for these diagnoses: send it on an ordinary claim",
        f"“{code}”不符合特殊药品限定适应症:请按普通费用申报",
    )
