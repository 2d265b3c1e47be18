"""Who acts, when, and on which day it is booked: what every step of clearing notes."""

from datetime import date

from gateway.exchange.clearing.bodies import Act
from gateway.exchange.clearing.booking import entry_of
from gateway.exchange.desk import Desk
from gateway.kernel.calendar import instant_text
from gateway.ledger.entry import Posting


def act(desk: Desk, what: str, note: str = "") -> Act:
    """What the sender of this message does now."""
    return Act(what, desk.partner.id, instant_text(desk.now), note)


def open_day(desk: Desk, scheme: str) -> date:
    """Today, or the first day after what is closed."""
    return desk.unit.open_day(scheme, desk.today)


def post(desk: Desk, scheme: str, postings: tuple[Posting, ...], *, cause: str) -> None:
    """Book one entry on the open day, none where nothing moves."""
    booked_on = open_day(desk, scheme)
    for entry in entry_of(postings, id=desk.new_id(), area=desk.area, scheme=scheme, booked_on=booked_on, cause=cause):
        desk.unit.post(entry)
