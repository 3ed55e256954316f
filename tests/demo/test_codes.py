import numpy as np
import pytest
from stdnum.cn import ric, uscc

from hutong.demo.logic.codes import brands, credit_codes, identity_numbers, people, phone_numbers, spoil_check
from hutong.demo.logic.draw import Dice


def test_credit_codes_pass_the_standard_check_and_are_distinct() -> None:
    codes = credit_codes(np.arange(0, 1_000_000, 173)).tolist()
    assert all(uscc.is_valid(each) for each in codes)
    assert len(set(codes)) == len(codes)
    assert all(each[8:10] == "YY" for each in codes)


@pytest.mark.parametrize("code", ["91110000802100433B", "91110108551385082Q", "914403001922038216"])
def test_a_spoilt_check_character_is_noticed(code: str) -> None:
    assert uscc.is_valid(code)
    assert not uscc.is_valid(spoil_check(code))


def test_identity_numbers_have_the_right_check_character_and_no_real_division() -> None:
    born = np.array(["1931-07-09", "1950-12-31", "1944-02-29"], dtype="datetime64[D]").repeat(40)
    numbers = identity_numbers(born, np.arange(120)).tolist()
    assert all(ric.calc_check_digit(each) == each[-1] for each in numbers)
    assert all(each.startswith("119999") for each in numbers)
    assert numbers[0][6:14] == "19310709"


def test_names_say_that_they_are_invented() -> None:
    rng = Dice().of("names")
    assert all(len(each) == 3 and each[1] == "演" for each in people(rng, 50))
    assert len(set(brands(rng, 6000).tolist())) == 6000
    assert all(each.startswith("1540000") and len(each) == 11 for each in phone_numbers(np.arange(10_000)))


def test_there_are_only_so_many_names() -> None:
    with pytest.raises(ValueError, match="invented names"):
        brands(Dice().of("names"), 100_000)
