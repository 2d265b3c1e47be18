"""A gateway that is served without anybody in it: enough for the guide, which is open to all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.api.serve import serving
from gateway.system import Settings, open_system
from tests.bench.world import TODAY, make_home


@contextmanager
def served_guide(home: Path) -> Iterator[str]:
    """The address of the guide, with its slash."""
    make_home(home)
    system = open_system(Settings(home=home, database_url="", business_date=TODAY))
    with serving(system) as addresses:
        yield f"{addresses.base_url}/ig/"
    system.close()
