"""Claims with index letters, right and damaged, and what they are worth by finite differences.

Nothing here knows the checker: a claim is a small tree with LaTeX and a value, and a network is a
Python function from what is moved to all of its values.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

Place = tuple[str, tuple[int, ...]]
Values = dict[Place, float]
Env = Mapping[str, int]
STEP, CLOSE = 1e-5, 1e-6
MOST = 20
"""A letter is tried for the numbers below this one."""


class MissingError(LookupError):
    """There is no quantity with these indices."""


@dataclass(frozen=True)
class Index:
    """A letter and what is added to it; or a number."""

    letter: str
    offset: int = 0

    def at(self, env: Env) -> int:
        return (env[self.letter] if self.letter else 0) + self.offset

    def __str__(self) -> str:
        if not self.letter:
            return str(self.offset)
        return self.letter + (f"{self.offset:+d}" if self.offset else "")


@dataclass(frozen=True)
class Named:
    """A quantity: a_k, w_{jk}, E."""

    stem: str
    indices: tuple[Index, ...] = ()

    def place(self, env: Env) -> Place:
        return self.stem, tuple(index.at(env) for index in self.indices)

    def __str__(self) -> str:
        sub = ",".join(map(str, self.indices))
        return f"{self.stem}_{{{sub}}}" if sub else self.stem


@dataclass(frozen=True)
class Slope:
    """∂of/∂by."""

    of: Named
    by: Named

    def __str__(self) -> str:
        return rf"\frac{{\partial {self.of}}}{{\partial {self.by}}}"


@dataclass(frozen=True)
class Applied:
    """The network's activation of a net input, or its derivative."""

    of: Named
    primes: int
    letter: str = "g"

    def __str__(self) -> str:
        return f"{self.letter}{chr(39) * self.primes}({self.of})"


@dataclass(frozen=True)
class Same:
    """Kronecker's δ."""

    one: str
    other: str

    def __str__(self) -> str:
        return rf"\delta_{{{self.one}{self.other}}}"


@dataclass(frozen=True)
class Times:
    """A product with a sign."""

    factors: tuple[Expr, ...]
    sign: int = 1

    def __str__(self) -> str:
        inner = " ".join(f"({f})" if isinstance(f, Plus | Times) else str(f) for f in self.factors)
        return f"-{inner}" if self.sign < 0 else inner


@dataclass(frozen=True)
class Plus:
    """A sum in brackets."""

    terms: tuple[Expr, ...]

    def __str__(self) -> str:
        first, *rest = map(str, self.terms)
        return first + "".join(f" - {t[1:]}" if t.startswith("-") else f" + {t}" for t in rest)


@dataclass(frozen=True)
class Over:
    """Σ or Π over a letter, with limits, a condition, or neither."""

    letter: str
    body: Expr
    lower: Index | None = None
    upper: Index | None = None
    unlike: str = ""
    multiplies: bool = False

    def __str__(self) -> str:
        below = self.letter
        if self.lower is not None:
            below += f"={self.lower}"
        elif self.unlike:
            below += rf" \neq {self.unlike}"
        above = f"^{{{self.upper}}}" if self.upper is not None else ""
        sign = r"\prod" if self.multiplies else r"\sum"
        return rf"\left({sign}_{{{below}}}{above} {self.body}\right)"


Expr = Named | Slope | Applied | Same | Times | Plus | Over


