"""How long work is watched from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

Watch = Callable[[Sequence[Any]], Iterable[Any]]
"""Is handed the parts of the work and passes them on; so it sees how far the work has come."""
