"""Witnesses: each rule of C2SP tlog-witness, over HTTP; the log's side; forks."""

import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from itertools import combinations
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.ledger import api
from hutong.ledger.errors import BadKey, BadPolicy, BadProof, NotPublished
from hutong.ledger.logic import checkpoints, cosignatures, merkle, notes, policies, tiles
from hutong.ledger.models import CosignatureRow, EntryRow, WitnessRow
from hutong.ledger.store.asking import request
from hutong.ledger.witness import judging
from hutong.ledger.witness.book import Book
from hutong.ledger.witness.commands import create
from hutong.ledger.witness.judging import Known
from hutong.ledger.witness.server import Server, Witness

SCRIPT = Path(__file__).parents[2] / "src/hutong/ledger/static/ledger/hutong_check.py"
ORIGIN = "log.example/test"
LOG = notes.SignerKey.generate(ORIGIN)
STRANGER = notes.SignerKey.generate(ORIGIN)


class Tree:
    """A log in memory that can be forked."""

    def __init__(self, *leaves: int) -> None:
        self.hashes = [merkle.leaf_hash(str(each).encode()) for each in leaves]

    def note(self, size: int, key: notes.SignerKey = LOG) -> str:
        return str(notes.sign(checkpoints.body(ORIGIN, size, merkle.root_of(self.hashes[:size])), key))

    def proof(self, old: int, size: int) -> list[bytes]:
        if not 0 < old < size:
            return []
        grown = tiles.extend(0, {}, b"".join(self.hashes[:size]))
        return tiles.read_ranges(
            tiles.proof_ranges(0, old, size), lambda ids: {each: grown[each] for each in ids}
        )

    def ask(self, old: int, size: int) -> bytes:
        return request(old, self.proof(old, size), self.note(size))


@contextmanager
def serving(
    folder: Path, name: str = "witness.example/one", trusted: notes.SignerKey = LOG
) -> Iterator[Server]:
    signer = create(folder, name)
    book = Book(folder)
    book.trust(trusted.verifier)
    server = Server(("127.0.0.1", 0), Witness(signer, book))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        book.close()


def _post(server: Server, body: bytes, path: str = "/add-checkpoint") -> tuple[int, str, str]:
    connection = HTTPConnection("127.0.0.1", server.server_address[1], timeout=5)
    connection.request("POST", path, body)
    answer = connection.getresponse()
    found = answer.status, answer.read().decode(), answer.headers["Content-Type"]
    connection.close()
    return found


