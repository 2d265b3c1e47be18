"""Sign-in 签到: gives the operator a number for the day. Nothing depends on it: several regions ignore it."""

from collections.abc import Sequence

from gateway.exchange.desk import Desk, Resource, Result
from gateway.kernel.calendar import instant_text


def sign_in(desk: Desk, resources: Sequence[Resource]) -> Result:
    """Answer tree: Session{id, at}."""
    session = {"id": desk.new_id(), "at": instant_text(desk.now)}
    return Result({"Session": session}, subject=session["id"])
