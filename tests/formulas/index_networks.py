"""Networks of which claims with index letters are made, and right claims about them."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping

from tests.formulas.index_claims import (
    Applied,
    Expr,
    Index,
    Named,
    Network,
    Over,
    Place,
    Plus,
    Same,
    Slope,
    Times,
    Values,
)


def n(stem: str, *indices: str) -> Named:
    """A name with indices that are written as they stand there: "w", "j", "k-1"."""
    found = []
    for text in indices:
        letter = text[:1] if text[:1].isalpha() else ""
        found.append(Index(letter, int(text.removeprefix(letter) or 0)))
    return Named(stem, tuple(found))


def _number(stem: str, *indices: int) -> float:
    return random.Random(f"{stem}{indices}").uniform(0.2, 1.4)


def _putting(
    values: Values, moved: Mapping[Place, float]
) -> Callable[[str, tuple[int, ...], float], None]:
    """What puts a quantity into the values, with what it is moved to in the place of its own."""

    def put(stem: str, indices: tuple[int, ...], value: float) -> None:
        values[stem, indices] = moved.get((stem, indices), value)

    return put


def _units(moved: Mapping[Place, float]) -> Values:
    v: Values = {}
    put = _putting(v, moved)
    for i in (1, 2):
        put("a", (i,), _number("a", i))
    for j in (3, 4, 5, 6, 7):
        below = (1, 2) if j < 6 else (3, 4, 5)
        put("b", (j,), _number("b", j))
        for i in below:
            put("w", (i, j), _number("w", i, j) - 0.8)
        put("z", (j,), v["b", (j,)] + sum(v["a", (i,)] * v["w", (i, j)] for i in below))
        put("a", (j,), 1 / (1 + math.exp(-v["z", (j,)])))
    for k in (6, 7):
        put("t", (k,), _number("t", k))
    put("E", (), sum((v["a", (k,)] - v["t", (k,)]) ** 2 for k in (6, 7)) / 2)
    return v


def _steps(moved: Mapping[Place, float]) -> Values:
    v: Values = {}
    put = _putting(v, moved)
    put("u", (), 0.7)
    put("v", (), -0.6)
    put("h", (0,), 0.3)
    for t in (1, 2, 3):
        put("x", (t,), _number("x", t))
        put("y", (t,), _number("y", t))
        put("s", (t,), v["u", ()] * v["h", (t - 1,)] + v["v", ()] * v["x", (t,)])
        put("h", (t,), math.tanh(v["s", (t,)]))
        put("L", (t,), (v["h", (t,)] - v["y", (t,)]) ** 2 / 2)
    put("E", (), sum(v["L", (t,)] for t in (1, 2, 3)))
    return v


def _shares(moved: Mapping[Place, float]) -> Values:
    v: Values = {}
    put = _putting(v, moved)
    for k in (1, 2, 3):
        put("a", (k,), _number("a", k))
        put("y", (k,), _number("y", k))
    whole = sum(math.exp(v["a", (k,)]) for k in (1, 2, 3))
    for k in (1, 2, 3):
        put("p", (k,), math.exp(v["a", (k,)]) / whole)
    put("E", (), -sum(v["y", (k,)] * math.log(v["p", (k,)]) for k in (1, 2, 3)))
    return v


def _kernel(moved: Mapping[Place, float]) -> Values:
    v: Values = {}
    put = _putting(v, moved)
    for i in range(1, 7):
        put("x", (i,), _number("x", i) - 0.7)
    for k in (1, 2, 3):
        put("w", (k,), _number("w", k) - 0.6)
    for i in (1, 2, 3, 4):
        put("y", (i,), _number("y", i))
        put("z", (i,), sum(v["w", (k,)] * v["x", (i + k - 1,)] for k in (1, 2, 3)))
        put("a", (i,), math.tanh(v["z", (i,)]))
    put("E", (), sum((v["a", (i,)] - v["y", (i,)]) ** 2 for i in (1, 2, 3, 4)) / 2)
    return v


def _attention(moved: Mapping[Place, float]) -> Values:
    v: Values = {}
    put = _putting(v, moved)
    for stem, value in (("u", 0.8), ("w", -0.5), ("r", 1.1)):
        put(stem, (), value)
    tokens = (1, 2, 3)
    for i in tokens:
        put("x", (i,), _number("x", i) - 0.5)
        put("y", (i,), _number("y", i))
        for stem, weight in (("q", "u"), ("k", "w"), ("v", "r")):
            put(stem, (i,), v[weight, ()] * v["x", (i,)])
    for i in tokens:
        for j in tokens:
            put("s", (i, j), v["q", (i,)] * v["k", (j,)])
        whole = sum(math.exp(v["s", (i, m)]) for m in tokens)
        for j in tokens:
            put("a", (i, j), math.exp(v["s", (i, j)]) / whole)
        put("o", (i,), sum(v["a", (i, j)] * v["v", (j,)] for j in tokens))
    put("E", (), sum((v["o", (i,)] - v["y", (i,)]) ** 2 for i in tokens) / 2)
    return v


NETWORKS = {
    "units": Network(
        "weights: w, b\n"
        "z[j] = b[j] + sum(a[i]*w[i,j], i=1..2), j=3..5\n"
        "z[k] = b[k] + sum(a[j]*w[j,k], j=3..5), k=6..7\n"
        "a[j] = sig(z[j]), j=3..7\n"
        "E = 1/2*sum((a[k] - t[k])^2, k=6..7)\n",
        _units,
        lambda x: 1 / (1 + math.exp(-x)),
        {"i": (1, 2), "j": (3, 4, 5), "k": (6, 7)},
    ),
    "steps": Network(
        "weights: u, v\n"
        "s[t] = u*h[t-1] + v*x[t], t=1..3\n"
        "h[t] = tanh(s[t]), t=1..3\n"
        "L[t] = 1/2*(h[t] - y[t])^2, t=1..3\n"
        "E = sum(L[t], t=1..3)\n",
        _steps,
        given=(("h", (0,)),),
    ),
    "shares": Network(
        "weights: a\n"
        "p[k] = exp(a[k])/sum(exp(a[j]), j=1..3), k=1..3\n"
        "E = -sum(y[k]*ln(p[k]), k=1..3)\n",
        _shares,
    ),
    "convolution": Network(
        "weights: w\n"
        "z[i] = sum(w[k]*x[i+k-1], k=1..3), i=1..4\n"
        "a[i] = tanh(z[i]), i=1..4\n"
        "E = 1/2*sum((a[i] - y[i])^2, i=1..4)\n",
        _kernel,
    ),
    "attention": Network(
        "weights: u, w, r\n"
        "q[i] = u*x[i], i=1..3\n"
        "k[i] = w*x[i], i=1..3\n"
        "v[i] = r*x[i], i=1..3\n"
        "s[i,j] = q[i]*k[j], i=1..3, j=1..3\n"
        "a[i,j] = exp(s[i,j])/sum(exp(s[i,m]), m=1..3), i=1..3, j=1..3\n"
        "o[i] = sum(a[i,j]*v[j], j=1..3), i=1..3\n"
        "E = 1/2*sum((o[i] - y[i])^2, i=1..3)\n",
        _attention,
    ),
}
E, U = n("E"), n("u")
MISS = Plus((n("a", "k"), Times((n("t", "k"),), -1)))
ONE_STEP = Slope(n("h", "j"), n("h", "j-1"))
BACK = Times((Slope(E, n("z", "k")), n("w", "j", "k")))
RIGHT: dict[str, list[tuple[Expr, Expr]]] = {
    "units": [
        (Slope(E, n("w", "j", "k")), Times((MISS, Applied(n("z", "k"), 1), n("a", "j")))),
        (Slope(E, n("a", "j")), Over("k", BACK)),
        (Slope(E, n("b", "j")), Times((Applied(n("z", "j"), 1), Over("k", BACK)))),
        (Slope(E, n("w", "i", "j")), Times((Slope(E, n("z", "j")), n("a", "i")))),
        (Slope(n("z", "k"), n("a", "j")), n("w", "j", "k")),
        (n("z", "k"), Plus((n("b", "k"), Over("j", Times((n("a", "j"), n("w", "j", "k"))))))),
    ],
    "steps": [
        (Slope(E, U), Over("t", Times((Slope(E, n("s", "t")), n("h", "t-1"))), n("", "1").indices[0], n("", "3").indices[0])),
        (Slope(n("h", "t"), n("h", "0")), Over("j", ONE_STEP, Index("", 1), Index("t"), multiplies=True)),
        (
            Slope(n("h", "t"), U),
            Over(
                "k",
                Times((Over("j", ONE_STEP, Index("k", 1), Index("t"), multiplies=True), Applied(n("s", "k"), 1), n("h", "k-1"))),
                Index("", 1),
                Index("t"),
            ),
        ),
        (Slope(n("s", "t"), n("h", "t-1")), U),
        (Slope(n("L", "t"), U), Times((Plus((n("h", "t"), Times((n("y", "t"),), -1))), Slope(n("h", "t"), U)))),
    ],
    "shares": [
        (Slope(n("p", "i"), n("a", "j")), Times((n("p", "i"), Plus((Same("i", "j"), Times((n("p", "j"),), -1)))))),
        (n("p", "i"), Plus((Over("k", n("p", "k")), Times((Over("j", n("p", "j"), unlike="i"),), -1)))),
        (Slope(E, n("a", "j")), Over("k", Times((Slope(E, n("p", "k")), Slope(n("p", "k"), n("a", "j")))))),
        (Slope(E, n("a", "j")), Plus((Times((n("p", "j"), Over("k", n("y", "k"), Index("", 1), Index("", 3)))), Times((n("y", "j"),), -1)))),
    ],
    "convolution": [
        (Slope(E, n("w", "1")), Over("i", Times((Slope(E, n("z", "i")), n("x", "i"))))),
        (Slope(E, n("w", "2")), Over("i", Times((Slope(E, n("z", "i")), n("x", "i+1"))))),
        (Slope(E, n("w", "3")), Over("j", Times((n("x", "j+2"), Slope(E, n("z", "j")))), Index("", 1), Index("", 4))),
        (Slope(E, n("z", "i")), Times((Plus((n("a", "i"), Times((n("y", "i"),), -1))), Applied(n("z", "i"), 1)))),
        (Slope(n("z", "i"), n("x", "i+1")), n("w", "2")),
        (n("z", "i"), Plus((Times((n("w", "1"), n("x", "i"))), Times((n("w", "2"), n("x", "i+1"))), Times((n("w", "3"), n("x", "i+2")))))),
    ],
    "attention": [
        (
            Slope(E, n("s", "i", "j")),
            Times((n("a", "i", "j"), Plus((Slope(E, n("a", "i", "j")), Times((Over("m", Times((n("a", "i", "m"), Slope(E, n("a", "i", "m"))))),), -1))))),
        ),
        (Slope(n("a", "i", "j"), n("s", "i", "m")), Times((n("a", "i", "j"), Plus((Same("j", "m"), Times((n("a", "i", "m"),), -1)))))),
        (Slope(E, n("v", "j")), Over("i", Times((n("a", "i", "j"), Slope(E, n("o", "i")))))),
        (Slope(E, n("q", "i")), Over("j", Times((Slope(E, n("s", "i", "j")), n("k", "j"))))),
        (Slope(E, n("k", "j")), Over("i", Times((n("q", "i"), Slope(E, n("s", "i", "j")))))),
        (Slope(E, U), Over("i", Times((Slope(E, n("q", "i")), n("x", "i"))))),
        (Slope(E, n("o", "i")), Plus((n("o", "i"), Times((n("y", "i"),), -1)))),
    ],
}  # fmt: skip
CLAIMS = [(name, left, right) for name, rows in RIGHT.items() for left, right in rows]
