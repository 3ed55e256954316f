"""Two organisations, two processes: what they have in common, and a sum over it that neither side sees the rows of."""

import os
import socket
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from hutong.exchange.types import ContractRef
from hutong.kernel import clock
from hutong.kernel.errors import HutongError
from hutong.kernel.models import AuditRecord
from hutong.packs import api as packs
from hutong.privacy import joint
from hutong.privacy.errors import BadMatch, NoEngine
from tests.privacy.conftest import CONSUMER, NOW, PROVIDER, THIRD, fill, make_contract, person


def port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def files(tmp_path: Path) -> tuple[Path, Path]:
    mine, theirs = tmp_path / "values.csv", tmp_path / "chosen.csv"
    mine.write_text("k,v\n" + "".join(f"{each},{each % 100}\n" for each in range(1000)), "utf8")
    theirs.write_text("k,v\n" + "".join(f"{each},{each % 2}\n" for each in range(500, 1500)), "utf8")
    return mine, theirs


def asked(contract: ContractRef, file: Path, **more: Any) -> joint.Match:
    return joint.Match(contract.id, file, "k", **({"addresses": ("127.0.0.1:1", "127.0.0.1:2")} | more))


def test_a_match_needs_a_contract_a_party_and_tls(
    agreed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract, (file, _other) = agreed(), files(tmp_path)
    monkeypatch.setenv("HUTONG_SPU_PYTHON", "")
    with pytest.raises(BadMatch):
        joint.match(person(THIRD), THIRD, asked(contract, file))
    with pytest.raises(BadMatch):
        joint.match(person(CONSUMER), CONSUMER, asked(contract, file, addresses=("10.0.0.1:1", "10.0.0.2:1")))
    with pytest.raises(BadMatch):
        joint.match(person(CONSUMER), CONSUMER, asked(contract, tmp_path / "none.csv"))
    with pytest.raises(NoEngine):
        joint.match(person(CONSUMER), CONSUMER, asked(contract, file))


@pytest.mark.skipif(
    not os.environ.get("HUTONG_SPU_PYTHON"), reason="HUTONG_SPU_PYTHON is not set (make setup-spu)"
)
@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(120)
def test_two_organisations_learn_count_and_sum(tmp_path: Path) -> None:
    packs.install("beijing-dongcheng")
    fill(tmp_path)
    contract, told, failed = make_contract(), dict[str, dict[str, int]](), list[Exception]()
    addresses = (f"127.0.0.1:{port()}", f"127.0.0.1:{port()}")

    def run(organisation: str, file: Path) -> None:
        try:
            with clock.freeze(NOW):
                more = {"addresses": addresses, "value": "v", "seconds": 90}
                told[organisation] = joint.match(
                    person(organisation), organisation, asked(contract, file, **more)
                )
        except (HutongError, OSError) as error:
            failed.append(error)
        finally:
            connection.close()

    sides = zip((PROVIDER, CONSUMER), files(tmp_path), strict=True)
    threads = [threading.Thread(target=run, args=side) for side in sides]
    for each in threads:
        each.start()
    for each in threads:
        each.join(100)
    assert not failed
    truth = sum(each % 100 for each in range(500, 1000) if each % 2)
    for organisation in (PROVIDER, CONSUMER):
        found = told[organisation]
        assert (found["common"], found["chosen"], found["sum"]) == (500, 250, truth)
    assert AuditRecord.objects.filter(action="privacy.match").count() == 2
