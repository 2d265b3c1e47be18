"""A home with three officers beside the world's partners, and an approved month's makings in its store."""

from datetime import date
from pathlib import Path

from gateway.exchange.clearing.opening import open_clearing
from gateway.kernel.ids import AreaCode
from gateway.ledger.entry import Entry, Posting
from gateway.ledger.flows import contributions, stations
from gateway.security.partners import token_digest
from gateway.store.unit import Unit
from gateway.system import System
from tests.bench.world import AREA, CITY, TODAY, make_home

OFFICERS = ("reviewer", "chief", "deputy")


def token_of(officer: str) -> str:
    return f"token of the {officer}"


def make_office_home(home: Path) -> None:
    """The world's home, and a partner and a token file for each officer; the bank also has the expenditure account."""
    make_home(home)
    partners = home / "partners.toml"
    tables = [
        f'[[partner]]\nid = "{officer}"\nrole = "agency"\nname = "{officer}"\n'
        f'token_sha256 = "{token_digest(token_of(officer))}"\n'
        for officer in OFFICERS
    ]
    known = partners.read_text("utf-8").replace('bank = ["10001"]', 'bank = ["10001", "3211820100000003"]')
    partners.write_text("\n".join([known, *tables]), encoding="utf-8")
    for officer in OFFICERS:
        (home / f"{officer}.token").write_text(token_of(officer) + "\n", encoding="utf-8")


def open_month(system: System, *, month: str = "2015-02", fen: int = 510000) -> str:
    """A clearing of the city hospital that owes an amount, and money to pay it; its id."""

    def post(unit: Unit, number: int, postings: tuple[Posting, ...]) -> None:
        id = f"{AREA}{'0' * 16}{month.replace('-', '')}{number:02d}"
        unit.post(Entry(id, AreaCode(AREA), "resident", TODAY, f"fill-{month}", postings))

    def work(unit: Unit) -> str:
        post(unit, 1, contributions.subsidy_claimed(fund="basic", by_level={"city": fen}))
        post(unit, 2, contributions.subsidy_received(fund="basic", level="city", amount=fen))
        post(unit, 3, stations.to_expenditure(fund="basic", amount=fen))
        return open_clearing(
            unit,
            scheme="resident",
            month=month,
            institution=CITY,
            payables={"basic": fen},
            booked_on=date(2015, 3, 20),
        ).id

    return system.store.submit(work).result()
