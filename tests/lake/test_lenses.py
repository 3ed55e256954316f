"""What a lens shows, and that no query sees beyond it."""

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.lake import api
from hutong.lake.errors import BadLens, BadQuery
from hutong.lake.types import Condition, Lens, LoadReport, Mask, MaskKind, Op, Seen

pytestmark = pytest.mark.django_db(transaction=True)
Load = Callable[..., LoadReport]
SPEC = """
key: [id]
columns:
  id: {type: int}
  name: {type: text, sensitive: true}
  phone: {type: phone}
  street: {type: text}
  born: {type: date}
  paid: {type: int}
  lon: {type: longitude}
  lat: {type: latitude}
"""
HEADER = "id,name,phone,street,born,paid,lon,lat\n"
ROWS = [
    (1, "王小明", "13800000001", "东", "1990-05-17", 1249, 116.41234, 39.92345),
    (2, "李丽", "13800000002", "西", "1985-12-01", 951, 116.42999, 39.91001),
    (3, "欧阳娜娜", "13800000003", "东", "2001-01-31", 50, 116.43, 39.9),
    (4, "秘密", "13800000004", "南", "1970-07-07", 7, 116.44, 39.95),
]
KEY, OTHER = b"k" * 32, b"o" * 32
_K = MaskKind


@pytest.fixture
def things(load: Load) -> None:
    load(SPEC, HEADER + "".join(",".join(str(cell) for cell in row) + "\n" for row in ROWS))


def seen(column: str, mask: Mask, where: tuple[Condition, ...] = ()) -> list[Any]:
    lens = Lens((Seen("id"), Seen(column, mask)), where)
    found = api.query(f"SELECT {column} FROM things ORDER BY id", ["things"], lenses={"things": lens})
    return [row[0] for row in found.rows]


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize(
    ("column", "mask", "expected"),
    [
        ("name", Mask(), ["王小明", "李丽", "欧阳娜娜", "秘密"]),
        ("name", Mask(_K.DROP), [None] * 4),
        ("name", Mask(_K.CONSTANT), ["•••"] * 4),
        ("name", Mask(_K.CONSTANT, value="it's"), ["it's"] * 4),
        ("name", Mask(_K.PARTIAL, first=1), ["王**", "李*", "欧***", "秘*"]),
        ("name", Mask(_K.PARTIAL, first=1, last=1), ["王*明", "**", "欧**娜", "**"]),
        ("phone", Mask(_K.PARTIAL, first=3, last=4), [f"138****000{n}" for n in range(1, 5)]),
        ("born", Mask(_K.MONTH), [date(1990, 5, 1), date(1985, 12, 1), date(2001, 1, 1), date(1970, 7, 1)]),
        ("born", Mask(_K.YEAR), [date(1990, 1, 1), date(1985, 1, 1), date(2001, 1, 1), date(1970, 1, 1)]),
        ("paid", Mask(_K.ROUND, step=Decimal(100)), [1200, 1000, 100, 0]),
        ("lon", Mask(_K.GRID, step=Decimal("0.01")), [116.415, 116.425, 116.435, 116.445]),
    ],
)
def test_masks(column: str, mask: Mask, expected: list[Any]) -> None:
    found = seen(column, mask)
    assert found == (pytest.approx(expected) if column == "lon" else expected)


@pytest.mark.usefixtures("things")
def test_a_hash_joins_under_one_key_and_not_under_another() -> None:
    mine, again, yours = (seen("name", Mask(_K.HASH, key=key)) for key in (KEY, KEY, OTHER))
    assert mine == again
    assert not set(mine) & set(yours)
    assert len(set(mine)) == 4
    assert all(len(each) == 32 for each in mine)
    with pytest.raises(BadLens, match="without a key"):
        seen("name", Mask(_K.HASH))


