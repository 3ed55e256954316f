"""Rules of the posture without a database."""