@dataclass(frozen=True)
class Network:
    """A network's file, all of its values with some of them moved, and its error.

    `activation` is g; `letters` are the numbers that the file's letters stand for; `given` the
    quantities beside whose family there are defined ones.
    """

    text: str
    values: Callable[[Mapping[Place, float]], Values]
    activation: Callable[[float], float] = math.tanh
    letters: Mapping[str, tuple[int, ...]] | None = None
    given: tuple[Place, ...] = ()

    def at(self, moved: Mapping[Place, float]) -> Values:
        """All values with some of them moved; computed once."""
        return _remembered(self.values, tuple(moved.items()))

    def value(self, expr: Expr, env: Env) -> float:
        """What a formula is worth for these numbers of its letters."""
        here = self.at({})
        match expr:
            case Named():
                return _found(here, expr.place(env))
            case Slope(of, by):
                return self._slope(of.place(env), by.place(env), here)
            case Applied(of, primes):
                return _derived(self.activation, _found(here, of.place(env)), primes)
            case Same(one, other):
                return float(env[one] == env[other])
            case Times(factors, sign):
                return sign * math.prod(self.value(f, env) for f in factors)
            case Plus(terms):
                return sum(self.value(t, env) for t in terms)
        return self._over(expr, env)

    def _slope(self, of: Place, by: Place, here: Values) -> float:
        start = _found(here, by)
        _found(here, of)
        moved = [self.at({by: start + sign * STEP})[of] for sign in (1, -1)]
        return (moved[0] - moved[1]) / (2 * STEP)

    def _over(self, expr: Over, env: Env) -> float:
        bare = expr.lower is None
        if bare:
            numbers = list(self.numbers(expr.letter, [expr.body]))
        else:
            assert expr.lower is not None
            assert expr.upper is not None
            first, last = expr.lower.at(env), expr.upper.at(env)
            counted = any(f"counted {i.letter}" in env for i in (expr.lower, expr.upper))
            if expr.multiplies and last < first - 1 and not counted:
                raise MissingError("an author who writes a Π means one that runs forwards")
            numbers = list(range(first, last + 1))
        found: list[float] = []
        for n in numbers:
            if expr.unlike and env[expr.unlike] == n:
                continue
            try:
                found.append(
                    self.value(expr.body, {**env, expr.letter: n, f"counted {expr.letter}": 1})
                )
            except MissingError:
                if not bare or (n == numbers[-1] and not found):
                    raise
        return math.prod(found) if expr.multiplies else sum(found)

    def numbers(self, letter: str, exprs: list[Expr]) -> Iterator[int]:
        """The numbers for which every name that has the letter exists, as the file means it."""
        own = (self.letters or {}).get(letter, range(MOST))
        for n in own:
            names = [name for e in exprs for name in named(e)]
            if all(self._exists(name, letter, n) for name in names):
                yield n

    def _exists(self, name: Named, letter: str, n: int) -> bool:
        places = [p for p, i in enumerate(name.indices) if i.letter == letter]
        there = [indices for stem, indices in self.at({}) if stem == name.stem]
        return not places or any(
            all(indices[p] == n + name.indices[p].offset for p in places) for indices in there
        )

    def holds(self, left: Expr, right: Expr, *, wide: bool = False) -> bool | None:
        """Whether a claim holds wherever all of its names exist; nothing if they do nowhere.

        Free letters are what the file means by them; with `wide`, whatever there is.
        """
        free = sorted(letters(left) | letters(right))
        network = replace(self, letters=None) if wide else self
        choices = [list(network.numbers(letter, [left, right])) for letter in free]
        found: list[bool] = []
        for chosen in product(*choices):
            env = dict(zip(free, chosen, strict=True))
            if any(name.place(env) in self.given for name in _subjects(left)):
                continue
            try:
                a, b = self.value(left, env), self.value(right, env)
            except MissingError:
                continue
            found.append(abs(a - b) <= CLOSE * (1 + abs(a)))
        if not found and not wide:
            return self.holds(left, right, wide=True)
        return all(found) if found else None


@lru_cache(maxsize=4096)
def _remembered(
    values: Callable[[Mapping[Place, float]], Values], moved: tuple[tuple[Place, float], ...]
) -> Values:
    return values(dict(moved))


def _found(values: Values, place: Place) -> float:
    if place not in values:
        raise MissingError(place)
    return values[place]


def _derived(function: Callable[[float], float], x: float, primes: int) -> float:
    if not primes:
        return function(x)
    return (function(x + STEP) - function(x - STEP)) / (2 * STEP)


def _subjects(left: Expr) -> Iterator[Named]:
    if isinstance(left, Named | Slope):
        yield left.of if isinstance(left, Slope) else left


