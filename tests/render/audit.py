r"""All numbers of a written document, one after the other, against what they should be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from math import prod

from derive import Model
from derive.model import Role
from tests.render.figures import DISPLAY, VALUE, Batch, Reading, chains, first_of, is_right, number
from tests.render.markdown import cells

TOLERANCE = 2e-5
"""How near a result comes who goes on with rounded numbers, relative to it."""
DECIMAL = re.compile(r"[0-9]+\.[0-9]+")
ATOM = re.compile(r"\\frac\{\\partial [^ ]*\}\{\\partial [^ ]*\}")


NODE = r"([^\s,(][^\s(]*) \((-?[0-9.]+)(?:, ([δ∂]) (-?[0-9.]+))?\)"
_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def _plain(latex: str) -> str:
    """A name without its marks: outb1."""
    return re.sub(r"\\mathrm|\\|[]{}_^[]", "", latex)


class Audit:
    """All numbers of a document about one network, in the order of the page.

    `wrong` says what is wrong with it, `seen` how many numbers were computed anew.
    """

    def __init__(self, model: Model, text: str) -> None:
        self.model = model
        self.wrong: list[str] = []
        self.seen = 0
        self.printed: dict[str, float] = {}
        """What a reader knows by now, by how it is typeset."""
        self.texts: set[str] = set()
        """The numbers that stand further up, as they are printed."""
        self.laws: set[str] = set()
        """Numbers of a law with letters that has not been written out."""
        self.rate, self.halved = model.network.learning_rate, False
        self.batch = Batch(model, list(self._examples(text)))
        self.point = self.batch.points[0]
        self.point.values[r"\eta"] = self.rate
        for name in self.batch.moving:
            q = model.quantities[name]
            after = self.batch.examples[0][name] - self.rate * self.batch.slope(name)
            self.point.values[f"{q.latex}^{{+}}"] = after
        for block in re.split(r"\n\n", re.sub(r"<!--.*?-->|<a id[^>]*></a>", "", text)):
            if picture := re.match(r"!\[([^]]*)\]", block):
                self._picture(picture[1])
            elif block.startswith("$$"):
                for sides, signs in chains(block.strip("$")):
                    self._chain(sides, signs)
            elif block.startswith("|"):
                self._table(cells(block))
            elif not block.startswith("#"):
                self._prose(block)
            self.texts |= set(DECIMAL.findall(block))

    def _note(self, right: bool, said: str) -> None:
        self.seen += 1
        if not right:
            self.wrong.append(said)

    def _examples(self, text: str) -> Iterator[dict[str, float]]:
        """What is given in each example, as it is printed."""
        model = self.model
        names = {q.latex: n for n, q in model.quantities.items() if n not in model.definitions}
        found: dict[str, float] = {}
        for display in DISPLAY.findall(text):
            for sides, _ in chains(display):
                if len(sides) == 2 and sides[0] in names and VALUE.fullmatch(sides[1]):
                    found.setdefault(names[sides[0]], number(sides[1])[0])
        examples: dict[str, dict[str, float]] = {}
        for table in re.findall(r"^\| example \|.*?(?:\n\n|\Z)", text, re.MULTILINE | re.DOTALL):
            head, _, *rows = cells(table)
            for row in rows:
                own = zip(head[1:], row[1:], strict=True)
                known = {names[name]: number(value)[0] for name, value in own if name in names}
                examples.setdefault(row[0], {}).update(known)
        for known in examples.values() or [{}]:
            missing = sorted(set(names.values()) - {*found, *known})
            self._note(not missing, f"used, but not printed: {missing}")
            yield {**dict.fromkeys(missing, 0.5), **found, **known}

    # Displays.

    def _chain(self, sides: list[str], signs: list[str]) -> None:
        """Symbols, numbers and value of a chain agree; with = exactly, with ≈ to the last digit."""
        if not VALUE.fullmatch(sides[-1]):
            self._law(sides)
            return
        shown, half = number(sides[-1])
        symbols = ""
        for place, side in enumerate(sides[:-1]):
            said = f"{side} {signs[place]} {sides[-1]}"
            if "cdots" in side:
                continue
            rounded = any(sign != "=" for sign in signs[place:])
            exact = 1e-12 * max(1, abs(shown))
            if (value := self._plain(side)) is not None:
                self._note(abs(value - shown) <= (half + TOLERANCE * abs(shown) if rounded else exact), said)  # fmt: skip
                self._plugged(symbols, side, value)
                continue
            symbols = side
            try:
                value = self.point.read(side)
            except ValueError as error:
                self._note(False, f"unread: {side} ({error})")
                continue
            self._note(abs(value - shown) <= (half * 1.0001 if rounded else exact), said)
            if side in self.point.values or ATOM.fullmatch(side):
                self.printed[side] = shown

    def _plain(self, side: str) -> float | None:
        """What numbers alone come to."""
        try:
            return Reading(side, {}).real()
        except ValueError:
            return None

    def _plugged(self, symbols: str, numbers: str, value: float) -> None:
        """The numbers are those that are printed further up for the names in their places."""
        try:
            expected = Reading(symbols, self.printed).real()
        except ValueError as error:
            self._note(False, f"used before it is printed: {error} in {numbers}")
            return
        self._note(
            abs(expected - value) <= 1e-12 * max(1, abs(value)), f"{numbers} is not {symbols}"
        )

    def _law(self, sides: list[str]) -> None:
        """A number in a formula without a value is one of a definition, or has been printed."""
        numbers = {n for side in sides for n in DECIMAL.findall(side)}
        if not numbers - (self.texts - self.laws):
            return
        try:
            values = [self.point.read(first_of(side, self.model)) for side in sides]
        except ValueError:
            # What is said of all of a Σ is read where it is written out.
            self.laws |= numbers
            return
        self._note(max(values) - min(values) <= 1e-12 * max(map(abs, values)), f"{sides}")
        self.laws -= numbers

    # Tables.

    def _table(self, rows: list[list[str]]) -> None:
        head, body = rows[0], rows[2:]
        kinds = {
            "layer": self._layers,
            "neuron": self._neurons,
            "parameter": self._steps,
            "weight": self._steps,
            "steps": self._descent,
            "weights": self._shapes,
            "example": self._batch,
        }
        if head[0] not in kinds:
            self._note(not DECIMAL.search(str(body)), f"a table that nobody computes: {head}")
            return
        for row in body:
            kinds[head[0]](head, row)

    def _layers(self, _: list[str], row: list[str]) -> None:
        """2 · 4 = 8."""
        if found := re.fullmatch(r"(\d+) · (\d+) = (\d+)", row[-1]):
            from_, to, count = map(int, found.groups())
            self._note(from_ * to == count and str(to) == row[1], f"{row}")

    def _neurons(self, _: list[str], row: list[str]) -> None:
        """Net input, output, and the slope of the one by the other."""
        label = row[0] if f"net_{{{row[0]}}}" in self.point.values else row[0].replace("_", "")
        # A neuron that has no name of its own goes by that of its output.
        out = row[0] if row[0] in self.point.values else f"out_{{{label}}}"
        net = self._net_of(out)
        values = [self.point.values[net], self.point.values[out], self.point.slope(out, net)]
        for text, value in zip(row[1:], values, strict=True):
            self._note(is_right(text, value), f"{row[0]}: {text} is {value:.9g}")
        self.printed |= {net: number(row[1])[0], out: number(row[2])[0]}

    def _net_of(self, out: str) -> str:
        """The net input of the neuron that has this output."""
        q = self.model.quantities[self.point.typeset[out]]
        nets = (n for n in self.model.having(Role.NET) if (n.layer, n.index) == (q.layer, q.index))
        return next(nets).latex

    def _steps(self, _: list[str], row: list[str]) -> None:
        """A parameter, its derivative (of several examples that of all) and its value after a step."""
        name = self.point.typeset[row[0]]
        slope, before = self.batch.slope(name), self.batch.examples[0][name]
        after = before - (self.rate * slope if name in self.batch.moving else 0)
        for text, value in zip(row[-3:], (slope, before, after), strict=True):
            self._note(is_right(text, value), f"{row[0]}: {text} is {value:.9g}")
        if len(row) == 5:
            try:
                value = Reading(row[1], self.printed).real()
            except ValueError as error:
                self._note(False, f"used before it is printed: {error} in {row[1]}")
                return
            self._note(abs(value - slope) <= TOLERANCE * abs(slope) + 1e-15, f"{row[0]}: {row[1]}")

    def _descent(self, head: list[str], row: list[str]) -> None:
        """The error and some outputs after so many steps."""
        asked = int(row[0].replace(",", ""))
        after = next(here for steps, here in self._walked if steps == asked)
        values = [after.error, *(after.points[0].values[name] for name in head[2:])]
        for text, value in zip(row[1:], values, strict=True):
            self._note(is_right(text, value), f"{row[0]} steps: {text} is {value:.9g}")

    def _shapes(self, _: list[str], row: list[str]) -> None:
        """What stands left and right of a product has the shape of the weights together."""
        (high, wide), (rows, one), (also_one, columns) = (shape.split(" × ") for shape in row[1::2])
        self._note((rows, columns, one, also_one) == (high, wide, "1", "1"), f"{row}")

    def _batch(self, head: list[str], row: list[str]) -> None:
        """An example of several: what is given, and what is computed of it."""
        point = self.batch.points[int(row[0]) - 1]
        for name, text in zip(head[1:], row[1:], strict=True):
            self._note(is_right(text, point.values[name]), f"example {row[0]}: {name} = {text}")
            if point is self.point:
                self.printed[name] = number(text)[0]

    @cached_property
    def _walked(self) -> Iterator[tuple[int, Batch]]:
        return self.batch.walked(self.rate)

    # Pictures.

    def _picture(self, text: str) -> None:
        """The values in the nodes of a picture, by its alternative text: h₁ (0.604368, ∂ −0.132)."""
        names = {_plain(q.latex): q.latex for q in self.model.quantities.values()}
        for label, value, sign, slope in re.findall(NODE, text.replace("−", "-")):
            plain = label.translate(_DIGITS)
            own = names.get(plain, names.get(f"out{plain}", ""))
            if own not in self.point.values:
                self._note(False, f"a picture has a number for {label}, which is nothing")
                continue
            self._note(is_right(value, self.point.values[own]), f"in a picture: {label} ({value})")
            if slope:
                of = self._net_of(own) if sign == "δ" else own
                right = is_right(slope, self.point.by_total(self.point.typeset[of]))
                self._note(right, f"in a picture: {label} ({sign} {slope})")

    # Sentences.

    def _prose(self, text: str) -> None:
        """What sentences say in numbers; a number of which none of them knows has been printed."""
        for pattern, method in SENTENCES.items():
            for found in re.finditer(pattern, text, re.DOTALL):
                method(self, found)
                text = text.replace(found[0], "")
        for formula in re.findall(r"\$([^$]*\\approx [^$]*)\$", text):
            for sides, signs in chains(formula):
                self._chain(sides, signs)
            text = text.replace(formula, "")
        for value in DECIMAL.findall(text):
            self._note(value in self.texts, f"a number that nobody computes: {value} in {text!r}")

    def _says(self, text: str, value: float) -> None:
        self._note(is_right(text, value), f"a sentence says {text}, not {value:.9g}")

    def _nudge(self, found: re.Match[str]) -> None:
        """What becomes of the error when a net input is raised."""
        net, nudge, expected, changed = found.groups()
        point, step = self.point, number(nudge)[0]
        name = point.typeset[net]
        self._says(expected, step * point.by_total(name))
        self._says(changed, point.moved(name, step) - point.value(self.model.total))

    def _derived(self, found: re.Match[str]) -> None:
        """A derivative that a reader is to find."""
        self._says(found[2], self.point.by_total(self.point.typeset[found[1]]))

    def _moved(self, found: re.Match[str]) -> None:
        """What becomes of the error when a parameter is raised."""
        w, nudge, changed = found.groups()
        moved = self.point.moved(self.point.typeset[w], number(nudge)[0])
        self._says(changed, moved - self.point.value(self.model.total))

    def _slopes(self, found: re.Match[str]) -> None:
        """The least and the largest slope of a hidden neuron."""
        slopes = [
            self.point.slope(self.model.quantities[out].latex, self.model.quantities[net].latex)
            for net, out in zip(
                *(self._hidden(role) for role in (Role.NET, Role.OUTPUT)), strict=True
            )
        ]
        for text, value in zip(found.groups()[-2:], (min(slopes), max(slopes)), strict=False):
            if text:
                self._says(text, value)

    def _product(self, found: re.Match[str]) -> None:
        """What several slopes, all of them printed, come to one after the other."""
        texts = re.findall(r"\$([^$]+)\$", found[1])
        self._note(set(texts) <= self.texts, f"used before they are printed: {texts}")
        self._says(found[2], prod(number(text)[0] for text in texts))

    def _hidden(self, role: Role) -> list[str]:
        last = max(q.layer for q in self.model.having(Role.NET))
        return [q.name for q in self.model.having(role) if q.layer < last]

    def _sizes(self, found: re.Match[str]) -> None:
        """The largest δ of each layer, from the output back."""
        nets = list(self.model.having(Role.NET))
        layers = sorted({q.layer for q in nets}, reverse=True)
        texts = re.findall(r"\$([^$]+)\$", found[1])
        for layer, text in zip(layers, texts, strict=True):
            sizes = [abs(self.point.by_total(q.name)) for q in nets if q.layer == layer]
            self._says(text, max(sizes))

    def _sizes_by(self, found: re.Match[str]) -> None:
        """How large the derivatives by some quantities are."""
        names, sizes = (re.findall(r"\$([^$]+)\$", part) for part in found.groups())
        for name, text in zip(names, sizes, strict=True):
            self._says(text, abs(self.point.by_total(self.point.typeset[name])))

    def _sizes_of_steps(self, found: re.Match[str]) -> None:
        """How large the derivatives by the states c or h of a step are at most, from the last on."""
        steps: dict[tuple[str, int], float] = {}
        for latex, name in self.point.typeset.items():
            if (state := re.fullmatch(r"([ch])_\{([0-9]+),[0-9]+\}", latex)) and int(state[2]):
                key, size = (state[1], int(state[2])), abs(self.point.by_total(name))
                steps[key] = max(size, steps.get(key, 0.0))
        texts = re.findall(r"\$([^$]+)\$", found[1])
        sizes = [[steps[key] for key in sorted(steps, reverse=True) if key[0] == c] for c in "ch"]
        right = any(len(s) == len(texts) and all(map(is_right, texts, s)) for s in sizes)
        self._note(right, f"sizes of steps: {texts}")

    def _slope_at(self, found: re.Match[str]) -> None:
        """The slope of sig or tanh where a quantity is its value."""
        for text, name in (found.groups()[:2], found.groups()[2:]):
            value = self.point.values[name]
            slopes = value * (1 - value), 1 - value**2
            self._note(any(is_right(text, slope) for slope in slopes), f"slope at {name}: {text}")

    def _rates(self, found: re.Match[str]) -> None:
        """The learning rate, halved until a step leads downward."""
        self._says(found[1], self.model.network.learning_rate)
        self.printed[r"\eta"] = number(found[1])[0]
        if found[2]:
            rate = number(found[2])[0]
            before = self.batch.error
            self._note(self.batch.stepped(2 * rate).error >= before, f"{rate} is halved too often")
            self._note(self.batch.stepped(rate).error < before, f"{rate} leads upward")
            self.rate = rate

    def _of_each(self, found: re.Match[str]) -> None:
        """A derivative in each example, and that of the batch."""
        name = self.point.typeset[found[1]]
        texts = re.findall(r"\$([^$]+)\$", found[2])
        for point, text in zip(self.batch.points, texts, strict=True):
            self._says(text, point.by_total(name))
        self._says(found[3], self.batch.slope(name))

    def _error(self, found: re.Match[str]) -> None:
        """The error of all examples."""
        self._says(found[1], self.batch.error)

    def _step(self, found: re.Match[str]) -> None:
        """The error before a step and after it."""
        self._says(found[1], self.batch.error)
        self._says(found[2], self.batch.stepped(self.rate).error)


N = r"\$(-?[0-9][^$]*)\$"
LIST = r"((?:\$[^$]+\$(?:, | and )?)+)"
SENTENCES: dict[str, Callable[[Audit, re.Match[str]], None]] = {
    rf"Raise \$([^$]+)\$ by {N}, .*? changes by about .*?, which is {N}; computed anew, it changes by {N}": Audit._nudge,
    rf"Derive \$[^$]*\\partial (\S+?)\}}\$ step by step, and put in the numbers\. \({N}": Audit._derived,
    rf"Raise \$([^$]+)\$ by {N} and compute .*? anew\. Is the change about .*?\? \({N}": Audit._moved,
    rf"the slope there, which is between {N} and {N} here": Audit._slopes,
    rf"is multiplied by a slope of {N} here": Audit._slopes,
    rf"here those of (?:{LIST[1:-1]}) are {LIST}, together about {N}": Audit._product,
    rf"of the error with respect to {LIST} are of the size {LIST}": Audit._sizes_by,
    rf"the slopes reach from {N}, at \$([^$]+)\$, to {N}, at \$([^$]+)\$": Audit._slope_at,
    rf"with respect to the states of each step are of the size {LIST}": Audit._sizes_of_steps,
    r"are of the size ((?:\$[^$]+\$(?:, | and )?)+)": Audit._sizes,
    r"the learning rate \$\\eta = ([0-9.]+)\$()": Audit._rates,
    r"after the step, and \$\\eta = ([0-9.]+)\$()": Audit._rates,
    r"η = ([0-9]+\.[0-9]+)()": Audit._rates,
    rf"the learning rate {N} the step would be too long.*?Halved.*?it is {N}": Audit._rates,
    rf"examples \$[^$]*\\partial (\S+?)\}}\$ is {LIST}; their (?:mean|sum), {N}": Audit._of_each,
    rf"The (?:mean|sum) of their errors, {N}, is the error of the batch": Audit._error,
    rf"The step takes the error(?: of the batch)? from {N} to {N}": Audit._step,
}


def wrong_numbers(model: Model, text: str) -> tuple[int, list[str]]:
    """How many numbers of a document were computed anew, and what is wrong with it."""
    audit = Audit(model, text)
    return audit.seen, [*audit.wrong, *(f"a law that is not written out: {n}" for n in audit.laws)]
