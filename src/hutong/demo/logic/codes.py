"""Codes that are valid in form and belong to nobody.

Credit codes carry organisation codes that begin with YY (not issued); identity numbers the division 119999 (there
is none); mobile numbers the block 1540000 (not in use); names of people the middle character 演, names of firms the
word 演示.
"""

import numpy as np

from hutong.demo.logic.draw import Days, Ints, Texts, join, numbered, pick

_ALPHABET = np.array(list("0123456789ABCDEFGHJKLMNPQRTUWXY"))
_VALUE = np.full(128, -1)
_VALUE[[ord(each) for each in _ALPHABET]] = np.arange(31)
_ORGANISATION = np.array([3, 7, 9, 10, 5, 8, 4, 2])
_CREDIT = np.array([pow(3, i, 31) for i in range(17)])
_IDENTITY = np.array([pow(2, 17 - i, 11) for i in range(17)])


def credit_codes(serials: Ints, kind: str = "91") -> Texts:
    """Unified social credit codes (GB 32100-2015) of serial numbers below 1,000,000."""
    body = numbered("YY", serials, 6)
    spread = _characters(body)
    value = np.where(spread >= ord("A"), spread - ord("A") + 10, spread - ord("0"))
    check = (11 - value @ _ORGANISATION % 11) % 11
    organisation = join(body, np.where(check == 10, "X", check.astype(np.str_)))
    front = join(f"{kind}110101", organisation)
    last = (31 - _VALUE[_characters(front)] @ _CREDIT % 31) % 31
    return join(front, _ALPHABET[last])


def identity_numbers(born: Days, serials: Ints) -> Texts:
    """Identity numbers (GB 11643-1999) of a division that does not exist."""
    front = join("119999", np.char.replace(born.astype(np.str_), "-", ""), numbered("", serials % 1000, 3))
    digits = _characters(front) - ord("0")
    return join(front, np.array(list("10X98765432"))[digits @ _IDENTITY % 11])


def _characters(texts: Texts) -> Ints:
    width = int(np.char.str_len(texts).max())
    codes: Ints = (
        np.ascontiguousarray(texts.astype(f"<U{width}"))
        .view(np.uint32)
        .reshape(len(texts), width)
        .astype(np.int64)
    )
    return codes


def phone_numbers(serials: Ints) -> Texts:
    return numbered("1540000", serials % 10_000, 4)


_SURNAMES = list("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜")
_GIVEN = list("春夏秋冬松竹梅兰山川河海云雨星月文武安宁和平康乐")


def people(rng: np.random.Generator, size: int) -> Texts:
    """Names of people who do not exist; the middle character says so."""
    return join(pick(rng, _SURNAMES, size), "演", pick(rng, _GIVEN, size))


_BRAND_A = list("云启蓝晨星瑞远博汇明天智新恒嘉华锐凌宏正卓翰融腾")
_BRAND_B = list("禾帆图桥泽川岚衡澄序辰源策林溪度格维耘石")
_BRAND_C = list("达诚信通和安宁晟翔景宇阔聚")


def brands(rng: np.random.Generator, size: int) -> Texts:
    """Distinct invented names of three characters."""
    every = len(_BRAND_A) * len(_BRAND_B) * len(_BRAND_C)
    if size > every:
        raise ValueError(f"there are {every} invented names only")
    chosen = rng.permutation(every)[:size]
    a, rest = np.divmod(chosen, len(_BRAND_B) * len(_BRAND_C))
    b, c = np.divmod(rest, len(_BRAND_C))
    return join(np.array(_BRAND_A)[a], np.array(_BRAND_B)[b], np.array(_BRAND_C)[c])


def spoil_check(code: str) -> str:
    """The code with another last character, so that its check fails."""
    return code[:-1] + ("1" if code[-1] != "1" else "2")
