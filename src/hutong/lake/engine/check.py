"""Running a contract over staged rows: one pass for what a row decides, a query each for what rows decide together.

The pass writes the sound rows to a data file (see ``pour``); what is asked of all rows together is asked of that file,
where a row is known by its position. Rows found wanting so are taken out at the end.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from hutong.kernel.text import Text
from hutong.lake.engine import duck, geometry, lines, pour, write
from hutong.lake.engine.pour import Noted
from hutong.lake.engine.stage import Staged, again
from hutong.lake.logic import plan, problems
from hutong.lake.logic.problems import EMPTIED, FORMATS, MEANINGS, QUARANTINED, Kind, Meaning
from hutong.lake.logic.sql import ident, literal
from hutong.lake.types import Breach, ColumnType, Contract, Finding, Rule

TableSql = Callable[[str], str]
_QUIET = {Kind.EMPTY, Kind.BREAKS, *FORMATS}
_NOTED = {Kind.MARK, Kind.EMPTY, Kind.BREAKS, Kind.UNIT_TEXT}
_OUTCOME = {0: "noted", EMPTIED: "emptied", QUARANTINED: "quarantined"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the check found."""

    rows_in: int
    rows_good: int
    rows_bad: int
    duplicates: int
    findings: tuple[Finding, ...]


