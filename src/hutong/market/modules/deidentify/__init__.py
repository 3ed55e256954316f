"""Personal and organisational identifiers in texts and tables, masked, hashed or replaced."""
