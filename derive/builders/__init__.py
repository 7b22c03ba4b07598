"""From what a user stated to a model; one family a file."""
