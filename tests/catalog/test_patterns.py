"""What a column holds is told from its values and its name; no check is taken on trust."""

from datetime import date

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric, uscc

from hutong.catalog.logic.kinds import BY_ID, KINDS
from hutong.catalog.logic.patterns import guess, named, sql
from hutong.catalog.sampling import of_rows

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def _fits(kind: str, value: str) -> bool:
    found = duckdb.execute(
        f"SELECT coalesce({sql(BY_ID[kind], 'v')}, false) FROM (SELECT ? AS v)", [value]
    ).fetchone()
    assert found
    return bool(found[0])


@given(st.text(ALPHABET, min_size=17, max_size=17), st.sampled_from(ALPHABET))
@settings(max_examples=200, deadline=None)
def test_credit_codes_agree_with_stdnum(tail, check):
    code = "91110101" + tail[8:] + check
    right = "91110101" + tail[8:] + uscc.calc_check_digit("91110101" + tail[8:])
    assert _fits("uscc", right)
    assert _fits("uscc", code) == uscc.is_valid(code)


@given(
    st.dates(date(1920, 1, 1), date(2025, 1, 1)),
    st.integers(0, 999),
    st.sampled_from("0123456789X"),
)
@settings(max_examples=200, deadline=None)
def test_identity_numbers_need_their_check_digit(born, serial, check):
    body = f"110101{born:%Y%m%d}{serial:03}"
    assert _fits("idnumber", body + ric.calc_check_digit(body + "0"))
    assert _fits("idnumber", body + check) == (ric.calc_check_digit(body + "0") == check)


@given(st.integers(10**12, 10**16 - 1))
@settings(max_examples=200, deadline=None)
def test_bank_cards_need_luhn(number):
    digits = f"62{number}"
    right = digits + luhn.calc_check_digit(digits)
    assert _fits("bankcard", right)
    assert not _fits("bankcard", digits + str((int(right[-1]) + 1) % 10))


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("mobile", "+86 13800138000", "12800138000"),
        ("landline", "010-65258800", "110"),
        ("landline", "(010) 65258800", "2019"),
        ("person", "欧阳春华", "科信技术"),
        ("person", "张伟", "北京市"),
        ("address", "北京市东城区景山街道三眼井胡同12号", "安定门"),
        ("address", "体育馆路13号", "景山街道"),
        ("plate", "京A12345", "京O1"),
        ("plate", "京AD12345", "A12345"),
        ("address", "永定门外大街12号院3号楼402室", "东政发〔2019〕12号"),
        ("address", "史家胡同甲5号", "33号标段"),
        ("mobile", "138****5678", "138**5678"),
        ("mobile", "李女士 138-0013-8000", "工单2024-13800138000-1"),
        ("landline", "(010)65258800转801", "12345"),
        ("landline", "65258800、65258801", "6525"),
        ("bankcard", "6217 0000 1000 0000 011", "6217 0000 1000 0000 012"),
        ("bankcard", "621700*********0019", "6217***"),
        ("idnumber", "110101********1234", "1101"),
        ("person", "王*", "王府井大街"),
        ("person", "阿依古丽·买买提", "科技·创新2030"),
        ("email", "a.b@example.com.cn", "example.com"),
        ("born", "1950-03-12", "50-03"),
        ("longitude", "116.4074", "116"),
        ("latitude", "39.9042", "91.0001"),
    ],
)
def test_each_kind_fits_what_it_is_and_not_what_it_is_not(kind, good, bad):
    assert _fits(kind, good)
    assert not _fits(kind, bad)


def test_every_kind_has_both_titles_and_a_known_grade():
    assert len({each.id for each in KINDS}) == len(KINDS)
    assert all(each.title.zh and each.title.en and each.basis.en for each in KINDS)


def test_a_name_alone_suffices_only_where_there_is_nothing_to_look_at():
    empty = of_rows(["phone"], [(None,), ("",)])["phone"]
    assert guess(empty, "phone").confidence == 0.4
    other = of_rows(["phone"], [(f"型号{n}",) for n in range(50)])["phone"]
    assert guess(other, "phone") is None


def test_values_alone_tell_a_checked_number_but_never_a_birthday():
    codes = ["9111000080210043" + "3B"] + [f"91110101{n:09}" for n in range(30)]
    codes = [each if len(each) == 18 else each + uscc.calc_check_digit(each) for each in codes]
    found = guess(of_rows(["c"], [(each,) for each in codes])["c"], "c")
    assert (found.kind.id, found.by_name) == ("uscc", False)
    days = of_rows(["d"], [(f"1950-01-{n:02}",) for n in range(1, 29)])["d"]
    assert guess(days, "d") is None
    beside = of_rows(["d", "none", "c"], [(f"1950-01-{n:02}", None, codes[n]) for n in range(1, 29)])
    assert beside["d"] == days, "a column is counted as it is alone, whatever stands beside it"
    assert beside["c"].values == beside["c"].matched["uscc"].rows == 28
    assert beside["c"].matched["born"].rows == 0
    assert (beside["none"].rows, beside["none"].values) == (28, 0)
    assert of_rows(["d", "c"], [])["c"].rows == 0
    assert guess(days, "出生日期").kind.id == "born"


def test_words_for_unknown_do_not_hide_what_the_others_are():
    numbers = [(f"1380013{n:04}",) for n in range(40)] + [("待补",)] * 60
    found = guess(of_rows(["c"], numbers)["c"], "c")
    assert found.kind.id == "mobile"


def test_names_are_told_by_their_characters_and_words_that_begin_like_names_are_not():
    people = [
        (f"{family}{given}",) for family in "王李赵郑沈" for given in ("建国", "秀兰", "倩", "浩然", "玉珍")
    ]
    assert guess(of_rows(["c"], people)["c"], "c").kind.id == "person"
    goods = [(f"{head}{tail}",) for head in "金白黄江石" for tail in ("丝瓜", "笋干", "豆腐", "花菜", "针菇")]
    assert guess(of_rows(["c"], goods)["c"], "c") is None


def test_no_name_is_taken_for_two_strict_kinds():
    assert not named(BY_ID["idnumber"], "grid")
    assert named(BY_ID["idnumber"], "id_number")
    assert named(BY_ID["person"], "法定代表人")
