"""Numbers: the forward pass, three independent gradients, and what sets them apart."""
