"""How sound the checker is: tens of thousands of right and wrong claims, counted by what was said."""
