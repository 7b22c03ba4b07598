"""Greek letters: the names of their LaTeX commands and the characters."""

from __future__ import annotations

GREEK = {
    "delta": "δ", "sigma": "σ", "eta": "η", "alpha": "α", "varphi": "φ", "phi": "φ",
    "epsilon": "ε", "varepsilon": "ε", "theta": "θ", "lambda": "λ", "beta": "β", "gamma": "γ",
    "mu": "μ", "xi": "ξ", "rho": "ρ", "tau": "τ", "psi": "ψ", "omega": "ω", "zeta": "ζ",
    "kappa": "κ", "nu": "ν", "pi": "π", "chi": "χ", "vartheta": "θ", "Delta": "Δ", "Theta": "Θ",
    "iota": "ι", "upsilon": "υ", "ell": "ℓ", "varsigma": "ς", "Omega": "Ω",
}  # fmt: skip
"""Commands without their backslash; ℓ, which is no Greek letter, is used like one."""