def _get(server: Server, path: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", server.server_address[1], timeout=5)
    connection.request("GET", path)
    answer = connection.getresponse()
    found = answer.status, answer.read().decode()
    connection.close()
    return found


def test_a_growing_log_is_cosigned(tmp_path: Path) -> None:
    tree = Tree(*range(40))
    key = create(tmp_path, "witness.example/one").verifier
    with serving(tmp_path) as server:
        old = 0
        for size in (0, 0, 1, 7, 7, 40):
            status, line, _ = _post(server, tree.ask(old, size))
            assert status == 200, line
            note, signed = notes.open_note(tree.note(size) + line, [key])
            assert signed == (key,)
            assert checkpoints.parse_body(note.text, "").size == size
            old = size
        wanted = hashlib.sha256(ORIGIN.encode()).hexdigest()
        status, text = _get(server, f"/{wanted}/checkpoint")
        assert status == 200
        assert len(notes.open_note(text, [LOG.verifier])[0].signatures) == 2
        assert notes.open_note(text, [key])[1] == (key,)
        assert _get(server, "/alarms") == (200, "[]")
        assert _get(server, "/" + "0" * 64 + "/checkpoint")[0] == 404


def test_its_state_is_on_disk_before_it_answers(tmp_path: Path) -> None:
    tree = Tree(*range(9))
    with serving(tmp_path) as server:
        assert _post(server, tree.ask(0, 9))[0] == 200
    with serving(tmp_path) as server:
        assert _post(server, tree.ask(0, 9))[:2] == (409, "9\n")
        assert _post(server, tree.ask(9, 9))[0] == 200


FORK = Tree(*range(5), *range(100, 110))


def _garbled(body: bytes) -> bytes:
    return body.replace(b"\n\n", b"\n!\n\n", 1)


@pytest.mark.parametrize(
    ("make", "status", "alarm"),
    [
        (lambda tree: tree.ask(3, 9), 409, False),
        (lambda tree: tree.ask(0, 9), 409, False),
        (lambda tree: tree.ask(0, 5), 409, False),  # a log that was set back
        (lambda tree: tree.ask(7, 5), 400, False),
        (lambda _: FORK.ask(7, 9), 422, True),
        (lambda _: FORK.ask(7, 7), 422, True),
        (lambda _: FORK.ask(0, 7), 409, True),
        (lambda tree: request(7, tree.proof(7, 9)[:-1], tree.note(9)), 422, True),
        (lambda tree: request(7, [], tree.note(9)), 422, True),
        (lambda tree: request(7, tree.proof(7, 9), tree.note(9, STRANGER)), 403, False),
        (lambda tree: tree.ask(7, 9).replace(b"AAAA", b"AAAB"), 200, False),
        (lambda tree: tree.ask(7, 9).replace(ORIGIN.encode(), b"other.example/log"), 404, False),
        (lambda tree: _garbled(tree.ask(7, 9)), 400, False),
        (lambda tree: tree.ask(7, 9).replace(b"old 7", b"old 07"), 400, False),
        (lambda tree: request(7, [b"x" * 31], tree.note(9)), 400, False),
        (lambda tree: request(7, [b"x" * 32] * 64, tree.note(9)), 400, False),
        (lambda _: b"", 400, False),
        (lambda _: b"\xff\xfe\n\n", 400, False),
    ],
)
def test_what_is_refused(tmp_path: Path, make: Callable[[Tree], bytes], status: int, alarm: bool) -> None:
    tree = Tree(*range(20))
    with serving(tmp_path) as server:
        assert _post(server, tree.ask(0, 7))[0] == 200
        found, text, kind = _post(server, make(tree))
        assert found == status, text
        if status == 409:
            assert (text, kind) == ("7\n", "text/x.tlog.size")
        assert (_get(server, "/alarms")[1] != "[]") == alarm
        assert (tmp_path / "alarms.jsonl").exists() == alarm
        if status != 200:
            assert _post(server, tree.ask(7, 9))[0] == 200  # what was refused changed nothing


def test_a_bad_signature_of_a_trusted_key_is_forbidden(tmp_path: Path) -> None:
    tree = Tree(1, 2, 3)
    good = notes.parse(tree.note(3))
    bad = notes.Signature(ORIGIN, LOG.verifier.key_id, b"\0" * 64)
    with serving(tmp_path) as server:
        assert _post(server, request(0, [], str(notes.Note(good.text, (bad,)))))[0] == 403
        two = notes.Note(good.text, (STRANGER.sign(good.text), good.signatures[0]))
        assert _post(server, request(0, [], str(two)))[0] == 200  # unknown keys are ignored
        assert _post(server, request(0, [merkle.EMPTY_ROOT], tree.note(3)))[0] == 409


def test_the_empty_log(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        wrong = str(notes.sign(checkpoints.body(ORIGIN, 0, b"x" * 32), LOG))
        assert _post(server, request(0, [], wrong))[0] == 422
        assert _post(server, request(0, [merkle.EMPTY_ROOT], Tree(1).note(1)))[0] == 422
        assert _post(server, b"x" * 70_000)[0] == 413
        assert _post(server, b"", "/elsewhere")[0] == 404


def test_racing_requests_never_set_the_state_back(tmp_path: Path) -> None:
    tree = Tree(*range(64))
    with serving(tmp_path) as server:
        _post(server, tree.ask(0, 10))
        statuses: list[int] = []
        work = [
            threading.Thread(target=lambda size=size: statuses.append(_post(server, tree.ask(10, size))[0]))
            for size in range(11, 31)
        ]
        for each in work:
            each.start()
        for each in work:
            each.join()
        assert sorted(statuses) == [200] + [409] * 19


def test_cosignatures_as_the_specification_writes_them() -> None:
    """The checkpoint of the specification; its cosignature's layout, message and key id."""
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    assert (
        cosignatures.statement(text.encode(), 1679315147).decode()
        == "cosignature/v1\ntime 1679315147\n" + text
    )
    line = notes.parse_signature(
        "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2"
        "oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA=="
    )
    assert (cosignatures.time_of(line), len(line.value)) == (1679315147, 72)
    signer = cosignatures.WitnessSigner(notes.SignerKey.generate("witness.example.com/w1"))
    key, made = signer.verifier, signer.sign(text, 1679315147)
    wanted = hashlib.sha256(b"witness.example.com/w1\n\x04" + key.public).digest()[:4]
    assert made.key_id == wanted
    assert key.accepts(text.encode(), made.value)
    for bad in (made.value[:-1], b"\xff" + made.value[1:], made.value[:7] + b"\0" + made.value[8:]):
        assert not key.accepts(text.encode(), bad)
    assert cosignatures.WitnessKey.parse(str(key)) == key
    with pytest.raises(BadKey):
        cosignatures.WitnessKey.parse(str(signer.key.verifier))


def _policy(count: int, needed: int) -> str:
    keys = [cosignatures.WitnessSigner(notes.SignerKey.generate(f"w{n}")).verifier for n in range(count)]
    lines = [f"witness w{n} {key}" for n, key in enumerate(keys)]
    return "\n".join([*lines, f"group g {needed} {' '.join(f'w{n}' for n in range(count))}", "quorum g", ""])


def test_policies() -> None:
    rule = policies.parse("# ours\n\n" + _policy(3, 2).replace(" ", "\t"))
    assert [rule.enough(each) for each in ([], ["w0"], ["w0", "w2"], ["w1", "x"])] == [
        False,
        False,
        True,
        False,
    ]
    assert policies.parse(rule.text()) == rule
    nested = policies.parse(_policy(3, 2).replace("quorum g", "group h all g\nquorum h"))
    assert nested.enough(["w0", "w1"])
    one = cosignatures.WitnessSigner(notes.SignerKey.generate("w")).verifier
    for bad in (
        "",
        "quorum g",
        "quorum none\nquorum none",
        f"witness a {one}\nwitness b {one}\nquorum a",
        f"witness none {one}\nquorum none",
        f"witness a {one}\ngroup g 2 a\nquorum g",
        f"witness a {one}\ngroup g 0 a\nquorum g",
        f"witness a {one}\ngroup g all a\ngroup h all a\nquorum g",
        f"group g all a\nwitness a {one}\nquorum g",
        f"witness a {LOG.verifier}\nquorum a",
        f"log {one}\nquorum none",
        "hello world\nquorum none",
    ):
        with pytest.raises(BadPolicy):
            policies.parse(bad)
    assert policies.parse("quorum none").enough([])


@given(st.integers(1, 6), st.data())
@settings(max_examples=200, deadline=None)
def test_no_two_forks_get_a_quorum_when_2k_exceeds_n_plus_the_faulty(count: int, data: st.DataObject) -> None:
    """The model: an honest witness cosigns one of two forks, a faulty one both."""
    faulty = data.draw(st.integers(0, count - 1))
    needed = data.draw(st.integers(1, count))
    choice = data.draw(st.lists(st.sampled_from("AB"), min_size=count - faulty, max_size=count - faulty))
    both = [faulty + choice.count(side) >= needed for side in "AB"]
    if 2 * needed > count + faulty:
        assert not all(both)


FORKS = [Tree(*range(5), *range(start, start + 9)) for start in (5, 500)]


@given(st.integers(1, 5), st.data())
@settings(max_examples=80, deadline=None)
def test_whatever_is_offered_in_whatever_order_two_forks_never_both_have_k(
    count: int, data: st.DataObject
) -> None:
    """As the witnesses judge, with any sizes, any claimed old size and proofs from either history."""
    needed = count // 2 + 1
    known = [Known() for _ in range(count)]
    got: list[set[int]] = [set(), set()]
    offers = st.tuples(
        st.integers(0, count - 1), st.integers(0, 1), st.integers(0, 14), st.integers(0, 14), st.booleans()
    )
    for witness, side, size, old, honest in data.draw(st.lists(offers, max_size=40)):
        claimed = known[witness].size if honest else old
        proof = FORKS[side if honest else 1 - side].proof(claimed, size)
        given = judging.read(request(claimed, proof, FORKS[side].note(size)))
        try:
            judging.judge(given, [LOG.verifier], known[witness])
        except judging.Refusal:
            continue
        assert size >= known[witness].size
        known[witness] = Known(size, given.checkpoint.root)
        if size > 5:  # where the two histories part
            got[side].add(witness)
    assert not got[0] & got[1]
    assert sum(len(each) >= needed for each in got) <= 1


@pytest.mark.parametrize("count", [3, 4])
def test_real_witnesses_never_give_two_forks_a_quorum(tmp_path: Path, count: int) -> None:
    """Whoever sees which fork first, in whatever order: at most one has k of n, for 2k > n."""
    forks = [Tree(*range(5), *range(start, start + 9)) for start in (5, 500)]
    needed = count // 2 + 1
    with ExitStack() as stack:
        for number, first in enumerate(
            c for size in range(count + 1) for c in combinations(range(count), size)
        ):
            if number % 3 and count > 3:
                continue
            servers = [
                stack.enter_context(serving(tmp_path / f"{number}-{n}", f"w{n}")) for n in range(count)
            ]
            for server in servers:
                assert _post(server, forks[0].ask(0, 5))[0] == 200
            got: list[set[int]] = [set(), set()]
            for side in (0, 1, 0):
                for n, server in enumerate(servers):
                    if side == 1 or n in first:
                        for size in (9, 14):
                            known = server.RequestHandlerClass.witness.book.known(ORIGIN).size
                            if _post(server, forks[side].ask(known, size))[0] == 200 and size == 14:
                                got[side].add(n)
            assert sum(len(each) >= needed for each in got) <= 1, (first, got)


@pytest.fixture
def three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Server]]:
    """A home whose log three witnesses follow, two of whom are enough."""
    monkeypatch.setenv("HUTONG_HOME", str(tmp_path))
    log = notes.VerifierKey.parse(api.verifier_key())
    with ExitStack() as stack:
        servers, lines = [], []
        for name in ("city", "district", "auditor"):
            folder = tmp_path / "witnesses" / name
            signer = create(folder, f"witness.test/{name}")
            book = Book(folder)
            book.trust(log)
            book.close()
            servers.append(stack.enter_context(serving(folder, f"witness.test/{name}", LOG)))
            port = servers[-1].server_address[1]
            lines.append(f"witness {name} {signer.verifier} http://127.0.0.1:{port}")
        group = "group all 2 city district auditor\nquorum all\n".replace("group all", "group g").replace(
            "quorum all", "quorum g"
        )
        (tmp_path / "witnesses.policy").write_text("\n".join(lines) + "\n" + group)
        yield servers