@pytest.mark.usefixtures("things")
def test_no_query_learns_the_key_of_a_hash() -> None:
    lens = Lens((Seen("name", Mask(_K.HASH, key=KEY)),))
    for sql in (
        "SELECT getvariable('hutong_secret_0_0') FROM things",
        "SELECT 'hutong_secret_0_0'.getvariable() FROM things",
        "SELECT json_serialize_plan('SELECT * FROM things')",
        "SELECT sql FROM duckdb_views()",
        "SELECT * FROM duckdb_variables()",
    ):
        with pytest.raises(BadQuery):
            api.query(sql, ["things"], lenses={"things": lens})
    for sql in ("SELECT nothing FROM things", "SELECT name + 1 FROM things"):
        with pytest.raises(BadQuery) as error:
            api.query(sql, ["things"], lenses={"things": lens})
        assert KEY.hex() not in str(error.value)
        assert "sha256" not in str(error.value)


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize(
    ("condition", "ids"),
    [
        (Condition("street", Op.EQ, ("东",)), [1, 3]),
        (Condition("street", Op.NE, ("东",)), [2, 4]),
        (Condition("street", Op.IN, ("东", "南")), [1, 3, 4]),
        (Condition("street", Op.IN, ()), []),
        (Condition("paid", Op.GE, (951,)), [1, 2]),
        (Condition("paid", Op.LT, ("51",)), [3, 4]),
        (Condition("born", Op.BETWEEN, ("1985-12", date(1990, 12, 31))), [1, 2]),
        (Condition("name", Op.PREFIX, ("欧",)), [3]),
        (Condition("name", Op.CONTAINS, ("' OR true --",)), []),
        (Condition("name", Op.NULL), []),
        (Condition("lat", Op.LE, (39.9,)), [3]),
    ],
)
def test_conditions(condition: Condition, ids: list[int]) -> None:
    lens = Lens((Seen("id"),), (condition,))
    found = api.query("SELECT id FROM things ORDER BY id", ["things"], lenses={"things": lens})
    assert [row[0] for row in found.rows] == ids


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize(
    "lens",
    [
        Lens(()),
        Lens((Seen("nothing"),)),
        Lens((Seen("id"), Seen("id"))),
        Lens((Seen("id", Mask(_K.PARTIAL, first=1)),)),
        Lens((Seen("paid", Mask(_K.ROUND)),)),
        Lens((Seen("paid", Mask(_K.ROUND, step=Decimal("0.5"))),)),
        Lens((Seen("paid", Mask(_K.ROUND, step=Decimal("NaN"))),)),
        Lens((Seen("name", Mask(_K.MONTH)),)),
        Lens((Seen("name", Mask(_K.PARTIAL, first=-1)),)),
        Lens((Seen("name", Mask(_K.CONSTANT, value="\0")),)),
        Lens((Seen("id"),), (Condition("nothing", Op.EQ, (1,)),)),
        Lens((Seen("id"),), (Condition("paid", Op.EQ, ("one",)),)),
        Lens((Seen("id"),), (Condition("paid", Op.EQ, (1.5,)),)),
        Lens((Seen("id"),), (Condition("paid", Op.EQ, (2**70,)),)),
        Lens((Seen("id"),), (Condition("paid", Op.EQ, ()),)),
        Lens((Seen("id"),), (Condition("paid", Op.PREFIX, ("1",)),)),
        Lens((Seen("id"),), (Condition("lat", Op.EQ, (float("nan"),)),)),
        Lens((Seen("id"),), (Condition("born", Op.EQ, ("soon",)),)),
        Lens((Seen("id"),), (Condition("born", Op.EQ, (datetime(2020, 1, 1),)),)),  # noqa: DTZ001
        Lens((Seen("id"),), (Condition("name", Op.EQ, ("\0",)),)),
    ],
)
def test_a_lens_that_does_not_fit_is_refused(lens: Lens) -> None:
    with pytest.raises(BadLens):
        api.query("SELECT 1 FROM things", ["things"], lenses={"things": lens})


