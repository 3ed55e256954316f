"""Where tables live: the Iceberg catalog over Django's connection, commits, queries, tidying."""
