"""A bank's statement of a day of an account, kept as what the day is compared with."""

from collections.abc import Mapping, Sequence

from gateway.exchange.desk import Desk, Resource, Result
from gateway.exchange.reconcile import problems
from gateway.exchange.reconcile.bodies import DAY, SIGNED, STATEMENT, BankDay, BankLine, day_key, encode
from gateway.exchange.reconcile.requests import read_day
from gateway.fhir.parameters import read_parameter
from gateway.kernel import money
from gateway.kernel.ids import derived_id
from gateway.kernel.problem import Refusal
from gateway.store.values import Dossier


def bank_statement(desk: Desk, resources: Sequence[Resource]) -> Result:
    """The operation `bank-statement`: keeps a day of an account; a corrected one takes its place.

    Refusal day-signed: the day was signed off in a scheme.
    """
    body = _read(resources[0])
    key = f"{body.account}|{body.day}"
    before = desk.unit.dossier_of_key(STATEMENT, key)
    if before is not None and before.body == encode(body):
        return _told(before, "already")
    for scheme in sorted(desk.schemes):
        day = desk.unit.dossier_of_key(DAY, day_key(scheme, body.day))
        if day is not None and day.state == SIGNED:
            raise Refusal(problems.day_signed(scheme, body.day))
    id = before.id if before else derived_id(desk.area, STATEMENT, key)
    moved = sum(line.fen for line in body.lines)
    version = before.version if before else 0
    stored = Dossier(STATEMENT, id, key, "stated", body.day, body.account, moved, encode(body), version)
    return _told(desk.unit.put_dossier(stored), "corrected" if before else "kept")


def _read(parameters: Mapping[str, object]) -> BankDay:
    values = {name: read_parameter(parameters, name) for name in ("account", "reference", "opening", "closing")}
    listed = parameters.get("parameter")
    entries = [each for each in listed if each.get("name") == "entry"] if isinstance(listed, list) else []
    return BankDay(
        account=values["account"],
        reference=values["reference"],
        day=read_day(read_parameter(parameters, "day"), "day").isoformat(),
        opening=money.of(values["opening"]) if values["opening"] else None,
        closing=money.of(values["closing"]) if values["closing"] else None,
        lines=tuple(_line({"parameter": entry["part"]}) for entry in entries),
    )


def _line(entry: Mapping[str, object]) -> BankLine:
    fen = money.of(read_parameter(entry, "amount"))
    return BankLine(read_parameter(entry, "reference"), read_parameter(entry, "end-to-end-id"), fen)


def _told(dossier: Dossier, outcome: str) -> Result:
    return Result({"values": {"outcome": outcome}}, subject=dossier.id)
