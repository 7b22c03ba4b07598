"""The shipped networks that are stated as equations, written anew with PyTorch's own layers.

Each takes the values by name and gives the error. Nothing is read from the equation file but the
names: an LSTM cell is PyTorch's LSTM cell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from torch import nn
from torch.func import functional_call
from torch.nn import functional as F  # noqa: N812

from tests.engines.engine import tensor, torch

Tensor = torch.Tensor
Values = Mapping[str, Tensor]


def grid(values: Values, name: str, *shape: int) -> Tensor:
    """The family name_1 …, or name_1_1 …, as one tensor of this shape."""
    places = torch.cartesian_prod(*(torch.arange(1, size + 1) for size in shape)).reshape(
        -1, len(shape)
    )
    flat = ["_".join([name, *map(str, place)]) for place in places.tolist()]
    return torch.stack([values[member] for member in flat]).reshape(shape)


def half_squared(target: Tensor, out: Tensor) -> Tensor:
    """½ Σ (t − o)²."""
    return F.mse_loss(out, target, reduction="sum") / 2


def cell(made: nn.Module, gates: str, v: Values, *given: object) -> Tensor:
    """One step of a recurrent cell of PyTorch's with one unit; the gates in PyTorch's order."""
    column = lambda letter: torch.stack([v[f"{letter}_{gate}"] for gate in gates])
    parameters = {
        "weight_ih": column("w")[:, None],
        "weight_hh": column("u")[:, None],
        "bias_ih": column("b"),
        "bias_hh": torch.zeros(len(gates), dtype=torch.float64),
    }
    found = functional_call(made, parameters, given)
    return found[0] if isinstance(found, tuple) else found


def one(value: Tensor) -> Tensor:
    """A number as a batch of one example with one entry."""
    return value.reshape(1, 1)


def attention(v: Values) -> Tensor:
    """Scaled dot-product attention of PyTorch's, with its own 1/√2 for keys of two entries."""
    x = grid(v, "x", 2, 2)
    query, key = (F.linear(x, grid(v, name, 2, 2))[None] for name in ("w_q", "w_k"))
    value = (x @ grid(v, "w_v", 2))[None, :, None]
    out = F.scaled_dot_product_attention(query, key, value)
    return half_squared(grid(v, "target", 2), out.flatten())


def autoencoder(v: Values) -> Tensor:
    """The decoder's matrix is the encoder's, transposed."""
    x, w = grid(v, "x", 3), grid(v, "w", 2, 3)
    code = torch.sigmoid(F.linear(x, w, grid(v, "b", 2)))
    return half_squared(x, F.linear(code, w.T, grid(v, "v", 3)))


def batchnorm(v: Values) -> Tensor:
    """Batch normalisation in training mode, over three examples of one unit."""
    z = v["w"] * grid(v, "x", 3)[:, None]
    scale, shift = v["v"].reshape(1), v["b"].reshape(1)
    y = F.batch_norm(z, None, None, scale, shift, training=True, eps=1e-5)
    return half_squared(grid(v, "target", 3)[:, None], y) / 3


def conv1d(v: Values) -> Tensor:
    """A convolution of width 3, ReLU, mean pooling of width 2, a linear unit."""
    net = F.conv1d(grid(v, "x", 6)[None, None], grid(v, "w", 3)[None, None], v["b"].reshape(1))
    pool = F.avg_pool1d(F.relu(net), 2)
    return half_squared(v["target"], grid(v, "v", 2) @ pool.flatten())


def conv2d(v: Values) -> Tensor:
    """A 2 × 2 kernel over 3 × 3 pixels."""
    kernel = grid(v, "w", 2, 2)[None, None]
    net = F.conv2d(grid(v, "x", 3, 3)[None, None], kernel, v["b"].reshape(1))
    return half_squared(v["target"], (grid(v, "v", 2, 2) * torch.sigmoid(net[0, 0])).sum())


def embedding(v: Values) -> Tensor:
    """A row of the table of words for each word, as often as it stands in x."""
    h = F.embedding(torch.arange(3), grid(v, "w", 3, 2)).T @ grid(v, "x", 3)
    z = F.linear(h, grid(v, "v", 3, 2))
    return F.cross_entropy(z[None], grid(v, "target", 3)[None], reduction="sum")


def gru(v: Values) -> Tensor:
    """PyTorch's GRU cell."""
    h = cell(nn.GRUCell(1, 1, dtype=torch.float64), "rzn", v, one(v["x"]), one(v["h_0"]))
    return half_squared(v["target"], h.squeeze())


def layernorm(v: Values) -> Tensor:
    """Layer normalisation of three numbers."""
    y = F.layer_norm(grid(v, "x", 3), (3,), grid(v, "w", 3), grid(v, "b", 3), eps=1e-5)
    return half_squared(grid(v, "target", 3), y)


def lstm(v: Values) -> Tensor:
    """PyTorch's LSTM cell."""
    state = (one(v["h_0"]), one(v["c_0"]))
    h = cell(nn.LSTMCell(1, 1, dtype=torch.float64), "ifgo", v, one(v["x"]), state)
    return half_squared(v["target"], h.squeeze())


def maxpool(v: Values) -> Tensor:
    """A 2 × 2 kernel over 3 × 5 pixels, tanh, max pooling of 2 × 2, a linear unit."""
    kernel = grid(v, "w", 2, 2)[None, None]
    net = F.conv2d(grid(v, "x", 3, 5)[None, None], kernel, v["b"].reshape(1))
    pool = F.max_pool2d(torch.tanh(net), 2)
    return half_squared(v["target"], (grid(v, "v", 1, 2) * pool[0, 0]).sum())


def residual(v: Values) -> Tensor:
    """A block x + tanh(Wx + b), and a linear unit."""
    x = grid(v, "x", 2)
    out = x + torch.tanh(F.linear(x, grid(v, "w", 2, 2), grid(v, "b", 2)))
    return half_squared(v["target"], grid(v, "v", 2) @ out)


def rnn(v: Values) -> Tensor:
    """PyTorch's recurrent network over a sequence of three."""
    made = nn.RNN(1, 1, dtype=torch.float64)
    parameters = {
        "weight_ih_l0": one(v["w"]),
        "weight_hh_l0": one(v["u"]),
        "bias_ih_l0": v["b"].reshape(1),
        "bias_hh_l0": tensor([0.0]),
    }
    _, last = functional_call(made, parameters, (grid(v, "x", 3)[:, None], one(v["h_0"])))
    return half_squared(v["target"], v["v"] * last.squeeze())


def softmax(v: Values) -> Tensor:
    """A linear layer and torch's cross-entropy of its logits."""
    z = F.linear(grid(v, "x", 2), grid(v, "w", 3, 2), grid(v, "b", 3))
    return F.cross_entropy(z[None], grid(v, "target", 3)[None], reduction="sum")


BY_HAND: Mapping[str, Callable[[Values], Tensor]] = {
    made.__name__: made
    for made in (
        attention,
        autoencoder,
        batchnorm,
        conv1d,
        conv2d,
        embedding,
        gru,
        layernorm,
        lstm,
        maxpool,
        residual,
        rnn,
        softmax,
    )
}
