"""How formulas are written: from trees to pieces, and from pieces to lines."""
