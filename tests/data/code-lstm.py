# Written by derive; written again, it is replaced.
"""Backpropagation: an LSTM cell, one unit and one step.

The number behind a line is that of its equation in the document that `derive notes` writes.
A line without a number computes what several equations have in common.
"""

import numpy as np


def sig(x):
    return 1 / (1 + np.exp(-x))  # (2)


def gradients(
    x, h_0, c_0, target, w_f, u_f, b_f, w_i, u_i, b_i, w_o, u_o, b_o, w_g, u_g, b_g,
):
    """The error of one example, and its derivatives.

    The derivatives with respect to all weights come in a dict, by name. Instead of a number an
    array may be given, with an entry for each of several examples: every line works entry by
    entry, and the error and its derivatives are those of each example by itself.
    """
    # Forward: every quantity from those before it.
    f = sig(w_f * x + u_f * h_0 + b_f)  # (1)
    i = sig(w_i * x + u_i * h_0 + b_i)  # (1)
    o = sig(w_o * x + u_o * h_0 + b_o)  # (1)
    g = np.tanh(w_g * x + u_g * h_0 + b_g)  # (1)
    c = f * c_0 + i * g  # (1)
    tanh_c = np.tanh(c)
    h = o * tanh_c  # (1)

    # The error.
    E = 0.5 * (target - h) ** 2  # (1)

    # Backward: the derivative of the error by each quantity.
    dE_dh = h - target  # (12)
    dE_dc = dE_dh * o * (1 - tanh_c ** 2)  # (14)
    dE_dg = dE_dc * i  # (14)
    dE_do = dE_dh * tanh_c  # (25)
    dE_di = dE_dc * g  # (25)
    dE_df = dE_dc * c_0  # (25)
    part_1 = dE_df * f * (1 - f)
    part_2 = dE_di * i * (1 - i)
    part_3 = dE_do * o * (1 - o)
    part_4 = dE_dg * (1 - g ** 2)

    return E, {
        "w_f": part_1 * x,  # (26)
        "u_f": part_1 * h_0,  # (26)
        "b_f": part_1,  # (26)
        "w_i": part_2 * x,  # (26)
        "u_i": part_2 * h_0,  # (26)
        "b_i": part_2,  # (26)
        "w_o": part_3 * x,  # (26)
        "u_o": part_3 * h_0,  # (26)
        "b_o": part_3,  # (26)
        "w_g": part_4 * x,  # (15)
        "u_g": part_4 * h_0,  # (26)
        "b_g": part_4,  # (26)
    }


if __name__ == "__main__":
    example = {
        "x": 1.0, "h_0": 0.2, "c_0": 0.4, "target": 1.0,
    }
    parameters = {
        "w_f": 0.7, "u_f": 0.1, "b_f": 0.15, "w_i": 0.95, "u_i": 0.8, "b_i": 0.65, "w_o": 0.6,
        "u_o": 0.4, "b_o": 0.1, "w_g": 0.45, "u_g": 0.25, "b_g": 0.2,
    }
    error, slopes = gradients(**example, **parameters)
    print(f"E = {float(error):.9g}")
    for name, slope in slopes.items():
        print(f"dE/d{name} = {float(slope):.6g}")
