"""Activation and loss functions: one table, a row each.

A row is written with ordinary operators and with the functions of a :class:`World`, so that the
same row serves written formulas (which keep its order), SymPy expressions, residues modulo a
prime, polynomials, 50 digits, floating point, NumPy and generated Python. A row needs no more than
its value; everything else follows from that: its derivative, its cases and where they meet. Where
a person writes the derivative in another way, through the function's own value for example, `slope`
says how, and it is proved against the value's derivative (:func:`derive.calculus.proof.prove_row`).
Where the value as it is written would overflow or lose digits, `stable` computes the same.

The three dicts at the end are the table; nothing keeps a copy of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from derive.errors import InputError
from derive.formula import Arithmetic, Call, Cases, Formula, Name, Power, evaluate
from derive.suggest import did_you_mean

HALF = Fraction(1, 2)
LEAK = Fraction(1, 100)


class World:
    """The elementary functions in one world of values, of which the rows are made.

    Every other row is there by its symbol: ``f.sig(x)``. In a world that `rounds` it is computed in
    its stable form, in which functions like :meth:`expm1` stand for what they are exactly.
    """

    rounds = False

    def exp(self, x: Any) -> Any:
        """e^x."""
        raise NotImplementedError

    def log(self, x: Any) -> Any:
        """The natural logarithm."""
        raise NotImplementedError

    def normal(self, x: Any) -> Any:
        """Φ(x), the distribution function of the standard normal distribution."""
        raise NotImplementedError

    def density(self, x: Any) -> Any:
        """φ(x) = e^(−x²/2)/√(2π), its derivative."""
        raise NotImplementedError

    def choose(self, x: Any, positive: Any, otherwise: Any) -> Any:
        """`positive` where x > 0, else `otherwise`; so the derivative at the kink is that of 0−."""
        raise NotImplementedError

    def expm1(self, x: Any) -> Any:
        """e^x − 1."""
        return self.exp(x) - 1

    def minimum(self, x: Any, y: Any) -> Any:
        """The smaller of two."""
        return self.choose(x - y, y, x)

    def logaddexp(self, x: Any, y: Any) -> Any:
        """ln(e^x + e^y)."""
        return self.log(self.exp(x) + self.exp(y))

    def power(self, base: Any, exponent: Any) -> Any:
        """A power whose exponent is no whole number."""
        return self.exp(exponent * self.log(base))

    def of(self, formula: Formula, values: Mapping[str, Any]) -> Any:
        """The value of a formula without derivatives, over these values of its names."""

        def resolve(node: Formula, inner: Callable[[Formula], Any]) -> Any:
            if isinstance(node, Call):
                return BY_SYMBOL[node.function].at(inner(node.argument), self)
            if isinstance(node, Cases):
                return self.choose(*map(inner, node.parts()))
            if isinstance(node, Power):
                return self.power(inner(node.base), inner(node.exponent))
            assert isinstance(node, Name)
            return values[node.name]

        return evaluate(formula, Arithmetic(lambda value: value, resolve))

    def __getattr__(self, symbol: str) -> Callable[[Any], Any]:
        """The row with this symbol, in this world."""
        if symbol not in BY_SYMBOL:
            raise AttributeError(symbol)
        return lambda x: BY_SYMBOL[symbol].at(x, self)


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """One function of a single argument.

    `symbol` is how it is written (``sig``), empty for one that leaves no trace in a formula; `latex`
    is its sign in LaTeX where that is not the symbol in upright letters. `aliases` are what else it
    is called, in files and in formulas.

    `value(x, f)` is its definition in the world `f`. `slope(x, y, f)` is its derivative as a person
    writes it, y being its value, and `before(x, f)` how it looks before it is written through y.
    `own` says that the slope needs y alone and that y is algebraically independent of x, so that y
    may stand for itself in an exact comparison. `stable(x, f)` is the value where it is rounded.

    `words` describe it after "the activation function is"; what stands between two $ is a formula.
    `within` and `slopes_within` bound the values and slopes, whatever x is: ``(0, 1]``.
    """

    name: str
    symbol: str
    value: Callable[[Any, Any], Any]
    slope: Callable[[Any, Any, Any], Any] | None = None
    own: bool = False
    stable: Callable[[Any, Any], Any] | None = None
    before: Callable[[Any, Any], Any] | None = None
    latex: str = ""
    aliases: tuple[str, ...] = ()
    words: str = ""
    within: str = ""
    slopes_within: str = ""

    def is_called(self, name: str) -> bool:
        """Whether it is known by this name."""
        return name == self.name or name in self.aliases

    def at(self, x: Any, f: World) -> Any:
        """Its value at x, in a way that suits the world `f`."""
        return (self.stable if self.stable and f.rounds else self.value)(x, f)

    @property
    def kinked(self) -> bool:
        """Whether it is defined piecewise; its derivative is then written f'(x)."""
        return _looked_at(self).chooses


