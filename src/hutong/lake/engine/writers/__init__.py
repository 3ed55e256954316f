"""Bodies of any size: record batches in, bytes out, a bounded part of them in memory."""
