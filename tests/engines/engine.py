"""PyTorch, or a skipped module; and how far two gradients are apart."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import pytest

from tests.render.missing import tools_are_required

if not tools_are_required():
    pytest.importorskip("torch", reason="PyTorch is not installed: pip install -e '.[torch]'")
import torch

torch.set_num_threads(1)

TOLERANCE = 1e-10
NEGLIGIBLE = 1e-3
"""A gradient this much smaller than the network's largest is compared with that size instead."""


def tensor(values: object, moving: bool = False) -> torch.Tensor:
    """Numbers in double precision; a leaf to differentiate by when `moving`."""
    return torch.tensor(values, dtype=torch.float64, requires_grad=moving)


def relative_error(ours: Mapping[Hashable, float], theirs: Mapping[Hashable, float]) -> float:
    """The largest |a − b| / max(|a|, |b|, scale/1000), where scale is the largest |b|.

    Infinite when the two are not about the same parameters, or a number is not one.
    """
    if ours.keys() != theirs.keys():
        return float("inf")
    a, b = tensor(list(ours.values())), tensor([theirs[name] for name in ours])
    floor = NEGLIGIBLE * b.abs().max()
    size = torch.maximum(torch.maximum(a.abs(), b.abs()), floor)
    apart = torch.where(a == b, 0.0, (a - b).abs() / size)
    return float(torch.nan_to_num(apart, nan=float("inf")).max())
