"""Search over the catalog: SQLite FTS5 or PostgreSQL, one behaviour (tests/catalog/test_search.py runs on both)."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection

from hutong.catalog.logic import words
from hutong.catalog.models import SearchText
from hutong.kernel.db import is_sqlite


class Text(NamedTuple):
    """What an entry is found by."""

    urn: str
    title: str
    body: str


def put(urn: str, title: str, body: str) -> None:
    """Make an entry findable, in the caller's transaction."""
    put_many([Text(urn, title, body)])


def put_many(texts: Sequence[Text]) -> None:
    """Make entries findable, in one write."""
    _drop([each.urn for each in texts])
    with connection.cursor() as cursor:
        if is_sqlite():
            cursor.executemany(
                "INSERT INTO catalog_fts (urn, title, body) VALUES (%s, %s, %s)",
                [(urn, words.spaced(title), words.spaced(body)) for urn, title, body in texts],
            )
            return
        cursor.executemany(
            "INSERT INTO catalog_searchtext (urn, title, body, words) VALUES (%s, %s, %s, %s::tsvector)",
            [(urn, title, body, words.tsvector(title, body)) for urn, title, body in texts],
        )


def drop(urn: str) -> None:
    """Make an entry unfindable."""
    _drop([urn])


def _drop(urns: Sequence[str]) -> None:
    """SQLite reads the whole of its index to find a name: once for all of them."""
    if is_sqlite():
        with connection.cursor() as cursor:
            names = ", ".join(["%s"] * len(urns))
            cursor.execute(f"DELETE FROM catalog_fts WHERE urn IN ({names})", list(urns))
        return
    SearchText.objects.filter(urn__in=urns).delete()


def matching(query: str) -> Sequence[str]:
    """URNs of the entries that hold every phrase of ``query``, best first: words of the title count tenfold."""
    if is_sqlite():
        sql = (
            "SELECT urn FROM catalog_fts WHERE catalog_fts MATCH %s"
            " ORDER BY bm25(catalog_fts, 0, 10, 1), urn LIMIT 5000"
        )
        asked = [words.fts5(query)]
    else:
        sql = (
            "SELECT urn FROM catalog_searchtext WHERE words @@ %s::tsquery"
            " ORDER BY ts_rank(words, %s::tsquery) DESC, urn LIMIT 5000"
        )
        asked = [words.tsquery(query)] * 2
    if not asked[0]:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return [urn for (urn,) in cursor.fetchall()]
