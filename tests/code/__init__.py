"""Generated code: what it computes, what it costs, how it reads."""
