"""How text becomes words that can be found: every Han character is a word of its own, phrases are searched.

So a Chinese word of one, two or more characters is found exactly where its characters stand together, whatever
a segmenter would have made of the sentence. Latin words and numbers are found whole or by their beginning.
"""

import re
import unicodedata

from hutong.catalog.errors import BadQuery

MAX_QUERY = 200
_HAN = "\u2e80-\u2fdf\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_WORD = re.compile(f"[{_HAN}]|[^\\W_{_HAN}]+")
_PLACES = 16_000  # positions past 16,383 are cut by PostgreSQL
_VECTOR = 1_000_000  # bytes: a tsvector takes no more than 1,048,575
_AROUND = 6  # bytes that each word takes beside its own
_HAN_ONLY = re.compile(f"[{_HAN}]\\Z")


def words(text: str) -> list[str]:
    """The words of ``text`` in order: single Han characters, and runs of letters or digits in lower case.

    Of a run longer than any query its beginning is kept, which is as much as can be asked for.
    """
    return [each[:MAX_QUERY] for each in _WORD.findall(unicodedata.normalize("NFKC", text).casefold())]


def spaced(text: str) -> str:
    """``text`` as it is stored for searching."""
    return " ".join(words(text))


def phrases(query: str) -> list[tuple[list[str], bool]]:
    """The phrases of a query and whether the last word of each may go on (``dong`` finds ``dongcheng``).

    Words between blanks are one phrase; all phrases must be found. Raises ``BadQuery`` past ``MAX_QUERY``.
    """
    if len(query) > MAX_QUERY:
        raise BadQuery(reason=f"{len(query)} > {MAX_QUERY}", limit=MAX_QUERY)
    found = [words(part) for part in query.split()]
    return [(each, not _HAN_ONLY.match(each[-1])) for each in found if each]


def fts5(query: str) -> str:
    """The query in SQLite FTS5's language; empty when there is nothing to search for."""
    return " AND ".join(
        '"' + " ".join(each).replace('"', '""') + '"' + (" *" if goes_on else "")
        for each, goes_on in phrases(query)
    )


def tsquery(query: str) -> str:
    """The query as a PostgreSQL ``tsquery`` literal; empty when there is nothing to search for."""
    return " & ".join(
        "(" + " <-> ".join(map(_lexeme, each)) + (":*" if goes_on else "") + ")"
        for each, goes_on in phrases(query)
    )


def tsvector(title: str, body: str) -> str:
    """Title (weight A) and body (weight D) as a PostgreSQL ``tsvector`` literal, independent of any locale."""
    heads = words(title)
    placed = [(word, f"{place}A") for place, word in enumerate(heads, 1)]
    placed += [(word, str(place)) for place, word in enumerate(words(body), len(heads) + 2)]
    parts, room = [], _VECTOR
    for word, place in placed[:_PLACES]:
        room -= len(word.encode()) + _AROUND
        if room < 0:
            break
        parts.append(f"{_lexeme(word)}:{place}")
    return " ".join(parts)


def fragment(text: str, query: str, width: int = 60) -> tuple[tuple[str, bool], ...]:
    """A piece of ``text`` around the first place where a phrase of the query stands, in parts (text, found)."""
    for plain in (text, unicodedata.normalize("NFKC", text)):
        for each, goes_on in phrases(query):
            pattern = r"[\W_]*".join(map(re.escape, each)) + (r"\w*" if goes_on else "")
            found = re.search(pattern, plain, re.IGNORECASE)
            if found:
                begin, end = max(0, found.start() - width // 3), min(len(plain), found.end() + width)
                before = ("…" if begin else "") + plain[begin : found.start()]
                after = plain[found.end() : end] + ("…" if end < len(plain) else "")
                return ((before, False), (found[0], True), (after, False))
    return ((text[:width] + ("…" if len(text) > width else ""), False),)


def _lexeme(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
