"""All networks of a family that differ in their sizes only, and examples of them.

What families need is loaded for families only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from derive.errors import InputError

if TYPE_CHECKING:
    from derive.networks.equations.system import System

SIZES = ("steps", "inputs", "hidden", "outputs", "input", "kernel", "kernels")
"""The keys of a family's file that say how many there are of something."""
STEPS = "steps"
LONGEST = 5
"""Steps of the network in which the rules are found; it has no other size like this one."""
_LAST = re.compile(r"(?<![A-Za-z\\])T(?![A-Za-z])")
COUNT = 24
"""So many networks the rules are proved on."""


@dataclass(frozen=True)
class GeneralFamily:
    """Networks of one family, of which the file says all but the sizes.

    `template` is the network in which the rules are found. A size of 1 stays what it is: what there
    is one of has no index.
    """

    table: Mapping[str, Any] = field(hash=False)
    name: str
    template: System = field(hash=False)

    @property
    def family(self) -> str:
        """What the family is called."""
        return str(self.table["family"])

    @property
    def has_single(self) -> bool:
        """Whether there is one of something, which stays so."""
        return any(self.table.get(key) in (1, [1]) for key in SIZES)

    @property
    def last(self) -> int:
        """The number of the last step of the template, which the rules call T; 0 without steps."""
        return LONGEST if self.table.get(STEPS, 1) != 1 else 0

    @property
    def networks(self) -> list[System]:
        """Networks of different sizes, on which the rules are proved."""
        return [found for found, _ in self._sized]

    @property
    def smallest(self) -> System:
        """The smallest of them, with two of what the others may have more of."""
        return self._sized[0][0]

    @property
    def smallest_steps(self) -> int:
        """The steps of that."""
        return self._sized[0][1]

    @property
    def _sized(self) -> list[tuple[System, int]]:
        """The networks with the numbers of their steps."""
        found: dict[str, tuple[System, int]] = {}
        for place in range(COUNT * 4):
            sizes = _sizes(self.table, place)
            made = _network(self.table, sizes, self.name)
            if len(found) < COUNT:
                found.setdefault(str(sizes), (made, sizes.get(STEPS, 0)))
        return list(found.values())

    def read_on(self, text: str) -> Iterator[tuple[System, str, bool]]:
        """Each network, with the text as it reads there, and whether all of it has a meaning there.

        T is the number of the network's steps.
        """
        for network, steps in self._sized:
            yield network, _LAST.sub(str(steps), text) if self.last else text, True


def of_family(table: Mapping[str, Any], name: str) -> GeneralFamily:
    """All networks like the one that a parsed TOML table with a `family` states.

    Raises :class:`InputError` where the rest of the file does not allow other sizes.
    """
    own = {key: value for key, value in table.items() if key not in ("numbers", "description")}
    sizes = _sizes(own, 0)
    if sizes.get(STEPS, 1) != 1:
        sizes[STEPS] = LONGEST
    try:
        found = GeneralFamily(own, f"{name}-general", _network(own, sizes, name))
        found.networks  # noqa: B018  they can all be made, or it is said here
    except InputError as error:
        raise InputError(
            f"{name}: not all sizes fit the rest of the file ({error}); write the document without"
            " --general"
        ) from None
    return found


def _network(table: Mapping[str, Any], sizes: Mapping[str, Any], name: str) -> System:
    """The network that a table states, with other sizes."""
    from derive.networks.families.table import system

    return system({**table, **sizes}, name, {})


def _sizes(table: Mapping[str, Any], place: int) -> dict[str, Any]:
    """The sizes of one of the networks; a place changes them one by one, as the digits of a number.

    A kernel is smaller than what it is moved over.
    """
    found: dict[str, Any] = {}
    rest = place
    for key in SIZES:
        if key not in table or key == "input":
            continue
        choices = 3
        found[key] = _size(table[key], 2 + rest % choices)
        rest //= choices if table[key] != 1 else 1
    if "input" in table:
        more = 1 + rest % 4 if table["input"] != 1 else 0
        found["input"] = _more(table["input"], found.get("kernel", 1), more + 1)
    return found


def _size(given: Any, size: int) -> Any:
    """A number in the place of one that is given, or of each in a list."""
    if isinstance(given, list):
        return [_size(one, size + n % 2) for n, one in enumerate(given)]
    return 1 if given == 1 else size


def _more(given: Any, kernel: Any, more: int) -> Any:
    if isinstance(given, list):
        own = kernel if isinstance(kernel, list) else [kernel] * len(given)
        return [size + more + n for n, size in enumerate(own)]
    return (kernel[0] if isinstance(kernel, list) else kernel) + more
