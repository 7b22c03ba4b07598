"""Networks that are stated as equations: a file of definitions, line by line."""
