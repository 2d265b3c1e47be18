"""Code systems that are a structure: whether a text is a code is decided by its form, and its form tells its parts.

An area code says province and prefecture, a drug's code its therapeutic group and company; a longer code lies under the
shorter one it begins with.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

LONGEST: Final = 64


class Form(Protocol):
    """What decides by its form whether a text is a code."""

    def holds(self, code: str) -> bool:
        """Whether a text is built like a code."""
        ...

    def parts(self, code: str) -> dict[str, str]:
        """The parts of a code by name; {} for a text that is none."""
        ...

    def parents(self, code: str) -> tuple[str, ...]:
        """The code directly above, or ()."""
        ...


@dataclass(frozen=True, slots=True)
class Grammar:
    """A form that only tells codes from other texts: languages, media types, units, currencies."""

    test: Callable[[str], bool]

    def holds(self, code: str) -> bool:
        """Whether the text is a code."""
        return self.test(code)

    def parts(self, code: str) -> dict[str, str]:
        """None are told."""
        return {}

    def parents(self, code: str) -> tuple[str, ...]:
        """None are told."""
        return ()


@dataclass(frozen=True, slots=True)
class Structure:
    """How a code is built. `pattern`: named groups are properties of a code; `example`: a code of it.

    `prefixes`: lengths at which a code ends that is itself a code, above the longer ones that begin with it.
    `zeros`: lengths after which a code of the same length goes on in zeros, above those that do not (GB/T 2260).
    """

    pattern: re.Pattern[str]
    example: str
    prefixes: tuple[int, ...] = ()
    zeros: tuple[int, ...] = ()

    def holds(self, code: str) -> bool:
        """Whether a text is built like a code."""
        return len(code) <= LONGEST and self.pattern.fullmatch(code) is not None

    def parts(self, code: str) -> dict[str, str]:
        """The parts of a code by name; {} for a text that is none."""
        match = self.pattern.fullmatch(code) if len(code) <= LONGEST else None
        return {name: text for name, text in match.groupdict().items() if text} if match else {}

    def parents(self, code: str) -> tuple[str, ...]:
        """The code directly above, or ()."""
        above = self._above(code)
        return above[:1]

    def _above(self, code: str) -> tuple[str, ...]:
        """The codes above, the nearest first."""
        if not self.holds(code):
            return ()
        shorter = [code[:length] for length in reversed(self.prefixes) if length < len(code)]
        zeroed = [code[:length].ljust(len(code), "0") for length in reversed(self.zeros)]
        return tuple(dict.fromkeys(each for each in (*shorter, *zeroed) if each != code and self.holds(each)))