def parts(expr: Expr) -> tuple[Expr, ...]:
    """The formulas inside of one."""
    match expr:
        case Times(inner) | Plus(inner):
            return inner
        case Over():
            return (expr.body,)
        case Slope(of, by):
            return (of, by)
        case Applied(of):
            return (of,)
    return ()


def named(expr: Expr) -> Iterator[Named]:
    """All names in a formula."""
    if isinstance(expr, Named):
        yield expr
    for part in parts(expr):
        yield from named(part)


def letters(expr: Expr) -> set[str]:
    """The free letters of a formula."""
    found = {part for inner in parts(expr) for part in letters(inner)}
    match expr:
        case Named():
            return {index.letter for index in expr.indices if index.letter}
        case Same(one, other):
            return {one, other}
        case Over():
            limits = {i.letter for i in (expr.lower, expr.upper) if i is not None and i.letter}
            return (found - {expr.letter}) | limits | ({expr.unlike} - {""})
    return found


def damaged(expr: Expr, rng: random.Random) -> Expr:
    """The same with one thing changed: a letter, a limit, a condition, a sign, a factor."""
    places = list(_paths(expr))
    for _ in range(50):
        path = rng.choice(places)
        node = _at(expr, path)
        changed = rng.choice(list(_changes(node, rng)) or [node])
        if changed != node:
            return _put(expr, path, changed)
    return expr


def _changes(node: Expr, rng: random.Random) -> Iterator[Expr]:
    match node:
        case Named(_, indices) if indices:
            yield from _other_indices(node, rng)
        case Times(factors, sign):
            yield Times(factors, -sign)
            if len(factors) > 1:
                gone = rng.randrange(len(factors))
                yield Times(factors[:gone] + factors[gone + 1 :], sign)
        case Applied(_, primes):
            yield replace(node, primes=1 - primes)
        case Over():
            yield from _other_limits(node)
        case Plus(terms):
            yield Plus(terms[:-1]) if len(terms) > 2 else terms[0]


def _other_indices(node: Named, rng: random.Random) -> Iterator[Expr]:
    stem, indices = node.stem, node.indices
    place = rng.randrange(len(indices))
    old = indices[place]
    other = rng.choice([Index(c, old.offset) for c in "ijktm"]) if old.letter else old
    shifted = Index(indices[place].letter, indices[place].offset + rng.choice([1, -1]))
    for new in (other, shifted):
        yield Named(stem, (*indices[:place], new, *indices[place + 1 :]))
    if len(indices) == 2:
        yield Named(stem, indices[::-1])


def _other_limits(node: Over) -> Iterator[Expr]:
    if node.upper is not None and node.lower is not None:
        yield replace(node, upper=replace(node.upper, offset=node.upper.offset - 1))
        yield replace(node, lower=replace(node.lower, offset=node.lower.offset + 1))
    if node.unlike:
        yield replace(node, unlike="")
    yield replace(node, multiplies=not node.multiplies)


def _paths(expr: Expr) -> Iterator[tuple[int, ...]]:
    yield ()
    for n, part in enumerate(parts(expr)):
        yield from ((n, *path) for path in _paths(part))


def _at(expr: Expr, path: tuple[int, ...]) -> Expr:
    for n in path:
        expr = parts(expr)[n]
    return expr


def _put(expr: Expr, path: tuple[int, ...], new: Expr) -> Expr:
    if not path:
        return new
    inner = list(parts(expr))
    inner[path[0]] = _put(inner[path[0]], path[1:], new)
    match expr:
        case Times(_, sign):
            return Times(tuple(inner), sign)
        case Plus():
            return Plus(tuple(inner))
        case Over():
            return replace(expr, body=inner[0])
        case Slope():
            of, by = inner
            assert isinstance(of, Named)
            assert isinstance(by, Named)
            return Slope(of, by)
        case Applied():
            assert isinstance(inner[0], Named)
            return replace(expr, of=inner[0])
    return expr
