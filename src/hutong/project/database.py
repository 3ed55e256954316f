"""Which database: SQLite in the home folder, or PostgreSQL by its address."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from hutong.kernel import settings as declared


def databases(home: Path) -> dict[str, dict[str, Any]]:
    """Django's DATABASES."""
    address = declared.value("HUTONG_DATABASE_URL")
    return {"default": _postgresql(str(address)) if address else _sqlite(home)}


def _sqlite(home: Path) -> dict[str, Any]:
    home.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": home / "hutong.db",
        "OPTIONS": {
            # A deferred transaction that reads and then writes fails under concurrent writers.
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            # What was acknowledged, log entries above all, survives a power cut: every commit waits for the disk.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                " PRAGMA cache_size=-16000; PRAGMA mmap_size=134217728; PRAGMA temp_store=MEMORY;"
            ),
        },
        "CONN_MAX_AGE": None,
        "TEST": {"NAME": home / "test.db"},
    }


def _postgresql(address: str) -> dict[str, Any]:
    parts = urlsplit(address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": "hutong"},
    }
