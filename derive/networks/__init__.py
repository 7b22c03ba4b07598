"""Networks: what a user may choose, read and checked."""
