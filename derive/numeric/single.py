"""What the numeric check asks of a model, and how it is answered quantity by quantity."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from derive.calculus.chain import Chain
from derive.errors import InputError
from derive.exact.array_rings import Array
from derive.exact.points import NoValueError
from derive.exact.reals import RealPoint
from derive.formula import Name
from derive.model.facts import Facts
from derive.numeric.backprop import Parameters, backprop
from derive.numeric.differences import Differences, finite_differences
from derive.numeric.float_arrays import Arrays, FloatModel
from derive.numeric.forward import examples, gradients, quantities
from derive.numeric.found import Derived
from derive.numeric.rounding import SAFETY, Rounded, ring


class Check(ABC):
    """One network with numbers, at all of its examples.

    `name` says what the second gradient is computed with where there are no layers. `start` are the
    parameters, the error and its gradient by those that move, once they are known.
    """

    name: str
    values: Mapping[str, list[float]]
    adjoints: Mapping[str, float] | None = None
    start: tuple[Array, float, Array] | None = None

    def __init__(self, network: Facts, chain: Chain) -> None:
        self.network, self.chain = network, chain
        self.model = FloatModel(network, chain.model)
        self.share = 1 / self.model.count if network.reduction == "mean" else 1.0
        self._errors: dict[bytes, float] = {}

    def after(self, flat: Array) -> float:
        """E_total with other parameters."""
        key = flat.tobytes()
        if key not in self._errors:
            self._errors[key] = self.error(self.model.moved(flat))
        return self._errors[key]

    def error(self, given: Arrays) -> float:
        """E_total of all examples with these parameters, by the definitions of whole families."""
        return self.share * float(np.sum(self.model.total(self.model.forward(given))))

    def second(self) -> tuple[Array, float]:
        """The gradient and the error by a way that knows no local derivative.

        Of layers by backpropagation in NumPy.
        """
        if self.network.has_vectors:
            found = backprop(self.network, Parameters.of(self.network))
            return np.asarray(found.gradient.flat), found.error
        return self._second()

    @abstractmethod
    def derived(self) -> Derived:
        """The formulas of the derivation, evaluated."""

    @abstractmethod
    def _second(self) -> tuple[Array, float]:
        """The gradient and the error of a network without layers."""

    @abstractmethod
    def differences(self) -> tuple[NDArray[np.intp], Differences]:
        """The places of parameters, as many as are quickly moved, and their differences."""


class SingleCheck(Check):
    """Each gradient by itself, with a bound on the rounding of every operation."""

    name = "50 digits"

    def __init__(self, network: Facts, chain: Chain) -> None:
        super().__init__(network, chain)
        model = chain.model
        self._examples = examples(model, network)
        self._points = [
            quantities(model, {n: Rounded(float(v)) for n, v in example.items()}, ring)
            for example in self._examples
        ]
        self.values = {
            name: [float(point[name]) for point in self._points] for name in model.quantities
        }
        _refuse_overflow(self.values)

    def derived(self) -> Derived:
        names = self.chain.model.parameters
        slopes = [gradients(self.chain, point, ring) for point in self._points]
        columns = np.array([[(own[n].value, own[n].error) for n in names] for own in slopes])
        gradient, bound = self.share * columns.sum(axis=0).T
        errors = [point[self.chain.model.total] for point in self._points]
        error = self.share * sum(each.value for each in errors)
        error_bound = self.share * sum(each.error for each in errors)
        return Derived(gradient, SAFETY * bound, error, SAFETY * error_bound)

    def _second(self) -> tuple[Array, float]:
        """Forward-mode derivatives with 50 digits (:mod:`derive.exact.reals`)."""
        model, total = self.chain.model, Name(self.chain.model.total)
        try:
            points = [RealPoint(model, numbers=example) for example in self._examples]
            slopes = [[float(p.slope(total, name)) for name in model.parameters] for p in points]
            error = self.share * sum(float(point.value(total)) for point in points)
        except NoValueError as reason:
            raise InputError(
                f"numbers: {reason}; other numbers give every quantity a value"
            ) from None
        return self.share * np.array(slopes).sum(axis=0), error

    def differences(self) -> tuple[NDArray[np.intp], Differences]:
        return finite_differences(self.model, self.share)


def _refuse_overflow(values: Mapping[str, Sequence[float]]) -> None:
    for name, column in values.items():
        for example, value in enumerate(column, 1):
            where = f" in example {example}" if len(column) > 1 else ""
            if math.isnan(value):
                raise InputError(
                    f"numbers: {name} has no value{where}, as a logarithm or root of a negative"
                    " number; other numbers or another function would do"
                )
            if math.isinf(value):
                raise InputError(
                    f"numbers: {name} is {value}{where}; smaller weights or other numbers keep"
                    " it finite"
                )