@pytest.mark.django_db(transaction=True)
def test_a_checkpoint_is_published_when_two_of_three_have_cosigned_it(
    three: list[Server], client: Client
) -> None:
    api.append("test.change", "urn:hutong:d:dataset:air", {"n": 1}, organisation="")
    with pytest.raises(NotPublished):
        api.published()
    assert client.get("/ledger/checkpoint").status_code == 404
    assert client.get("/ledger/checkpoint/pending").status_code == 200
    assert api.gather() == 3
    first = api.published()
    assert (first.size, len(notes.parse(first.text).signatures)) == (2, 4)  # the policy is an entry too
    assert client.get("/ledger/checkpoint").content.decode() == first.text
    assert EntryRow.objects.filter(kind="ledger.policy").count() == 1
    three[0].shutdown()
    three[0].server_close()
    api.append("test.change", "urn:hutong:d:dataset:air", {"n": 2}, organisation="")
    assert api.published().size == 2
    assert api.gather() == 2
    assert api.published().size == 3
    lag = {each.name: each.lag for each in api.witnesses()}
    assert lag == {"city": 1, "district": 0, "auditor": 0}
    assert api.gather() == 0  # the one that does not answer is left in peace for a while
    assert api.verify().ok
    assert api.verify().checked["cosignatures"] == 5


