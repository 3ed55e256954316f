"""Company names and their short forms, matched."""
