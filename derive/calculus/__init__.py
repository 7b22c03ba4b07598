"""The mathematics: local derivatives, path products, deltas, steps, and their proof."""
