"""Numbers of a network as lists, as matrices and as NumPy arrays: the same network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from derive import InputError, Network, Numbers, gradcheck

FIRST = [[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]]
"""Of 2-3-1: a row for each of the three neurons, a column for each input."""
SECOND = [[0.7, -0.8, 0.9]]
RUNNING = ((0.1, 0.2, 0.3, 0.4, 0.5, 0.6), (0.7, -0.8, 0.9))
NET = Network((2, 3, 1))
MASKED = replace(NET, missing=("w12", "w23"))


def numbers(weights: Any, net: Network = NET, **others: Any) -> Numbers:
    given = {"inputs": [0.5, 1], "targets": [1], **others}
    found = replace(net, numbers=Numbers(weights=weights, **given)).numbers
    assert found is not None
    return found


@pytest.mark.parametrize(
    "weights",
    [
        [FIRST, SECOND],
        [RUNNING[0], SECOND],
        [FIRST, RUNNING[1]],
        (tuple(map(tuple, FIRST)), SECOND),
        [np.array(FIRST), np.array(SECOND)],
        [list(map(np.array, FIRST)), np.array(RUNNING[1])],
    ],
)
def test_a_matrix_is_read_row_by_row(weights: Any) -> None:
    """A row has the weights into one neuron; that is the running order."""
    assert numbers(weights) == numbers(RUNNING)
    assert numbers(weights).weights == RUNNING


def test_a_file_may_give_matrices(tmp_path: Path) -> None:
    """In TOML they are lists of lists of lists."""
    path = tmp_path / "net.toml"
    path.write_text(
        "layers = [2, 3, 1]\n[numbers]\ninputs = [0.5, 1]\ntargets = [1]\n"
        f"weights = [{FIRST}, {SECOND}]\n"
    )
    assert Network.read(path).numbers == numbers(RUNNING)


def test_the_rows_are_the_neurons_that_the_weights_lead_to() -> None:
    """W·out, computed by NumPy with the matrices themselves, gives the same error."""
    net = Network((2, 3, 1), activations=("tanh", "identity"))
    first, second, inputs = np.array(FIRST), np.array(SECOND), np.array([0.5, 1.0])
    given = replace(net, numbers=Numbers(inputs, np.array([1.0]), [first, second]))  # type: ignore[arg-type]
    error = 0.5 * (1 - (second @ np.tanh(first @ inputs))[0]) ** 2
    assert gradcheck(given).error == pytest.approx(error, rel=1e-14)


def test_arrays_of_any_kind_are_numbers() -> None:
    """One example or a batch, whole or single precision, three matrices of one size in one array."""
    batch = numbers(
        RUNNING, inputs=np.array([[0.5, 1], [2, 3]]), targets=np.array([[1], [0]], dtype=np.int8)
    )
    assert batch.inputs == ((0.5, 1.0), (2.0, 3.0))
    assert batch.targets == ((1.0,), (0.0,))
    assert {type(x) for row in (*batch.inputs, *batch.targets) for x in row} == {float}
    assert numbers([np.float32([0.5] * 6), [np.int64(1), np.float32(0.5), 2]]).weights == (
        (0.5,) * 6,
        (1.0, 0.5, 2.0),
    )
    square = Network((2, 2, 2), bias="neuron")
    found = numbers(np.ones((2, 2, 2)), square, targets=[0, 1], biases=np.zeros((2, 2)))
    assert found.weights == ((1.0,) * 4,) * 2
    assert found.biases == ((0.0, 0.0),) * 2


def test_entries_of_missing_weights_are_left_out() -> None:
    """They are 0 in a matrix, and are not there in running order."""
    masked = [[[0.1, 0], [0.3, 0.4], [0.5, 0.6]], [[0.7, -0.8, 0]]]
    running = [[0.1, 0.3, 0.4, 0.5, 0.6], [0.7, -0.8]]
    assert numbers(masked, MASKED) == numbers(running, MASKED)
    assert numbers([np.array(masked[0]), running[1]], MASKED) == numbers(running, MASKED)


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        (
            [np.array(FIRST).T, SECOND],
            "a row for each neuron that they lead to, but it is 2 × 3; transpose it",
        ),
        ([FIRST, [[1], [2], [3]]], "numbers.weights[1]: the weights 3→1 are a matrix of 1 × 3"),
        ([FIRST[:2], SECOND], "a matrix of 3 × 2, a row for each neuron that they lead to, but it"),
        ([FIRST[:2], SECOND], "but it is 2 × 2"),
        ([[[1, 2], [3], [4, 5]], SECOND], "but it is 3 × 1 or 2"),
        ([FIRST, [[]]], "but it is 1 × 0"),
        ([[[1, 2], 3, [4, 5]], SECOND], "numbers.weights[0]: expected a list of lists of numbers"),
        ([FIRST, [[1, 2, float("nan")]]], "numbers.weights[1][0][2]: expected a finite number"),
        ([FIRST, [[[1, 2, 3]]]], "numbers.weights[1][0][0]: expected a finite number: [1, 2, 3]"),
        ([FIRST], "numbers.weights: expected 2 lists, one per layer after the inputs, but got 1"),
        (FIRST, "numbers.weights: expected 2 lists, one per layer after the inputs, but got 3"),
        (1.5, "numbers.weights: expected a list of lists of numbers"),
        ([FIRST, ["1", "2", "3"]], "numbers.weights[1][0]: expected a finite number: '1'"),
    ],
)
def test_a_matrix_that_does_not_fit_is_refused(weights: Any, said: str) -> None:
    """The message has the place, the shape that is needed and the shape that is given."""
    with pytest.raises(InputError) as error:
        numbers(weights)
    assert said in str(error.value)


def test_a_missing_weight_has_no_number() -> None:
    """The message has the row, the column and the name of the weight."""
    with pytest.raises(InputError) as error:
        numbers([FIRST, [0.7, -0.8]], MASKED)
    assert str(error.value) == (
        "numbers.weights[0]: row 1, column 2 is for w12, which is missing in the network;"
        " put 0 there: 0.2"
    )
