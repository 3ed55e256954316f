"""What is written to the log of the process, and how much of it."""

import logging


class Refused(logging.Filter):
    """A request that was refused is one line: whoever sends a wrong header is no error of ours, and may not fill the
    log with tracebacks.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.") and getattr(record, "status_code", 500) < 500:
            record.exc_info, record.exc_text = None, None
            if record.levelno > logging.WARNING:
                record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True
