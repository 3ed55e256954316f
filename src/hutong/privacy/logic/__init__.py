"""Pure functions: the shape of a question, its SQL, its noise and its error."""
