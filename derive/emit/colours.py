"""The colours of ways through a network, the same in pictures and in formulas.

All can be read on white and on black; in pictures each is dashed in a way of its own, too.
"""

COLOURS = {"first": "0A69C7", "second": "C2410C", "third": "15803D", "fourth": "8B3FC4"}
"""Red, green and blue in hexadecimal digits, by the name of the style."""
