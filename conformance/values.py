"""`${name}` in the data of a test: filled in when the step is made, with the type of the value where it stands alone.

Names are those of the site (`institution`, `citizen`, `day`, `code-1` …), those a test gives itself with `let` and
`keep`, and numbers that are fresh for each round: `visit`, `bill`, `key`, `control`. `${new}` is another one each time,
`${moment}` another end of an NHSA message number.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from conformance.site import Site, decode

FIXTURES = Path(__file__).parent / "tests" / "fixtures"
FRESH = ("visit", "bill", "key", "control")
MESSAGE = {
    "kind": "FN",
    "group": "3040.00",
    "accept": "",
    "application": "",
    "message": "EHC^E01^EHC_E01",
    "version": "2.7",
    "processing": "P",
}
"""What a HL7 v2 fixture says unless a test says otherwise: a final invoice in version 2.7, in original mode."""

_NAME = re.compile(r"\$\{([a-zA-Z0-9_.-]+)\}")

Values = dict[str, Any]


def site_values(site: Site) -> Values:
    """What every test knows, with fresh numbers."""
    codes = site.catalogue
    lines = {f"code-{number}": codes[number % len(codes)] for number in (1, 2, 3)}
    return {
        "base": site.base,
        "institution": site.institution,
        "citizen": site.citizen_id,
        "area": site.area,
        "day": site.day.isoformat(),
        "day8": f"{site.day:%Y%m%d}",
        "born8": site.citizen_id[6:14],
        "nobody": "no-such-thing",
        "sender": site.institution,
        **MESSAGE,
        **lines,
        **{name: site.number() for name in FRESH},
    }


def fill(tree: Any, values: Values, site: Site) -> Any:
    """The tree with every `${name}` replaced, and every `{fixture: …}` by what it names, with `set`, `drop`, `change`.

    ValueError for a name that is not known.
    """
    if isinstance(tree, Mapping) and "fixture" in tree:
        given = tree.get("change") or {name: value for name, value in tree.items() if name != "fixture"}
        change = fill(given, values, site)
        return changed(fill(fixture(tree["fixture"]), values, site), change)
    if isinstance(tree, Mapping):
        return {fill(name, values, site): fill(value, values, site) for name, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [fill(each, values, site) for each in tree]
    if not isinstance(tree, str):
        return tree
    alone = _NAME.fullmatch(tree)
    if alone:
        return _value(alone[1], values, site)
    return _NAME.sub(lambda found: str(_value(found[1], values, site)), tree)


def fixture(name: str) -> Any:
    """A body from `tests/fixtures`, with exact decimals and names still to be filled in; text for a message."""
    path = FIXTURES / name
    text = path.read_bytes()
    return decode(text) if path.suffix == ".json" else text.decode()


def changed(tree: Any, change: Mapping[str, Any]) -> Any:
    """A copy with `set` (path → value) and `drop` (paths) applied; a path is `item[0].net.value`."""
    for path, value in change.get("set", {}).items():
        tree = _at(tree, _steps(path), [value])
    for path in change.get("drop", ()):
        tree = _at(tree, _steps(path), [])
    return tree


def _value(name: str, values: Values, site: Site) -> Any:
    if name == "new":
        return site.number()
    if name == "moment":
        return site.moment_number()
    if name not in values:
        raise ValueError(f"${{{name}}} is not known here")
    return values[name]


def _steps(path: str) -> list[str | int]:
    return [int(each) if each.isdigit() else each for each in re.findall(r"[^.\[\]]+", path)]


def _at(tree: Any, steps: list[str | int], new: list[Any]) -> Any:
    """A copy with the value at a path made the new one, or left out where there is none."""
    first, rest = steps[0], steps[1:]
    copy: Any = list(tree) if isinstance(first, int) else dict(tree)
    if rest:
        copy[first] = _at(copy[first] if isinstance(first, int) else copy.get(first, {}), rest, new)
    elif new:
        copy[first] = new[0]
    else:
        del copy[first]
    return copy
