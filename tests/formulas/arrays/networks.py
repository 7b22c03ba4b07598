"""Networks whose families are vectors and matrices, stated as equations."""

from __future__ import annotations

from functools import cache

from derive.checking.claims import Judged, Verdict
from derive.checking.judge import Judge
from derive.networks.equations.system import System
from derive.networks.sources import build

NETWORKS = {
    "layers": """
weights: W_1, W_2, W_3
        x_1[i] = sig(sum(W_1[i,j]*x_0[j], j=1..2)), i=1..5
        x_2[i] = sig(sum(W_2[i,j]*x_1[j], j=1..5)), i=1..3
        x_3[i] = sig(sum(W_3[i,j]*x_2[j], j=1..3)), i=1..2
        E = 1/2*sum((x_3[i]-t[i])^2, i=1..2)
        """,
    "one hidden layer": """
weights: W1, b1, W2
        z[i] = sum(W1[i,j]*x[j], j=1..2) + b1[i], i=1..3
        h[i] = tanh(z[i]), i=1..3
        o[i] = sum(W2[i,j]*h[j], j=1..3), i=1..4
        L = sum(1/2*(o[i]-y[i])^2, i=1..4)
        """,
    "numbers": """
weights: W_1, w_2
        z[i] = sum(W_1[i,j]*x[j], j=1..2), i=1..2
        h[i] = relu(z[i]), i=1..2
        y = sum(w_2[i]*h[i], i=1..2)
        L = 1/2*(y - t)^2
        numbers: x = [1, 2], t = 1, W_1 = [[0.5, -1], [1, 0.5]], w_2 = [1, -1]
        """,
    "steps": """
weights: U, V, W
        h[t,i] = tanh(sum(U[i,j]*x[t,j], j=1..3) + sum(W[i,j]*h[t-1,j], j=1..2)), t=1..3, i=1..2
        o[t,i] = sum(V[i,j]*h[t,j], j=1..2), t=1..3, i=1..4
        l[t] = sum(1/2*(o[t,i]-y[t,i])^2, i=1..4), t=1..3
        L = 1/3*sum(l[t], t=1..3)
        """,
    "cells": """
weights: w
c[t,i] = w[i]*h[t-1,i] + c[t-1,i], t=1..3, i=1..2
h[t,i] = tanh(c[t,i]), t=1..3, i=1..2
L = sum(h[3,i]^2, i=1..2)
""",
    "examples": """
weights: W
        z[n,j] = sum(x[n,i]*W[i,j], i=1..3), n=1..4, j=1..2
        L = sum(sum(1/2*(z[n,j]-t[n,j])^2, n=1..4), j=1..2)
        """,
    "rows": """
weights: W, v
        z[j] = sum(x[i]*W[i,j], i=1..3), j=1..2
        h[j] = sig(z[j]), j=1..2
        y = sum(v[j]*h[j], j=1..2)
        L = 1/2*(y - t)^2
        """,
    "rows in time": """
weights: W, U
        h[t,j] = tanh(sum(x[t,i]*W[i,j], i=1..3) + sum(h[t-1,k]*U[k,j], k=1..2)), t=1..3, j=1..2
        L = 1/2*sum(sum((h[t,j]-y[t,j])^2, j=1..2), t=1..3)
        """,
    "square": """
weights: A
        z[i] = sum(A[i,j]*x[j], j=1..2), i=1..2
        s[i] = sum(A[i,j]*z[j], j=1..2), i=1..2
        L = 1/2*sum((s[i] - t[i])^2, i=1..2)
        """,
}


@cache
def judge(network: str) -> Judge:
    """A judge of formulas about one of the networks."""
    return Judge(build(System.from_text(NETWORKS[network], network.replace(" ", "-"))))


def judged(network: str, text: str) -> Judged | None:
    """What becomes of a formula about one of the networks; names that it defines are forgotten."""
    of = judge(network)
    of.reader.letters.clear()
    return of.judge(text)


def verdict(network: str, text: str) -> str:
    """The verdict in a word; nothing of what makes no claim."""
    found = judged(network, text)
    return found.verdict.value if found is not None else ""


__all__ = ["NETWORKS", "Verdict", "judge", "judged", "verdict"]
