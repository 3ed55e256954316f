"""From a source to checked, typed rows: sniffing, staging, checking, profiling, writing. Knows no database."""
