"""What judging by the guide takes of a claim: inside a serving gateway, on the very claims that the bench sends.

The load generator is a process of its own, so that the processor time of this one is the gateway's. Time is counted on
the threads that judge, per claim, beside all the processor time of the claim.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from gateway.api.serve import serving
from gateway.system import Settings, open_system
from gateway.validation.validate import Validator
from tests.bench.channels import CHANNELS, Clock, Target, send
from tests.bench.world import TODAY, Addresses, make_home, settle_people

TIMED = ("submit", "nhsa")


class Share(NamedTuple):
    """Of one channel: microseconds of one core a claim, all of it and what judging takes."""

    channel: str
    claim_us: int
    judging_us: int

    @property
    def percent(self) -> int:
        return round(100 * self.judging_us / self.claim_us)


class Stopwatch:
    """Owns the nanoseconds that one validator has taken, since it was last asked."""

    def __init__(self, validator: Validator) -> None:
        self._taken = 0
        judge = validator.findings

        def timed(*given: Any, **named: Any) -> Any:
            began = time.thread_time_ns()
            found = judge(*given, **named)
            self._taken += time.thread_time_ns() - began
            return found

        vars(validator)["findings"] = timed
        self._validator = validator

    def reset(self) -> int:
        taken, self._taken = self._taken, 0
        return taken

    def stop(self) -> None:
        del vars(self._validator)["findings"]


def measure(requests: int = 400) -> Iterator[Share]:
    """Each channel on SQLite, everything judged."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        home = Path(folder)
        make_home(home)
        clock = Clock()
        system = open_system(Settings(home=home, business_date=TODAY))
        watch = Stopwatch(system.exchange.guide.validator)
        try:
            with serving(system) as listening:
                addresses = Addresses(listening.base_url, listening.http_port, listening.mllp_port)
                target = Target(addresses, clock, settle_people(addresses.http, 100))
                send(CHANNELS["submit"], target, CHANNELS["submit"].prepare(target, "warm", 100))
                for name in TIMED:
                    prepared = CHANNELS[name].prepare(target, "share", requests)
                    watch.reset()
                    began = time.process_time_ns()
                    send(CHANNELS[name], target, prepared)
                    whole = time.process_time_ns() - began
                    yield Share(name, whole // requests // 1000, watch.reset() // requests // 1000)
        finally:
            watch.stop()
            system.close()


def main() -> None:
    """Prints both channels."""
    for share in measure():
        print(f"{share.channel}: {share.judging_us} of {share.claim_us} µs a claim ({share.percent} %)")


if __name__ == "__main__":
    main()