@pytest.mark.django_db(transaction=True)
def test_any_bit_of_a_cosignature_is_found(three: list[Server]) -> None:
    api.append("test.change", "urn:hutong:d:dataset:air", {"n": 1}, organisation="")
    api.gather()
    row = CosignatureRow.objects.first()
    for position in range(0, len(row.line) * 8, 37):
        changed = bytearray(row.line)
        changed[position // 8] ^= 1 << position % 8
        CosignatureRow.objects.filter(size=row.size, witness=row.witness).update(line=bytes(changed))
        (fault,) = api.verify().faults
        assert (fault.name, fault.offset, fault.bit) == (
            f"checkpoint {row.size}",
            position // 8,
            position % 8,
        )


@pytest.mark.django_db(transaction=True)
def test_a_log_that_was_set_back_is_shouted_about(three: list[Server]) -> None:
    api.append("test.change", "urn:hutong:d:dataset:air", {"n": 1}, organisation="")
    api.gather()
    size = api.checkpoint().size
    for server in three[:1]:
        book = server.RequestHandlerClass.witness.book
        with book.change():
            origin = api.checkpoint().origin
            book.remember(origin, Known(size + 5, b"r" * 32), "elsewhere\n")
    api.append("test.change", "urn:hutong:d:dataset:air", {"n": 2}, organisation="")
    api.gather()
    row = WitnessRow.objects.get(name="city")
    assert "beyond our" in row.alarm
    assert [each.name for each in api.witnesses() if each.alarm] == ["city"]


@pytest.mark.django_db(transaction=True)
def test_evidence_is_checked_against_the_policy_of_the_checker(
    three: list[Server], client: Client, tmp_path: Path
) -> None:
    ref = api.append("test.change", "urn:hutong:d:dataset:air", {"n": 1}, organisation="")
    api.gather()
    three[2].shutdown()
    three[2].server_close()
    api.append("test.change", "urn:hutong:d:dataset:air", {"n": 2}, organisation="")
    api.index()
    assert api.gather() == 2
    policy = client.get("/ledger/policy").content.decode()
    all_three = policy.replace("group g 2 ", "group g 3 ")
    assert all_three != policy
    (tmp_path / "two.policy").write_text(policy)
    (tmp_path / "three.policy").write_text(all_three)
    about = api.evidence_about("urn:hutong:d:dataset:air")
    for name, evidence in (("one", api.evidence(ref.id)), ("all", about)):
        text = json.dumps(evidence)
        found = api.check_any(text, api.verifier_key(), policy)
        assert (found.trusted.quorum, found.trusted.own_policy) == (True, False)
        assert {each for each, _ in found.trusted.witnesses} == {"city", "district"}
        with pytest.raises(BadProof):
            api.check_any(text, api.verifier_key(), all_three)
        stripped = json.dumps({**evidence, "checkpoint": evidence["checkpoint"].split("— witness")[0]})
        assert not api.check_any(stripped, api.verifier_key()).trusted.quorum
        with pytest.raises(BadProof):
            api.check_any(stripped, api.verifier_key(), policy)
        (tmp_path / name).write_text(text)
        for rule, code in (("two.policy", 0), ("three.policy", 1)):
            command = [sys.executable, "-I", str(SCRIPT), str(tmp_path / name), "--key", api.verifier_key()]
            done = subprocess.run(
                [*command, "--policy", str(tmp_path / rule)], capture_output=True, check=False
            )
            assert done.returncode == code, done
