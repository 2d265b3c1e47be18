"""`gateway resettle`: a person's year decided again after its facts were corrected."""

from typing import Annotated, Any

import typer

from gateway.cli.office import OPERATOR
from gateway.cli.output import FAILED, console, print_json, print_problems, table, usable
from gateway.exchange.resettlement import prepare_person
from gateway.fhir.json import decode
from gateway.kernel import money
from gateway.system import Settings, open_system


def resettle(
    person: Annotated[str, typer.Option("--person", help="Patient id or citizen ID.")],
    year: Annotated[str, typer.Option("--year", help="Benefit year such as 2015; that of today if left out.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Decide everything in force of a person's year again, in its order, and book only the differences.

    Ends 0, 1 when it is refused (nothing was changed then), 2 when the database cannot be opened.
    """
    settings = Settings()
    with usable():
        system = open_system(settings)
    try:
        reply = system.exchange.conclude(prepare_person(system.exchange, OPERATOR, person, year=year)).result()
    finally:
        system.close()
    if reply.refused is not None:
        print_problems(reply.problems)
        raise typer.Exit(FAILED)
    replaced, differences = _read(decode(reply.body))
    if json:
        print_json({"replaced": replaced, **differences})
        return
    shown = table("settlement", "replaced by", "fund", "person")
    for each in replaced:
        shown.add_row(*each.values())
    console.print(shown)
    console.print("  ".join(f"{name} {value}" for name, value in differences.items()), highlight=False)


def _read(parameters: dict[str, Any]) -> tuple[list[dict[str, str]], dict[str, str]]:
    """The replaced settlements and the sums of a Parameters answer."""
    listed = [_values(each["part"]) for each in parameters["parameter"] if "part" in each]
    return listed, _values([each for each in parameters["parameter"] if "part" not in each])


def _values(parts: list[dict[str, Any]]) -> dict[str, str]:
    return {
        part["name"]: money.text(money.of(part["valueMoney"]["value"]))
        if "valueMoney" in part
        else part["valueReference"]["reference"].removeprefix("ClaimResponse/")
        for part in parts
    }
