# Written by derive; written again, it is replaced.
"""Backpropagation through a 2-4-3-2 network.

The number behind a line is that of its equation in the document that `derive notes` writes.
"""

import numpy as np


def sig(x):
    return 1 / (1 + np.exp(-x))  # (5)


def gradients(
    out_a1, out_a2, target_d1, target_d2, w11, w12, w13, w14, w15, w16, w17, w18, w21, w22, w23,
    w24, w25, w26, w27, w28, w29, w2_10, w2_11, w2_12, w31, w32, w33, w34, w35, w36,
):
    """The error of one example, and its derivatives.

    The derivatives with respect to all weights come in a dict, by name. Instead of a number an
    array may be given, with an entry for each of several examples: every line works entry by
    entry, and the error and its derivatives are those of each example by itself.
    """
    # Forward: what arrives at each neuron, and what it puts out.
    net_b1 = w11 * out_a1 + w12 * out_a2  # (1)
    net_b2 = w13 * out_a1 + w14 * out_a2  # (1)
    net_b3 = w15 * out_a1 + w16 * out_a2  # (1)
    net_b4 = w17 * out_a1 + w18 * out_a2  # (1)
    out_b1 = sig(net_b1)  # (4)
    out_b2 = sig(net_b2)  # (4)
    out_b3 = sig(net_b3)  # (4)
    out_b4 = sig(net_b4)  # (4)
    net_c1 = w21 * out_b1 + w22 * out_b2 + w23 * out_b3 + w24 * out_b4  # (2)
    net_c2 = w25 * out_b1 + w26 * out_b2 + w27 * out_b3 + w28 * out_b4  # (2)
    net_c3 = w29 * out_b1 + w2_10 * out_b2 + w2_11 * out_b3 + w2_12 * out_b4  # (2)
    out_c1 = sig(net_c1)  # (4)
    out_c2 = sig(net_c2)  # (4)
    out_c3 = sig(net_c3)  # (4)
    net_d1 = w31 * out_c1 + w32 * out_c2 + w33 * out_c3  # (3)
    net_d2 = w34 * out_c1 + w35 * out_c2 + w36 * out_c3  # (3)
    out_d1 = sig(net_d1)  # (4)
    out_d2 = sig(net_d2)  # (4)

    # The error.
    E_d1 = 0.5 * (target_d1 - out_d1) ** 2  # (7)
    E_d2 = 0.5 * (target_d2 - out_d2) ** 2  # (7)
    E_total = E_d1 + E_d2  # (8)

    # Backward: delta is the derivative of the error by the neuron's net input.
    delta_d1 = (out_d1 - target_d1) * out_d1 * (1 - out_d1)  # (46)
    delta_d2 = (out_d2 - target_d2) * out_d2 * (1 - out_d2)  # (46)
    delta_c1 = (delta_d1 * w31 + delta_d2 * w34) * out_c1 * (1 - out_c1)  # (47)
    delta_c2 = (delta_d1 * w32 + delta_d2 * w35) * out_c2 * (1 - out_c2)  # (47)
    delta_c3 = (delta_d1 * w33 + delta_d2 * w36) * out_c3 * (1 - out_c3)  # (47)
    delta_b1 = (delta_c1 * w21 + delta_c2 * w25 + delta_c3 * w29) * out_b1 * (1 - out_b1)  # (47)
    delta_b2 = (delta_c1 * w22 + delta_c2 * w26 + delta_c3 * w2_10) * out_b2 * (1 - out_b2)  # (51)
    delta_b3 = (delta_c1 * w23 + delta_c2 * w27 + delta_c3 * w2_11) * out_b3 * (1 - out_b3)  # (51)
    delta_b4 = (delta_c1 * w24 + delta_c2 * w28 + delta_c3 * w2_12) * out_b4 * (1 - out_b4)  # (51)

    return E_total, {
        "w11": delta_b1 * out_a1,  # (48)
        "w12": delta_b1 * out_a2,  # (48)
        "w13": delta_b2 * out_a1,  # (48)
        "w14": delta_b2 * out_a2,  # (48)
        "w15": delta_b3 * out_a1,  # (48)
        "w16": delta_b3 * out_a2,  # (48)
        "w17": delta_b4 * out_a1,  # (48)
        "w18": delta_b4 * out_a2,  # (48)
        "w21": delta_c1 * out_b1,  # (48)
        "w22": delta_c1 * out_b2,  # (48)
        "w23": delta_c1 * out_b3,  # (48)
        "w24": delta_c1 * out_b4,  # (48)
        "w25": delta_c2 * out_b1,  # (48)
        "w26": delta_c2 * out_b2,  # (48)
        "w27": delta_c2 * out_b3,  # (48)
        "w28": delta_c2 * out_b4,  # (48)
        "w29": delta_c3 * out_b1,  # (48)
        "w2_10": delta_c3 * out_b2,  # (48)
        "w2_11": delta_c3 * out_b3,  # (48)
        "w2_12": delta_c3 * out_b4,  # (48)
        "w31": delta_d1 * out_c1,  # (48)
        "w32": delta_d1 * out_c2,  # (48)
        "w33": delta_d1 * out_c3,  # (48)
        "w34": delta_d2 * out_c1,  # (48)
        "w35": delta_d2 * out_c2,  # (48)
        "w36": delta_d2 * out_c3,  # (48)
    }


if __name__ == "__main__":
    # Numbers drawn at random: those of the document's worked example.
    example = {
        "out_a1": 0.85, "out_a2": 0.77, "target_d1": 0.43, "target_d2": 0.28,
    }
    parameters = {
        "w11": 0.02, "w12": -0.19, "w13": 0.57, "w14": -0.39, "w15": -0.05, "w16": 0.17,
        "w17": 0.82, "w18": 0.01, "w21": -0.44, "w22": 0.51, "w23": 0.24, "w24": -0.5, "w25": 0.82,
        "w26": 0.97, "w27": 0.62, "w28": 0.8, "w29": -0.38, "w2_10": 0.46, "w2_11": 0.8,
        "w2_12": 0.37, "w31": -0.06, "w32": -0.8, "w33": -0.13, "w34": 0.22, "w35": 0.83,
        "w36": 0.93,
    }
    error, slopes = gradients(**example, **parameters)
    print(f"E_total = {float(error):.9g}")
    for name, slope in slopes.items():
        print(f"dE_total/d{name} = {float(slope):.6g}")