class Check:
    """One run over a connection; the sound rows lie in ``file``, the others in its table ``held``."""

    def __init__(
        self,
        connection: Any,
        contract: Contract,
        staged: Staged,
        table_sql: TableSql,
        *,
        file: Path,
        field_ids: Mapping[str, int],
    ) -> None:
        self.connection, self.contract, self.staged, self.table_sql = connection, contract, staged, table_sql
        self.file, self.field_ids = file, field_ids
        self.findings: list[Finding] = []
        self.names = ", ".join(ident(each.name) for each in plan.schema(contract))
        self.tally = pour.Tally()
        self._numbered = False

    def run(self, existing: str = "") -> Outcome:
        """Check everything; ``existing`` selects the rows that the table keeps (append)."""
        self._read()
        self.connection.execute("SET parquet_metadata_cache = true")
        self.connection.execute("CREATE OR REPLACE TEMP TABLE late (pos BIGINT, code VARCHAR, part VARCHAR)")
        self._count_source()
        self._count_values()
        self._count_row_rules()
        duplicates = self._keys(existing)
        for rule in self.contract.rules:
            if rule.kind != "check":
                self._late_rule(rule)
        late = self._one("SELECT count(DISTINCT pos) FROM late")[0]
        broken = self._one("SELECT count(DISTINCT line) FROM rejects")[0] if self.staged.rejects else 0
        good, bad = self.tally.sound - late, self.tally.bad + late + broken
        return Outcome(
            rows_in=good + bad,
            rows_good=good,
            rows_bad=bad,
            duplicates=duplicates,
            findings=tuple(self.findings),
        )

    @property
    def good(self) -> str:
        """The sound rows, typed and in the order of the source."""
        return f"SELECT {self.names} FROM {self.sound}"

    def finish(self) -> Path:
        """The file of the sound rows, without those that only the rows together showed to be none."""
        if not self._one("SELECT count(*) FROM late")[0]:
            return self.file
        target = self.file.with_suffix(".kept.parquet")
        found = self.connection.execute("SELECT DISTINCT pos FROM late ORDER BY pos").fetchnumpy()["pos"]
        rows = write.group(self.staged.row_bytes, duck.limit(self.connection))
        pour.without(self.connection, self.file, target, self.field_ids, positions=found, rows=rows)
        self.connection.execute("DELETE FROM late")
        self.file.unlink()
        self.file = target
        return target

    @property
    def sound(self) -> str:
        """FROM and WHERE of the rows that no rule has put aside so far; ``#pos`` is a row's position in the file."""
        late = self._one("SELECT count(*) FROM late")[0]
        return f"{self.whole} WHERE " + ('"#pos" NOT IN (SELECT pos FROM late)' if late else "true")

    @property
    def whole(self) -> str:
        return f'(SELECT *, file_row_number AS "#pos" FROM read_parquet({literal(str(self.file))}))'

    def _one(self, select: str, table: str = "") -> Any:
        return self.connection.execute(f"{select} FROM {table}" if table else select).fetchone()

    def _read(self) -> None:
        contract, header = self.contract, self.staged.header
        raw = {}
        for each in contract.columns:
            if each.name in contract.source.constants:
                raw[each.name] = literal(contract.source.constants[each.name])
            elif each.name in header.mapping:
                raw[each.name] = ident(f"r:{header.mapping[each.name]}")
            else:
                raw[each.name] = "NULL::VARCHAR"
        for column in contract.columns:
            if column.type is ColumnType.GEOMETRY:
                geometry.register(self.connection)
        repeated = (
            again(header, sorted(header.mapping.values())) if self.staged.format in ("csv", "excel") else []
        )
        query = plan.checked(contract, self.staged.sql, raw, repeated)
        self.connection.execute("DROP TABLE IF EXISTS rejects; DROP TABLE IF EXISTS reject_scans")
        self.tally = pour.Pour(self.connection, contract, self.staged).run(query, self.file, self.field_ids)
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE gaps AS SELECT before, max(number) AS dropped FROM (SELECT"
            " row_number() OVER (ORDER BY rid) AS number, rid - number + 1 AS before FROM dropped) GROUP BY before"
        )

    # what the source itself shows

    def _count_source(self) -> None:
        header = self.staged.header
        if header.index:
            said = problems.PREAMBLE.what.format(count=header.index)
            self._add(problems.PREAMBLE, "", header.index, "noted", said)
        for name in header.extra if self.contract.source.extra == "warn" else ():
            said = problems.EXTRA_COLUMN.what.format(name=name)
            self._add(problems.EXTRA_COLUMN, name, 1, "noted", said)
        for k, meaning in ((1, problems.REPEATED_HEADER), (2, problems.BLANK)):
            met = self.tally.kinds.get(k, Noted())
            if met.count:
                self._add(meaning, "", met.count, "noted", meaning.what, rows=self._rows(met.first))
        if self.staged.rejects:
            ragged = self.connection.execute(
                "SELECT error_type, count(DISTINCT line), min(line, 5) FROM rejects GROUP BY 1 ORDER BY 1"
            )
            for kind, count, lines in ragged.fetchall():
                said = problems.RAGGED.what.format(reason=kind.lower())
                self._add(
                    problems.RAGGED,
                    kind.lower().replace(" ", "-"),
                    count,
                    "quarantined",
                    said,
                    rows=tuple(lines),
                )

    def _add(
        self,
        meaning: Meaning,
        part: str,
        count: int,
        outcome: Any,
        what: Text,
        *,
        rows: Sequence[int] = (),
    ) -> None:
        self.findings.append(
            Finding(meaning.code, part, count, outcome, meaning.dimension, what, meaning.fix, tuple(rows))
        )

    def _rows(self, rids: Sequence[int]) -> tuple[int, ...]:
        return tuple(self.row_numbers(rids).values())

    def _rows_at(self, positions: Sequence[int] | None) -> tuple[int, ...]:
        """Of rows of the file, the numbers in the source."""
        gap = "SELECT coalesce(max(dropped), 0) FROM gaps WHERE before <= "
        return self._rows([each + self._one(f"{gap}{each}")[0] for each in positions or ()])

    def row_numbers(self, rids: Sequence[int]) -> Mapping[int, int]:
        """The rows' numbers in the source: rows that could not be split count too, and blank lines."""
        if not rids:
            return {}
        self.skipped()
        first = self.staged.first_row
        count = "SELECT count(*) FROM skipped WHERE before <="
        return {rid: rid + first + self._one(f"{count} {rid + first}")[0] for rid in rids}

    def skipped(self) -> None:
        """Fill the table ``skipped``: before which number of the rows read there is another that was not read."""
        if self._numbered:
            return
        self._numbered = True
        self.connection.execute("CREATE OR REPLACE TEMP TABLE missed (line BIGINT)")
        broken = 0
        if self.staged.rejects:
            broken = self.connection.execute(
                "INSERT INTO missed SELECT DISTINCT line FROM rejects"
            ).fetchone()[0]
        if self.staged.text is not None:
            found, others = lines.blank(self.staged.text)
            # Quotes that open nothing mislead the count of lines; then no blank line is reckoned with.
            if len(found) and others == self.tally.rows + broken + self.staged.first_row - 1:
                self.connection.register("blank_lines", pa.table({"line": found}))
                self.connection.execute("INSERT INTO missed SELECT line FROM blank_lines")
                self.connection.unregister("blank_lines")
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE skipped AS"
            " SELECT line - row_number() OVER (ORDER BY line) + 1 AS before FROM missed"
        )

    # what a value or a row decides

    def _count_values(self) -> None:
        for column in self.contract.columns:
            met = self.tally.faults.get(column.name, {})
            formats = {Kind(n): each.count for n, each in met.items() if n < EMPTIED and Kind(n) in FORMATS}
            self._formats(column.name, formats)
            for number in sorted(met):
                level = number - number % EMPTIED
                kind = Kind(number - level)
                if kind in FORMATS:
                    continue
                meaning = replace(MEANINGS[kind], fix=problems.say(MEANINGS[kind].fix, column))
                outcome = "warned" if level == 0 and kind not in _NOTED else _OUTCOME[level]
                said = problems.say(meaning.what, column)
                rows = () if kind in _QUIET else self._rows(met[number].first)
                self._add(meaning, column.name, met[number].count, outcome, said, rows=rows)

    def _formats(self, column: str, counted: Mapping[Kind, int]) -> None:
        """More than one way to write a date in one column: all but the commonest are counted."""
        if len(counted) < 2:
            return
        usual = max(counted, key=lambda kind: counted[kind])
        for kind, count in counted.items():
            if kind is not usual:
                meaning = MEANINGS[kind]
                said = problems.say(meaning.what, self.contract.column(column))
                self._add(meaning, column, count, "noted", said)

    def _count_row_rules(self) -> None:
        for place, rule in enumerate(plan.row_rules(self.contract)):
            if place in self.tally.rules:
                met = self.tally.rules[place]
                self._broken_rule(rule, met.count, self._rows(met.first))

    def _broken_rule(self, rule: Rule, count: int, rows: Sequence[int]) -> None:
        outcome = "quarantined" if rule.breach is Breach.QUARANTINE else "warned"
        meaning = Meaning(f"rule-{rule.kind}", rule.dimension, rule.because)
        self._add(meaning, rule.id, count, outcome, rule.because, rows=rows)

    # what rows decide together

    def _keys(self, existing: str) -> int:
        if not self.contract.key:
            return 0
        key = ", ".join(ident(name) for name in self.contract.key)
        count = self._duplicates(key, self.contract.keep, problems.DUPLICATE_KEY.code, key="key")
        named = "、".join(self.contract.key)
        if count:
            found = self._one(
                f"SELECT min(pos, 5) FROM late WHERE code = {literal(problems.DUPLICATE_KEY.code)}"
            )[0]
            said = problems.DUPLICATE_KEY.what.format(key=named)
            self._add(
                problems.DUPLICATE_KEY,
                ",".join(self.contract.key),
                count,
                "quarantined",
                said,
                rows=self._rows_at(found),
            )
        if existing:
            same = " AND ".join(f"e.{ident(name)} = c.{ident(name)}" for name in self.contract.key)
            taken = self._late(
                f'SELECT "#pos" FROM (SELECT "#pos", {key} FROM {self.sound}) c'
                f" WHERE EXISTS (SELECT 1 FROM ({existing}) e WHERE {same})",
                problems.KEY_TAKEN.code, ",".join(self.contract.key),
            )  # fmt: skip
            if taken[0]:
                said = problems.KEY_TAKEN.what.format(key=named)
                self._add(
                    problems.KEY_TAKEN,
                    ",".join(self.contract.key),
                    taken[0],
                    "quarantined",
                    said,
                    rows=self._rows_at(taken[1]),
                )
                count += taken[0]
        return count

    def _duplicates(self, columns: str, keep: str, code: str, *, key: str, quarantine: bool = True) -> int:
        """Put aside all but the kept one of rows that agree in ``columns``; returns how many."""
        chosen = {"first": 'min("#pos")', "last": 'max("#pos")', "none": "-1"}[keep]
        self.connection.execute(
            f'CREATE OR REPLACE TEMP TABLE twice AS SELECT {columns}, {chosen} AS "#kept"'
            f' FROM (SELECT "#pos", {columns} FROM {self.sound})'
            f" GROUP BY {columns} HAVING count(*) > 1"
        )
        if not self._one("SELECT count(*) FROM twice")[0]:
            return 0
        query = (
            f'SELECT "#pos" FROM (SELECT "#pos", {columns} FROM {self.sound}) c JOIN twice USING ({columns})'
            ' WHERE "#pos" <> "#kept"'
        )
        if not quarantine:
            return int(self._one(f"SELECT count(*) FROM ({query})")[0])
        part = ",".join(self.contract.key) if key == "key" else key
        return self._late(query, code, part)[0]

    def _late(self, query: str, code: str, part: str) -> tuple[int, Sequence[int]]:
        self.connection.execute(
            f'INSERT INTO late SELECT "#pos", {literal(code)}, {literal(part)} FROM ({query})'
        )
        found = self._one(
            f"SELECT count(*), min(pos, 5) FROM late WHERE code = {literal(code)} AND part = {literal(part)}"
        )
        return found[0], found[1] or ()

    def _late_rule(self, rule: Rule) -> None:
        if rule.kind == "unique":
            columns = ", ".join(ident(name) for name in rule.columns)
            count = self._duplicates(
                columns, "first", "rule-unique", key=rule.id, quarantine=rule.breach is Breach.QUARANTINE
            )
            if count:
                self._broken_rule(rule, count, ())
            return
        query = {"rises": self._falling, "refers": self._unknown, "inside": self._outside}[rule.kind](rule)
        if rule.breach is Breach.QUARANTINE:
            count, found = self._late(query, f"rule-{rule.kind}", rule.id)
        else:
            count, found = self._one(f'SELECT count(*), min("#pos", 5) FROM ({query})')
        if count:
            self._broken_rule(rule, count, self._rows_at(found))

    def _falling(self, rule: Rule) -> str:
        per = f"PARTITION BY {', '.join(ident(name) for name in rule.per)} " if rule.per else ""
        column, order = ident(rule.column), ident(rule.order)
        return (
            f'SELECT "#pos" FROM (SELECT "#pos", {column} < lag({column} IGNORE NULLS)'
            f' OVER ({per}ORDER BY {order}, "#pos") AS "#fell" FROM {self.sound}) WHERE "#fell"'
        )

    def _unknown(self, rule: Rule) -> str:
        mine = [ident(name) for name in rule.columns]
        same = " AND ".join(f"o.{ident(to)} = c.{name}" for name, to in zip(mine, rule.to, strict=True))
        filled = " AND ".join(f"c.{name} IS NOT NULL" for name in mine)
        known = ""
        if rule.among:
            to = dict(zip(rule.columns, rule.to, strict=True))
            met = " AND ".join(f"o.{ident(to[name])} = c.{ident(name)}" for name in rule.among)
            known = f" AND EXISTS (SELECT 1 FROM other o WHERE {met})"
        return (
            f'WITH other AS ({self.table_sql(rule.table)}) SELECT "#pos" FROM (SELECT "#pos", {", ".join(mine)}'
            f" FROM {self.sound}) c WHERE {filled} AND NOT EXISTS (SELECT 1 FROM other o WHERE {same}){known}"
        )

    def _outside(self, rule: Rule) -> str:
        geometry.load_spatial(self.connection)
        lon, lat = ident(rule.lon), ident(rule.lat)
        named = f", {ident(rule.column)} AS area" if rule.column else ""
        points = (
            f'SELECT "#pos", ST_Point({lon}, {lat}) AS at{named} FROM {self.sound}'
            f" AND {lon} IS NOT NULL AND {lat} IS NOT NULL"
        )
        to, other = ident(rule.to[0]), self.table_sql(rule.table)
        areas = (
            f"SELECT {to} AS area, ST_GeomFromWKB({ident(geometry.blob_of(self.connection, other))}) AS shape"
            f" FROM ({other})"
        )
        met = "ST_Contains(a.shape, p.at)" + (" AND a.area = p.area" if rule.column else "")
        known = " AND p.area IN (SELECT area FROM areas)" if rule.column else ""
        return (
            f'WITH points AS ({points}), areas AS MATERIALIZED ({areas}) SELECT "#pos" FROM points p'
            f" WHERE NOT EXISTS (SELECT 1 FROM areas a WHERE {met}){known}"
        )
