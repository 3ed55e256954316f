"""What is said when a proof does not hold: in both languages, whichever check it is that fails."""

import re
from pathlib import Path

from hutong import ledger
from hutong.ledger.errors import BadProof
from hutong.ledger.reasons import REASONS

HOME = Path(ledger.__file__).parent
RAISED = re.compile(r'BadProof\(\s*(?:reason=)?f?"([^"]+)"')


def test_every_reason_is_said_in_chinese() -> None:
    files = [*HOME.rglob("*.py"), HOME / "static/ledger/verify.mjs"]
    raised = {each for file in files for each in RAISED.findall(file.read_text("utf8"))}
    assert {"root differs", "malformed base64", "the signature of {name} does not hold"} <= raised
    assert raised <= REASONS.keys()
    assert all(re.search("[\u4e00-\u9fff]", each.zh) for each in REASONS.values())


def test_facts_are_filled_in() -> None:
    said = BadProof(reason="the signature of {name} does not hold", name="finance").said
    assert said.zh == "证明不成立：finance 的签名不成立"
    assert said.en == "The proof does not hold: the signature of finance does not hold"
