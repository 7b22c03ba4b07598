"""The derivation of one weight of any model: along its paths, and once more from the back.

Nothing is assumed about the model but that it is an acyclic graph of definitions. Where a layer's
outputs are coupled (softmax) or connections skip layers, this is the derivation there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from derive.calculus.chain import Chain, Factor, Path, collected, plugged_in
from derive.calculus.tidy import cancelled, gathered, gathered_sum, under
from derive.formula import (
    ONE,
    Delta,
    Equation,
    Formula,
    Name,
    Partial,
    equation,
    product,
    signs_out,
    total,
    transform,
    walk,
)
from derive.model import Role
from derive.notation.emitter import height
from derive.notes.blocks import Block, Display, Section, Words

MOST_PATHS = 8
"""More paths than these are counted, not written down."""
MOST_SHOWN = 48
MOST_TRIED = 64
"""Paths among which one is looked for whose factors all have a name."""
LONGEST_DISPLAY = 18
"""In lines of text."""


class Numbering(Protocol):
    """Makes the next numbered display of a document."""

    def __call__(self, label: str, /, *equations: Equation) -> Display:
        """The display of `equations` under the next number."""


def path_sections(
    chain: Chain,
    name: str,
    display: Numbering,
    place: int = 0,
    *,
    brief: bool = False,
    known: dict[str, str] | None = None,
) -> list[Section]:
    """The derivation of ∂E_total/∂`name`: its paths, and then the same from the back.

    `name` is a weight or bias of `chain.model`; `place` says how many derivations stand before
    this one in the document, so that the words can vary. With `brief` the paths are counted but
    not written out, as they are when there are too many of them. A single path is not followed
    from the back too, unless it is the first and long enough to show how that is done. `known` are
    the quantities whose derivatives have been shown, with the labels of the displays; those that
    are shown here are added to it.
    """
    first = not place if known is None else not known
    return _Derivation(
        chain, name, display, place, brief, {} if known is None else known, first
    ).sections()


def adjoint(chain: Chain, name: str) -> Formula:
    """How ∂E_total/∂`name` is written: δ for a net input, the derivative itself otherwise."""
    if chain.model.quantities[name].role is Role.NET:
        return Delta(name)
    return Partial(Name(chain.model.total), Name(name))


def in_pieces(
    display: Numbering,
    label: str,
    groups: Iterable[Sequence[Equation]],
    longest: int = LONGEST_DISPLAY,
) -> Iterable[Block]:
    """A long list of equations in displays between which a page can be turned.

    No group is divided; the first display carries the label itself. `longest` are the lines of
    text that one may take up.
    """
    sized = [(group, sum(_lines(e) for e in group)) for group in groups]
    whole = sum(size for _, size in sized)
    # Pieces of about the same length, none of them a single line at the end.
    most = whole / -(-whole // longest) + 2 if whole else 0
    pieces: list[list[Equation]] = [[]]
    begun = 0
    for group, size in sized:
        if pieces[-1] and begun + size > most:
            pieces.append([])
            begun = 0
        pieces[-1] += group
        begun += size
    for place, piece in enumerate(pieces):
        if place:
            yield Words("graph_next", {"n": place}, runs_on=True)
        yield display(f"{label}-{place}" if place else label, *piece)


def _lines(e: Equation) -> int:
    """How many lines of text an equation takes up, roughly."""
    return sum(2 if height(side) == 2 else 1 for side in e.sides[1:])


def backward(chain: Chain, names: Iterable[str]) -> list[Equation]:
    """The adjoints of these quantities, each of those nearer to the error, which come first.

    Where a divisor cancels when the adjoints that it is made of are plugged in, that is shown too:
    the way from a softmax and its cross-entropy to a difference.
    """
    return [
        equation(adjoint(chain, name), *_steps(chain, name)) for name in reading_order(chain, names)
    ]


def _steps(chain: Chain, name: str) -> list[Formula]:
    """How an adjoint is written, and what it shortens to."""
    steps = chain.collapse(name)
    if len(steps) > 1:
        return [signs_out(step) for step in steps]
    return [*steps, *_shortened(chain, chain.deltas[name])]


def reading_order(chain: Chain, names: Iterable[str]) -> list[str]:
    """The names from the back, but members of a family side by side in their own order."""
    model = chain.model
    ordered: list[str] = []
    run: list[str] = []
    for name in sorted(names, key=lambda name: -model.order[name]):
        beside = run and model.quantities[run[-1]].family == model.quantities[name].family
        if not beside or any(name in model.inputs_of[other] for other in run):
            ordered += reversed(run)
            run = []
        run.append(name)
    return [*ordered, *reversed(run)]


def _shortened(chain: Chain, formula: Formula) -> list[Formula]:
    """The adjoint with what cancels cancelled, and then gathered; nothing where nothing does."""
    top = Name(chain.model.total)

    def known(node: Formula) -> Formula | None:
        if isinstance(node, Delta):
            return chain.deltas.get(node.of)
        if isinstance(node, Partial) and node.of == top and isinstance(node.by, Name):
            return chain.deltas.get(node.by.name)
        return None

    plugged = signs_out(transform(formula, known))
    short = cancelled(plugged)
    if short == plugged or any(known(node) for node in walk(short)):
        return []
    together = gathered(short)
    return [short, together, under(together, chain.model.conditions)]


@dataclass(frozen=True)
class _Derivation:
    chain: Chain
    name: str
    number: Numbering
    place: int
    brief: bool
    known: dict[str, str]
    first: bool
    """Whether no derivation before this one went back from the error."""

    def sections(self) -> list[Section]:
        model = self.chain.model
        count = self.chain.count_paths(model.total, self.name)
        facts: dict[str, Any] = {"w": Name(self.name), "total": Name(model.total), "count": count}
        if not count:
            blocks: tuple[Block, ...] = (
                Words("graph_no_path", facts, runs_on=True),
                self.display("zero", Equation((self.gradient, total([])))),
            )
            return [Section("graph_weight", facts, blocks)]
        written = count <= MOST_PATHS and not self.brief
        paths = list(self.paths()) if written else []
        facts |= {
            "users": [Name(user) for user in model.used_in[self.name]],
            "length": len(paths[0]) if paths else 0,
            "n": self.place,
            "brief": self.brief and count <= MOST_PATHS,
            "paths": len(paths),
            "bias": model.quantities[self.name].role is Role.BIAS,
            "after_words": False,
        }
        if not paths:
            blocks = (*self.first_path(facts), *self.from_the_back(facts))
            return [Section("graph_weight", facts, blocks)]
        sections = [Section("graph_weight", facts, tuple(self.by_paths(paths, facts)))]
        if len(paths) > 1 or (len(paths[0]) > 2 and not self.place):
            blocks = tuple(self.from_the_back(facts))
            sections.append(Section("graph_adjoint", facts, blocks, level=2))
        return sections

    def paths(self) -> Iterator[Path]:
        """The paths; a first factor that is 1, ∂E_total/∂E, is left out."""
        for path in self.chain.paths(self.chain.model.total, self.name):
            yield path[1:] if len(path) > 1 and path[0].value == ONE else path

    @property
    def gradient(self) -> Partial:
        """∂E_total/∂w."""
        return Partial(Name(self.chain.model.total), Name(self.name))

    def display(self, key: str, *equations: Equation) -> Display:
        """The next display, with the minus signs of factors before their products."""
        written = (equation(*map(signs_out, e.sides)) for e in equations)
        return self.number(f"{self.name}-{key}", *written)

    def by_paths(self, paths: Sequence[Path], facts: dict[str, Any]) -> Iterable[Block]:
        """One product of factors for each path, then the factors, then all of it plugged in."""
        yield Words("graph_paths", facts, runs_on=True)
        if len(paths) == len(paths[0]) == 1:
            yield self.display("factors", equation(self.gradient, paths[0][0].value))
            return
        chained = total(product(self.factor(f) for f in path) for path in paths)
        yield self.display("chain", equation(self.gradient, chained))
        factors = {(f.of, f.by): f for path in paths for f in path if self.alone(f)}
        several = {(f.of, f.by) for path in paths for f in path if not self.alone(f)}
        if several:
            order = self.chain.model.order
            of = {of for of, _ in several}
            by = {by for _, by in several}
            named = [[Name(n) for n in sorted(names, key=order.__getitem__)] for names in (of, by)]
            first = min(several, key=lambda pair: (order[pair[0]], order[pair[1]]))
            example = Partial(*map(Name, first)), self.chain.factor(*first).value
            crossed = len(of) > 1 and len(by) > 1
            pairs = sorted(several, key=lambda pair: (order[pair[0]], order[pair[1]]))
            yield Words(
                "graph_direct",
                {
                    **facts,
                    "of": named[0],
                    "by": named[1],
                    "e": example,
                    "pairs": [tuple(map(Name, pair)) for pair in pairs] if crossed else [],
                },
            )
        if factors:
            yield Words("graph_factors", facts, runs_on=True)
            yield self.display("factors", *(equation(f.name, f.value) for f in factors.values()))
        plugged = signs_out(total(plugged_in(path) for path in paths))
        together = signs_out(collected(paths))
        short = cancelled(together)
        sides = [plugged, together]
        if short != together:
            by_quantity = transform(short, gathered_sum)
            sides += [short, by_quantity, under(by_quantity, self.chain.model.conditions)]
        facts = {
            **facts,
            "gathered": together != plugged,
            "cancelled": short != together,
            "conditioned": len(sides) > 3 and sides[-1] != sides[-2],
        }
        yield Words("graph_plugged", facts, runs_on=True)
        yield self.display("plugged", equation(self.gradient, *sides))

    def first_path(self, facts: dict[str, Any]) -> Iterable[Block]:
        """How many paths there are, and one of them as an example where none was shown before."""
        yield Words("graph_many_paths", facts, runs_on=not self.brief)
        if not self.brief:
            some = list(islice(self.paths(), MOST_TRIED))
            path = next((p for p in some if all(map(self.alone, p))), some[0])
            named = product(self.factor(f) for f in path)
            yield self.display("path", equation(named, plugged_in(path)))

    def alone(self, factor: Factor) -> bool:
        """Whether nothing else leads from one end of the factor to the other.

        Only then is ∂of/∂by this factor: ∂net_3/∂w of a recurrent network also goes by way of h_2.
        """
        return self.chain.count_paths(factor.of, factor.by) == 1

    def factor(self, factor: Factor) -> Formula:
        """The factor by name where that is unambiguous, else by value."""
        return factor.name if self.alone(factor) else factor.value

    def from_the_back(self, facts: dict[str, Any]) -> Iterable[Block]:
        """The derivatives of all that lies between, each made of those nearer to the error."""
        chain = self.chain
        below = chain.model.downstream(self.name)
        between = [n for n in reversed(chain.deltas) if n in below]
        new = [n for n in between if n not in self.known]
        shown = new[:MOST_SHOWN]
        used = {self.known[n] for n in between if n in self.known}
        facts = {
            **facts,
            "between": len(new),
            "shown": len(shown),
            "first": self.first,
            "delta": self.first and any(isinstance(adjoint(chain, n), Delta) for n in shown),
            "known": [label for label in dict.fromkeys(self.known.values()) if label in used],
        }
        if shown:
            yield Words("graph_adjoint_intro", facts, runs_on=True)
            written = backward(chain, shown)
            for block in in_pieces(self.display, "adjoints", [[e] for e in written]):
                yield block
                if isinstance(block, Display):
                    sides = {e.left for e in block.equations}
                    here = [n for n in shown if adjoint(chain, n) in sides]
                    self.known.update(dict.fromkeys(here, block.label))
        if not self.place and any(len(chain.collapse(name)) > 1 for name in shown):
            yield Words("collapse", {"shares": bool(chain.model.conditions), "n": 0})
            facts = {**facts, "after_words": True}
        yield Words("graph_adjoint_last", facts, runs_on=True)
        yield self.display("gradient", equation(self.gradient, chain.gradients[self.name]))
