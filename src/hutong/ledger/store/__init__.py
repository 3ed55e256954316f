"""The log in the database: appending, integrating, reading, and the keys in the home folder."""
