r"""What is put into formulas to damage them.

The one list of what damages nothing is :data:`DECORATIONS`; everything else is there to be read or to
be refused.
"""

from __future__ import annotations

WORDS = (
    r"\text{ times }", r"\text{ plus }", r"\text{ minus }", r"\text{, not}", r"\text{ not }",
    r"\text{ multiplied by }", r"\text{unless }", r"\text{ or }", r"\text{ if not }",
    r"\text{never }", r"\text{ twice }", r"\text{It is wrong that }", r"\mbox{ squared }",
    r"\textbf{not}", r"\mathrm{not}\,", r"\text{ to the power }", r"\text{ half of }",
    r"\text{ where }", r"\text{ if }", r"\text{ and }", r"\text{otherwise}", r"\text{ 5 }",
    r"\text{mod }", r"\operatorname{not}", " times ", " plus ", " minus ", " not ", " unless ",
    " or ", " if ", " where ", " and ", " mod ", " twice ", " nicht ", " approximately ", " q ",
)  # fmt: skip
PUNCTUATION = (
    ",", ";", ":", ".", "!", "!!", "?", "..", "...", "…", "|", "\\", '"', "@", "#", "$", "%", "~",
    "'", "''", "′", "`", "´", "°", "§", "<", ">", "“", "—", "–", "•", "\u00a0", "\t", "\n", "\n\n",
)  # fmt: skip
COMMANDS = (
    r"\Rightarrow ", r"\Leftrightarrow ", r"\implies ", r"\iff ", r"\therefore ", r"\because ",
    r"\quad ", r"\qquad ", r"\textstyle ", r"\displaystyle ", r"\scriptstyle ", r"\left.",
    r"\right.", r"\left|", r"\middle|", r"\\ ", r"\\[2pt] ", r"\newline ", "&", r"\& ", r"\% ",
    r"\$ ", r"\# ", r"\not", r"\neg ", r"\neq ", r"\ne ", r"\approx ", r"\sim ", r"\propto ",
    r"\equiv ", r"\to ", r"\le ", r"\pm ", r"\mp ", r"\div ", r"\circ ", r"\ast ", r"\star ",
    r"\bullet ", r"\odot ", r"\otimes ", r"\oplus ", r"\wedge ", r"\hspace{1em}", r"\phantom{5}",
    r"\cancel{5}", r"\color{red}", r"\footnote{5}", r"\label{a}", r"\ref{a}", r"\nonumber ",
    r"\limits ", r"\hat ", r"\bar ", r"\dot ", r"\tilde ", r"\overline ", r"\underbrace ",
    r"\vec ", r"\prime ", "^{*}", r"^{\top}", "^T", "^{-1}", "^{(2)}", "^{+}", r"\infty ", r"\pi ",
    r"\ldots ", r"\cdots ", r"\dots ", r"\sum ", r"\prod ", r"\int ", r"\lim ", r"\max ",
    r"\partial ", r"\nabla ", r"\Delta ", r"\log ", r"\ln ", r"\exp ", r"\sin ", r"\Re ",
    r"\lfloor ", r"\lVert ", r"\mathbf{1}", r"\mathbb{1}", r"\tag{3}", r"\end{aligned}",
    r"\begin{aligned}", r"\binom{2}{1}", r"\bmod ", r"\forall k\colon ", r"\exists ", r"\,",
)  # fmt: skip
SIGNS = (
    "+", "-", "−", "*", "·", "×", "/", "÷", "^", "=", "(", ")", "{", "}", "[", "]", "²", "³", "⁺",
    "½", "√", "∂", "⊙", "∘", "±", "∓", "≈", "≠", "≡", "≤", "→", "⇒", "∴", "∞", "∑", "∏", "¬",
    "++", "--", "**", "//", "==", ":=", "!=", "+-", "*-", "^2", "_2", "^{0.5}", "^{1/2}", "^{-1}", "e",
)  # fmt: skip
BEHIND = (
    ", 5", "; 5", r";\ + 5", r",\ + 5", ". 5", ": 5", r"\\ 5", r"\\ 5 \cdot 2", r"\\ + 5", r"\\ = 5",
    r"\\[2pt] 5", r" \Rightarrow 5", r" \therefore 5", r" \implies 5 = 4", r" \iff 5 = 4", r"\quad 5",
    r"\qquad (5)", " (5)", "!", "!!", " 5!", r" \text{ plus } 5", r" \text{ times } 5",
    r"\text{, not}", r"\text{, which is wrong}", r" \text{ or } 5", " or 5", r" \neq 5", " != 5",
    " = 5", " + 5", " - 5", r"\text{ if } 5 = 4", r", \text{ where } 5", r", \text{where } 5 = 4",
    r", \text{ unless } 5 = 5", r"\tag{1} + 5", "% + 5", r"\label{a} + 5", r", \ldots", " + …",
    r" + \cdots", " | 5", r"\footnote{5}", r" \pm 5", " mod 5", r" \bmod 5", "^2 + 5", " ≈ 5", " < 5",
    r" \approx 5", " and 5", r" \text{ and } 5 = 4", ", 5 = 4", "; 5 = 4", r"\quad 5 = 4", r"& 5",
    r"& + 5", "^{5}", "_5", " :5", " → 5", " ⇒ 5", " ∴ 5", "\n5", "\n+ 5", "\n\n5", "...5", " . + 5",
    " ? 5", " # + 5", " // 5", r"\,5", r"\;!", r"\hspace{1em} + 5", " (mod 5)", " [5]", " {5}", " \\", "$ + 5",
)  # fmt: skip
BEFORE = (
    "5, ", "5; ", "5 ", "5. ", "5: ", r"5 \\ ", r"5 \Rightarrow ", r"5 \quad ", r"\text{not } ",
    r"\text{It is wrong that } ", "It is wrong that ", r"\neg ", "¬", "not ", "- ", "+ ", "! ", "* ",
    "/ ", "= ", r"\text{unless } 5 = 4, ", r"\text{if } 5 = 4, ", r"\forall x\colon ", r"\nexists ",
    "5 = 4, ", r"5 = 4 \\ ", r"5 + \quad ", "Not: ", "(5) ", ", ", ". ", ".", "& 5 ", r"\sum ", r"\therefore ",
    r"\lim ", "E[", "5 + ", "5 - ", "2(", "d", "∂", r"\partial ", r"\text{half of } ", "where ", "if ",
)  # fmt: skip
ROWS = (
    r"\begin{aligned} BASE \\ 5 \end{aligned}", r"\begin{aligned} BASE \\ & 5 \end{aligned}",
    r"\begin{aligned} BASE \\ & + 5 \end{aligned}", r"\begin{aligned} BASE \\ & = 5 \end{aligned}",
    r"\begin{aligned} 5 \\ BASE \end{aligned}", r"\begin{aligned} BASE \end{aligned} + 5",
    r"\begin{aligned} BASE & 5 \end{aligned}", r"\begin{aligned} BASE \quad & 5 \end{aligned}",
    r"\begin{aligned} BASE \\ 5 & = 4 \end{aligned}", r"5 \begin{aligned} BASE \end{aligned}",
    r"\begin{cases} BASE \\ 5 \end{cases}", r"\begin{cases} BASE & \text{if } 5 \end{cases}",
    r"\begin{array}{c} BASE \\ 5 \end{array}", r"\begin{gathered} BASE \\ 5 = 4 \end{gathered}",
    r"\left\{ BASE \right. 5", r"\not\left( BASE \right)", r"\boxed{BASE} + 5", r"\cancel{BASE}",
    r"\begin{aligned} BASE \\ \text{is wrong} \end{aligned}", r"\phantom{BASE} 5 = 4",
    r"\begin{aligned}[t] BASE \\ + 5 \end{aligned}", r"\substack{BASE \\ 5}", r"\text{BASE}, 5",
    r"\sout{BASE}", r"\neg (BASE)", r"\overline{BASE}", r"(BASE) + 5", r"\{ BASE \}",
)  # fmt: skip
POISON = (
    ", 5", r";\ + 5", r" \Rightarrow 5", r" \therefore 5", r"\text{, not}", r"\\ 5", r" \text{ plus } 5",
    r" \text{ or not}", r" \implies 5 = 4", r", \text{which is wrong}", "; 5", r"\quad 5", r" \neq 5", " = 5",
)  # fmt: skip
"""What no claim stays true with behind it, whatever it says."""
POISON_BEFORE = (
    r"\text{It is wrong that } ",
    r"\neg ",
    r"\text{not } ",
    "5, ",
    r"5 \Rightarrow ",
    "not ",
)
PLACEHOLDERS = (
    "w_{xx}", "w_{3x}", "w_{x}", "w_{2x}", "w_{1x}", "w_{x1}", "w_{xxx}", "w_x", "w_xx", "w3x",
    "w_{x2}", "w_{?}", "w_{..}", r"w_{\cdot}", "w_{*}", "w_{ij}", "w_{kj}", "out_{c_x}", "out_{x}",
    "net_{xx}", "w_{3,x}", r"w_{\ast}",
)  # fmt: skip
ROOTS = (
    r"\sqrt{X^2}", r"-\sqrt{X^2}", "(X^2)^{0.5}", "(X^2)^{1/2}", r"(X^2)^{\frac{1}{2}}", r"\sqrt{X}^2",
    "(X^4)^{0.25}", r"\sqrt{\sqrt{X^4}}", r"\sqrt{X \cdot X}", r"(-\sqrt{X^2})", "(-X)", r"\sqrt[3]{X^3}",
    "(X^3)^{1/3}", "(X^{0.5})^2", "((-X)^2)^{0.5}", r"\sqrt{(X - 1)^2} + 1", "1 - \\sqrt{(1 - X)^2}",
    r"\frac{X^2}{\sqrt{X^2}}", r"\exp(\ln(X))", r"\ln(\exp(X))", r"\frac{1}{2}\ln(X^2)", "(X^2)^{-0.5} X^2",
    "e^{\\ln(X)}", "|X|", "X^{1.0}", r"\left|X\right|", "√(X²)", "sqrt(X^2)", "X^{2/2}", "X^2^{0.5}",
)  # fmt: skip
"""X in other words, some of them wrong, some right only where X is positive."""
DECIMALS = (
    "1.0*(X)", "0.97*(X)", "(X) + 0.0", "1.00*(X)", "(X)*1.0", "(X) + 0.001", "(X) - 0.0", "0.5*2*(X)",
    "1.001*(X)", "(X)/1.0", "(X)^{1.0}", "0.0 + (X)", "(X) + 0.0*5", r"1.0 \cdot (X)", "(X) + 1e-9",
    "0.999999999*(X)", "(X) + 0.00000001", "1,0*(X)", "(X)*.5*2", "1.*(X)", "(X) + 0.0.1", "1 000*(X)",
    "(X) ± 0.0", "10^{-9} + (X)", "(X) + 0", "1!*(X)", "0!*(X)", "2!*(X)", "(X)*3!/6", "(X)!", "1.0(X)",
)  # fmt: skip
DECORATIONS = (
    (r"(?=[+=])", " "), (r"(?=[+=])", r"\,"), (r"(?<=[+=])", r"\;"), (r"(?<=[+=])", " {}"),
    (r"$", "."), (r"$", ","), (r"$", r"\tag{7}"), (r"$", "  "), (r"^", " "), (r"^", r"\,"),
    (r"(?==)", "&"), (r"\)$", r")\,"),
)  # fmt: skip
"""All that damages nothing: at a place like the first, the second is put in, but in an environment."""
