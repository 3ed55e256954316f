"""Full-text search over the index: SQLite FTS5 or PostgreSQL, words as the catalog makes them."""

from collections.abc import Sequence
from typing import Final

from django.db import connection

from hutong.catalog.api import words
from hutong.kernel.db import is_sqlite

_RANKED: Final = 2_000  # up to this many results are ranked by how well they fit


def put(package: int, title: str, body: str, *, new: bool = False) -> None:
    """Make a package findable, in the caller's transaction."""
    with connection.cursor() as cursor:
        if is_sqlite():
            if not new:
                cursor.execute("DELETE FROM portal_fts WHERE rowid = %s", [package])
            cursor.execute(
                "INSERT INTO portal_fts (rowid, title, body) VALUES (%s, %s, %s)",
                [package, words.spaced(title), words.spaced(body)],
            )
        else:
            cursor.execute(
                "INSERT INTO portal_searchtext (package_id, words) VALUES (%s, %s::tsvector)"
                " ON CONFLICT (package_id) DO UPDATE SET words = excluded.words",
                [package, words.tsvector(title, body)],
            )


def put_new(texts: Sequence[tuple[int, str, str]]) -> None:
    """Make packages findable that were not there before: each with its title and its other words."""
    with connection.cursor() as cursor:
        if is_sqlite():
            cursor.executemany(
                "INSERT INTO portal_fts (rowid, title, body) VALUES (%s, %s, %s)",
                [(package, words.spaced(title), words.spaced(body)) for package, title, body in texts],
            )
        else:
            cursor.executemany(
                "INSERT INTO portal_searchtext (package_id, words) VALUES (%s, %s::tsvector)",
                [(package, words.tsvector(title, body)) for package, title, body in texts],
            )


def drop(package: int) -> None:
    """Make a package unfindable."""
    table, key = ("portal_fts", "rowid") if is_sqlite() else ("portal_searchtext", "package_id")
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE {key} = %s", [package])


def matching(query: str) -> list[int]:
    """Ids of the packages that hold every phrase of ``query``, best first.

    Where very many match, those with the words in their title come first and nothing is ranked further.
    """
    asked = words.fts5(query) if is_sqlite() else words.tsquery(query)
    if not asked:
        return []
    return _sqlite(asked) if is_sqlite() else _postgresql(asked)


def _sqlite(asked: str) -> list[int]:
    every = _ids("SELECT rowid FROM portal_fts WHERE portal_fts MATCH %s", [asked])
    if len(every) <= _RANKED:
        ranked = (
            "SELECT rowid FROM portal_fts WHERE portal_fts MATCH %s ORDER BY bm25(portal_fts, 10, 1), rowid"
        )
        return _ids(ranked, [asked])
    titled = _ids("SELECT rowid FROM portal_fts WHERE portal_fts MATCH %s", [f"{{title}} : ({asked})"])
    first = set(titled)
    return [*titled, *(each for each in every if each not in first)]


def _postgresql(asked: str) -> list[int]:
    return _ids(
        "SELECT package_id FROM portal_searchtext WHERE words @@ %s::tsquery"
        " ORDER BY ts_rank(words, %s::tsquery) DESC, package_id",
        [asked, asked],
    )


def _ids(sql: str, params: list[str]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [found for (found,) in cursor.fetchall()]
