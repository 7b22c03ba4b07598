"""Reading formulas: from text to trees, by names that it knows through a protocol only."""