@dataclass(frozen=True, slots=True, eq=False)
class Loss:
    """One loss: E of an output neuron as error(t, o, n, f) of target, output, and their number n.

    A share of 1/n belongs to a loss that is a mean over the outputs; the sum of the errors is then
    described by `total`. `after` is the activation of the last layer that tells losses with a
    common alias apart. `words` describe it after "its error is", or `of_one` where there is one
    output; `remark` is about the functions that it is written with.
    """

    name: str
    error: Callable[[Any, Any, int, Any], Any]
    aliases: tuple[str, ...] = ()
    after: str = ""
    words: str = ""
    of_one: str = ""
    total: str = ""
    remark: str = ""


# fmt: off
_ACTIVATIONS = (
    Function(
        "sigmoid", "sig",
        lambda x, f: 1 / (1 + f.exp(-x)), lambda x, y, f: y * (1 - y), own=True,
        before=lambda x, f: f.exp(-x) / (1 + f.exp(-x)) ** 2, aliases=("logistic", "sgm"),
        within="(0, 1)", slopes_within="(0, 1/4]",
        words="the sigmoid, which maps every number into the interval from 0 to 1",
    ),
    Function(
        "tanh", "tanh",
        lambda x, f: (f.exp(x) - f.exp(-x)) / (f.exp(x) + f.exp(-x)), lambda x, y, f: 1 - y ** 2, own=True,
        before=lambda x, f: 4 / (f.exp(x) + f.exp(-x)) ** 2, stable=lambda x, f: f.tanh(x), latex=r"\tanh",
        within="(-1, 1)", slopes_within="(0, 1]",
        words="the hyperbolic tangent, which maps every number into the interval from $-1$ to 1",
    ),
    Function(
        "relu", "relu", lambda x, f: f.choose(x, x, 0), aliases=("ReLU", "Relu"),
        within="[0, inf)", slopes_within="[0, 1]",
        words="the rectifier, which lets a positive net input pass and nothing else",
    ),
    Function(
        "leaky-relu", "lrelu", lambda x, f: f.choose(x, x, LEAK * x), aliases=("LeakyReLU",), slopes_within="(0, 1]",
        words="the leaky rectifier, which lets a positive net input pass, and of a negative one a hundredth",
    ),
    Function(
        "elu", "elu", lambda x, f: f.choose(x, x, f.exp(x) - 1),
        stable=lambda x, f: f.choose(x, x, f.expm1(f.minimum(x, 0))), aliases=("ELU",),
        within="(-1, inf)", slopes_within="(0, 1]",
        words="the exponential linear unit, a rectifier that bends towards $-1$ on the negative side",
    ),
    Function(
        "softplus", "softplus", lambda x, f: f.log(1 + f.exp(x)), lambda x, y, f: f.sig(x),
        stable=lambda x, f: f.logaddexp(0, x), within="(0, inf)", slopes_within="(0, 1)",
        words="the softplus function, a rectifier without a kink",
    ),
    Function(
        "silu", "silu", lambda x, f: x * f.sig(x), lambda x, y, f: f.sig(x) + y * (1 - f.sig(x)),
        aliases=("SiLU",), words="the sigmoid linear unit, also called swish",
    ),
    Function(
        "gelu", "gelu", lambda x, f: x * f.Phi(x), lambda x, y, f: f.Phi(x) + x * f.phi(x), aliases=("GELU",),
        words="the Gaussian error linear unit, in which $\\Phi$ is the distribution function of the standard normal"
        " distribution and $\\varphi$, its derivative, the density",
    ),
    Function("mish", "mish", lambda x, f: x * f.tanh(f.softplus(x))),
    Function("identity", "", lambda x, f: x, lambda x, y, f: 1, aliases=("linear",)),
)

_ELEMENTARY = (
    Function("exponential function", "exp", lambda x, f: f.exp(x), lambda x, y, f: y, latex=r"\exp", within="(0, inf)", slopes_within="(0, inf)"),
    Function("natural logarithm", "ln", lambda x, f: f.log(x), lambda x, y, f: 1 / x, latex=r"\ln", aliases=("log",)),
    Function("normal distribution", "Phi", lambda x, f: f.normal(x), lambda x, y, f: f.phi(x), latex=r"\Phi", aliases=("Φ",), within="(0, 1)", slopes_within="(0, 1)"),
    Function("normal density", "phi", lambda x, f: f.density(x), lambda x, y, f: -(x * y), latex=r"\varphi", within="(0, 1)"),
    Function(
        "unit step", "step", lambda x, f: f.choose(x, 1, 0), within="[0, 1]",
        words="the unit step, which says whether its argument is positive",
    ),
    Function(
        "clipped value", "clip", lambda x, f: f.choose(x - 1, 1, f.choose(-x - 1, -1, x)), within="[-1, 1]",
        words="its argument, clipped to the interval from $-1$ to 1",
    ),
    Function(
        "Huber function", "huber",
        lambda x, f: f.choose(x - 1, x - HALF, f.choose(-x - 1, -x - HALF, HALF * x ** 2)), lambda x, y, f: f.clip(x),
        within="[0, inf)",
        words="the Huber function, half the square near 0 and a straight line from 1 on",
    ),
)

