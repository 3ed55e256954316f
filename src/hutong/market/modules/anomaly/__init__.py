"""Values of a series that do not fit its season and level, with the reason."""
