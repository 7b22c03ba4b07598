"""From the grammar's rules to written formulas: the callbacks of the parser, kind by kind."""
