"""Running a contract over staged rows: one pass for what a row decides, a query each for what rows decide together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from hutong.kernel.errors import Place
from hutong.kernel.text import Text
from hutong.lake.engine import geometry
from hutong.lake.engine.stage import Staged, again
from hutong.lake.errors import BadSource
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
    """What the check found. ``good`` selects the sound rows, typed and in the order of the source."""

    rows_in: int
    rows_good: int
    rows_bad: int
    duplicates: int
    findings: tuple[Finding, ...]
    good: str


class Check:
    """One run over a connection; the checked rows are its temporary table ``checked``."""

    def __init__(self, connection: Any, contract: Contract, staged: Staged, table_sql: TableSql) -> None:
        self.connection, self.contract, self.staged, self.table_sql = connection, contract, staged, table_sql
        self.findings: list[Finding] = []
        self.names = ", ".join(ident(each.name) for each in plan.schema(contract))

    def run(self, existing: str = "") -> Outcome:
        """Check everything; ``existing`` selects the rows that the table keeps (append)."""
        self._read()
        self.connection.execute("CREATE OR REPLACE TEMP TABLE late (rid BIGINT, code VARCHAR, part VARCHAR)")
        self._count_source()
        self._count_values()
        self._count_row_rules()
        duplicates = self._keys(existing)
        for rule in self.contract.rules:
            if rule.kind != "check":
                self._late_rule(rule)
        total, blank, bad = self._one(
            "SELECT count(*), count_if(k <> 0), count_if(k = 0 AND (bad OR rowid IN (SELECT rid FROM late)))"
            if self._one("SELECT count(*) FROM late")[0]
            else "SELECT count(*), count_if(k <> 0), count_if(k = 0 AND bad)",
            "checked",
        )
        broken = self._one("SELECT count(DISTINCT line) FROM rejects")[0] if self.staged.rejects else 0
        rows_in = total - blank + broken
        return Outcome(
            rows_in=rows_in,
            rows_good=rows_in - bad - broken,
            rows_bad=bad + broken,
            duplicates=duplicates,
            findings=tuple(self.findings),
            good=f"SELECT {self.names} FROM {self.sound}",
        )

    @property
    def sound(self) -> str:
        """FROM and WHERE of the rows that no rule has put aside so far."""
        late = self._one("SELECT count(*) FROM late")[0]
        return "checked WHERE NOT bad AND k = 0" + (
            " AND rowid NOT IN (SELECT rid FROM late)" if late else ""
        )

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
        try:
            self.connection.execute(f"CREATE OR REPLACE TEMP TABLE checked AS {query}")
        except (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.IOException) as error:
            said = str(error).split("\n", 1)[0][:400]
            raise BadSource(place=Place(file=self.staged.header.names[0]), reason=said) from error

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
            count, rids = self._one(f"SELECT count(*), min(rowid, 5) FROM checked WHERE k = {k}")
            if count:
                self._add(meaning, "", count, "noted", meaning.what, rows=self._rows(rids))
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

    def _rows(self, rids: Sequence[int] | None) -> tuple[int, ...]:
        return tuple(self.row_numbers(rids or ()).values())

    def row_numbers(self, rids: Sequence[int]) -> Mapping[int, int]:
        """The rows' numbers in the source: rows that could not be split count too."""
        broken = []
        if self.staged.rejects and rids:
            broken = [
                row[0]
                for row in self.connection.execute("SELECT DISTINCT line FROM rejects ORDER BY 1").fetchall()
            ]
        found = {}
        for rid in rids:
            number = rid + self.staged.first_row
            for line in broken:
                if line > number:
                    break
                number += 1
            found[rid] = number
        return found

    # what a value or a row decides

    def _count_values(self) -> None:
        parts = [ident("p:" + each.name) for each in self.contract.columns]
        worst = self._one(f"SELECT {', '.join(f'max({part})' for part in parts)} FROM checked WHERE k = 0")
        for column, part, most in zip(self.contract.columns, parts, worst, strict=True):
            if not most:
                continue
            counted = self.connection.execute(
                f"SELECT {part}, count(*) FROM checked WHERE k = 0 AND {part} > 0 GROUP BY 1 ORDER BY 1"
            ).fetchall()
            self._formats(column.name, {Kind(p): n for p, n in counted if p < EMPTIED and Kind(p) in FORMATS})
            for number, count in counted:
                level = number - number % EMPTIED
                kind = Kind(number - level)
                if kind in FORMATS:
                    continue
                meaning = replace(MEANINGS[kind], fix=problems.say(MEANINGS[kind].fix, column))
                outcome = "warned" if level == 0 and kind not in _NOTED else _OUTCOME[level]
                rids = (
                    []
                    if kind in _QUIET
                    else self._one(f"SELECT min(rowid, 5) FROM checked WHERE k = 0 AND {part} = {number}")[0]
                )
                self._add(
                    meaning,
                    column.name,
                    count,
                    outcome,
                    problems.say(meaning.what, column),
                    rows=self._rows(rids),
                )

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
            count, rids = self._one(
                f"SELECT count(*), min(rowid, 5) FROM checked WHERE k = 0 AND q & {1 << place} <> 0"
            )
            if count:
                self._broken_rule(rule, count, rids)

    def _broken_rule(self, rule: Rule, count: int, rids: Sequence[int] | None) -> None:
        outcome = "quarantined" if rule.breach is Breach.QUARANTINE else "warned"
        meaning = Meaning(f"rule-{rule.kind}", rule.dimension, rule.because)
        self._add(meaning, rule.id, count, outcome, rule.because, rows=self._rows(rids))

    # what rows decide together

    def _keys(self, existing: str) -> int:
        if not self.contract.key:
            return 0
        key = ", ".join(ident(name) for name in self.contract.key)
        count = self._duplicates(key, self.contract.keep, problems.DUPLICATE_KEY.code, key="key")
        named = "、".join(self.contract.key)
        if count:
            rids = self._one(
                f"SELECT min(rid, 5) FROM late WHERE code = {literal(problems.DUPLICATE_KEY.code)}"
            )[0]
            said = problems.DUPLICATE_KEY.what.format(key=named)
            self._add(
                problems.DUPLICATE_KEY,
                ",".join(self.contract.key),
                count,
                "quarantined",
                said,
                rows=self._rows(rids),
            )
        if existing:
            same = " AND ".join(f"e.{ident(name)} = c.{ident(name)}" for name in self.contract.key)
            taken = self._late(
                f"SELECT rowid AS rid FROM (SELECT rowid, {key} FROM {self.sound}) c"
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
                    rows=self._rows(taken[1]),
                )
                count += taken[0]
        return count

    def _duplicates(self, columns: str, keep: str, code: str, *, key: str, quarantine: bool = True) -> int:
        """Put aside all but the kept one of rows that agree in ``columns``; returns how many."""
        chosen = {"first": "min(rid)", "last": "max(rid)", "none": "-1"}[keep]
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE twice AS SELECT {columns}, {chosen} AS kept"
            f" FROM (SELECT rowid AS rid, {columns} FROM {self.sound}) GROUP BY {columns} HAVING count(*) > 1"
        )
        if not self._one("SELECT count(*) FROM twice")[0]:
            return 0
        query = (
            f"SELECT c.rid FROM (SELECT rowid AS rid, {columns} FROM {self.sound}) c JOIN twice USING ({columns})"
            " WHERE c.rid <> kept"
        )
        if not quarantine:
            return int(self._one(f"SELECT count(*) FROM ({query})")[0])
        part = ",".join(self.contract.key) if key == "key" else key
        return self._late(query, code, part)[0]

    def _late(self, query: str, code: str, part: str) -> tuple[int, Sequence[int]]:
        self.connection.execute(
            f"INSERT INTO late SELECT rid, {literal(code)}, {literal(part)} FROM ({query})"
        )
        found = self._one(
            f"SELECT count(*), min(rid, 5) FROM late WHERE code = {literal(code)} AND part = {literal(part)}"
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
            count, rids = self._late(query, f"rule-{rule.kind}", rule.id)
        else:
            count, rids = self._one(f"SELECT count(*), min(rid, 5) FROM ({query})")
        if count:
            self._broken_rule(rule, count, rids)

    def _falling(self, rule: Rule) -> str:
        per = f"PARTITION BY {', '.join(ident(name) for name in rule.per)} " if rule.per else ""
        column, order = ident(rule.column), ident(rule.order)
        return (
            f"SELECT rid FROM (SELECT rowid AS rid, {column} < lag({column} IGNORE NULLS)"
            f" OVER ({per}ORDER BY {order}, rowid) AS fell FROM {self.sound}) WHERE fell"
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
            f"WITH other AS ({self.table_sql(rule.table)}) SELECT c.rid FROM (SELECT rowid AS rid, {', '.join(mine)}"
            f" FROM {self.sound}) c WHERE {filled} AND NOT EXISTS (SELECT 1 FROM other o WHERE {same}){known}"
        )

    def _outside(self, rule: Rule) -> str:
        geometry.load_spatial(self.connection)
        lon, lat = ident(rule.lon), ident(rule.lat)
        named = f", {ident(rule.column)} AS area" if rule.column else ""
        points = (
            f"SELECT rowid AS rid, ST_Point({lon}, {lat}) AS at{named} FROM {self.sound}"
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
            f"WITH points AS ({points}), areas AS MATERIALIZED ({areas}) SELECT p.rid FROM points p"
            f" WHERE NOT EXISTS (SELECT 1 FROM areas a WHERE {met}){known}"
        )
