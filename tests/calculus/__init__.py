"""The calculus: derivatives, sizes, ranges, roots, and their proof."""