_LOSSES = (
    Loss("half-squared-error", lambda t, o, n, f: HALF * (t - o) ** 2, words="half the square of the difference"),
    Loss("squared-error", lambda t, o, n, f: (t - o) ** 2, words="the square of the difference"),
    Loss(
        "mean-squared-error", lambda t, o, n, f: Fraction(1, n) * (t - o) ** 2, aliases=("mse", "MSE"),
        words="the square of the difference, divided by the number of outputs",
        of_one="the square of the difference", total="the mean of the squares",
    ),
    Loss(
        "binary-cross-entropy", lambda t, o, n, f: -(t * f.ln(o) + (1 - t) * f.ln(1 - o)),
        aliases=("bce", "BCE", "cross-entropy"), after="sigmoid",
        words="the binary cross-entropy, which is small where the output, read as a probability, agrees with"
        " the target",
    ),
    Loss(
        "categorical-cross-entropy", lambda t, o, n, f: -(t * f.ln(o)), aliases=("cross-entropy",), after="softmax",
        words="the target times the negative logarithm of the output",
    ),
    Loss(
        "huber", lambda t, o, n, f: f.huber(t - o), words="the Huber function of the difference",
        remark="Near 0 it is half the square, and from 1 on a straight line, so that a single large error does not"
        " count too much. Its derivative is the difference, clipped to the interval from $-1$ to 1; where two"
        " cases meet they agree:",
    ),
)
# fmt: on

ACTIVATIONS = {row.name: row for row in _ACTIVATIONS}
"""The activation functions of single neurons, by name."""
BY_SYMBOL = {row.symbol: row for row in (*_ACTIVATIONS, *_ELEMENTARY) if row.symbol}
"""All functions that may stand in a formula, by symbol; not all of them are activations."""
LOSSES = {row.name: row for row in _LOSSES}
"""The losses, by name."""
SOFTMAX = "softmax"
"""The activation of a whole layer: every output depends on every net input of the layer."""


class _Anything:
    """A value of which nothing is known: whatever is computed with it is another."""

    def _any(self, *_: Any) -> _Anything:
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _any
    __truediv__ = __rtruediv__ = __pow__ = __neg__ = _any


class _Looking(World):
    """Sees which rows another is written with, and whether any of them has cases."""

    def __init__(self) -> None:
        self.used: set[str] = set()
        self.chooses = False

    def exp(self, x: Any) -> Any:
        return x

    log = normal = density = exp

    def choose(self, x: Any, positive: Any, otherwise: Any) -> Any:
        self.chooses = True
        return x

    def __getattr__(self, symbol: str) -> Callable[[Any], Any]:
        self.used.add(symbol)
        return super().__getattr__(symbol)


@cache
def _looked_at(row: Function) -> _Looking:
    world = _Looking()
    row.value(_Anything(), world)
    return world


def written_with(symbol: str) -> frozenset[str]:
    """The rows that may stand where a function and its derivative are written out."""
    found: set[str] = set()
    todo = {symbol}
    while todo:
        row = BY_SYMBOL[todo.pop()]
        used = set(_looked_at(row).used)
        if row.slope is not None:
            world = _Looking()
            row.slope(_Anything(), _Anything(), world)
            used |= world.used
        todo |= used - found
        found |= used
    return frozenset(found)


def spelled(name: str) -> str | None:
    """The symbol of the function that `name` means in a formula: its symbol, name or alias."""
    if name in BY_SYMBOL:
        return name
    return next((s for s, row in BY_SYMBOL.items() if row.is_called(name)), None)


def activation(name: str, own: Iterable[str] = ()) -> Function:
    """The row called `name`; :class:`InputError` names what there is, a user's `own` too."""
    for row in ACTIVATIONS.values():
        if row.is_called(name):
            return row
    known = (*ACTIVATIONS, SOFTMAX, *own)
    raise InputError(
        f"activation: there is no {name!r}{did_you_mean(name, known)}; known are {', '.join(known)}"
    )


def loss(name: str, after: str = "") -> Loss:
    """The row called `name`; :class:`InputError` names what there is.

    `after` is the activation of the last layer, by which an alias of several losses is understood.
    """
    rows = [row for row in LOSSES.values() if name == row.name or name in row.aliases]
    if len(rows) > 1:
        names = " or ".join(row.name for row in rows)
        rows = [row for row in rows if row.after == after]
        if not rows:
            raise InputError(f"loss: {name!r} may mean several things here; write {names}")
    if rows:
        return rows[0]
    raise InputError(
        f"loss: there is no {name!r}{did_you_mean(name, LOSSES)}; known are {', '.join(LOSSES)}"
    )