@pytest.mark.usefixtures("things")
def test_a_query_fails_on_no_hidden_value() -> None:
    """Were a condition computed before the filter, its failure would tell what it failed on."""
    lens = Lens((Seen("id"), Seen("name")), (Condition("street", Op.EQ, ("东",)),))
    for probe in (
        "SELECT count(*) FROM things WHERE CASE WHEN name = '秘密' THEN error(name) ELSE true END",
        "SELECT count(*) FROM things WHERE CASE WHEN id = 4 THEN CAST(name AS INT) > 0 ELSE true END",
        """SELECT count(*) FROM things a JOIN things b ON a.id = b.id
        AND CASE WHEN b.name = '秘密' THEN error(b.name) ELSE true END""",
    ):
        assert api.query(probe, ["things"], lenses={"things": lens}).rows == ((2,),)
    with pytest.raises(BadQuery) as error:
        api.query("SELECT error(name) FROM things", ["things"], lenses={"things": lens})
    assert "王" not in str(error.value)


PIECES = st.sampled_from(
    [
        "SELECT * FROM things", "SELECT name FROM things", "SELECT t.street FROM things t",
        "SELECT phone FROM things", "SELECT max(born) FROM things", "SELECT COLUMNS('.*') FROM things",
        "SELECT rowid FROM things", "SELECT * FROM (FROM things)", "WITH things AS (SELECT * FROM things) FROM things",
        "SELECT list(t) FROM things t", "SELECT to_json(t) FROM things t", "SELECT string_agg(name) FROM things",
        "SELECT stats(id) FROM things", "SELECT * FROM things UNION ALL SELECT * FROM things",
        "SELECT (SELECT name FROM things WHERE id = 4)", "SELECT struct_pack(t) FROM things t",
        "SELECT * FROM things WHERE street = '南'", "SELECT * FROM temp.things", "SELECT * FROM main.things",
        "PIVOT things ON id USING first(name)", "SUMMARIZE things", "SELECT min(id), max(id) FROM things",
        "SELECT * FROM things POSITIONAL JOIN things b", "SELECT * FROM things TABLESAMPLE 100%",
    ]
)  # fmt: skip
WRAPS = st.sampled_from(
    [
        "{}",
        "SELECT * FROM ({})",
        "WITH x AS ({}) SELECT * FROM x",
        "SELECT to_json(q) FROM ({}) q",
        "{} LIMIT 9",
    ]
)


@pytest.mark.usefixtures("things")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(piece=PIECES, wraps=st.lists(WRAPS, max_size=3))
def test_whatever_the_query_nothing_hidden_comes_out(piece: str, wraps: list[str]) -> None:
    """Seen: id in clear, the name's first character, for two rows of four; nothing else."""
    lens = Lens((Seen("id"), Seen("name", Mask(_K.PARTIAL, first=1))), (Condition("street", Op.EQ, ("东",)),))
    sql = piece
    for wrap in wraps:
        sql = wrap.format(sql)
    try:
        found = api.query(sql, ["things"], lenses={"things": lens}).rows
        shown = json.dumps(found, default=str, ensure_ascii=False)
    except BadQuery as refused:
        shown = json.dumps(refused.as_dict(), default=str, ensure_ascii=False).replace(sql, "")
    for hidden in ("小明", "阳娜", "李", "秘", "1380000", "1990-05", "2001-01", "116.4", "39.9", "1249"):
        assert hidden not in shown
    assert "[2," not in shown
    assert "[4," not in shown


@pytest.mark.usefixtures("things")
def test_a_sample_hides_numbers_of_people_too() -> None:
    found = api.sample("things")
    assert {row[2] for row in found.rows} == {"•••"}
    assert api.masks_for(api.contract("things").column("born")) == (
        _K.KEEP, _K.DROP, _K.CONSTANT, _K.HASH, _K.MONTH, _K.YEAR,
    )  # fmt: skip


def test_a_mask_goes_to_json_and_back_without_its_key() -> None:
    mask = Mask(_K.ROUND, step=Decimal("0.5"))
    assert Mask.from_dict(mask.as_dict()) == mask
    hashed = Mask(_K.HASH, key=KEY)
    assert "kkk" not in repr(hashed) + json.dumps(hashed.as_dict())
    assert Mask.from_dict(hashed.as_dict(), key=KEY) == hashed
