"""A module trained on handled cases of the lake: who may, what is kept, what the log says, and how it answers."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner
from django.test import Client

from hutong.accounts.api import Refused, Target
from hutong.kernel import audit
from hutong.kernel.text import Text
from hutong.lake import api as lake
from hutong.lake.types import Column, ColumnType, Contract, Source
from hutong.ledger import api as ledger
from hutong.market import calling, cases, model_files, runner, shelf, training
from hutong.market.commands import market
from hutong.market.errors import BadCases, ModelSpoilt, NoLearning, NoSuchTraining, NotReady
from hutong.market.identifiers import verify_model
from hutong.market.logic import learned, learning
from hutong.market.logic.pieces import pieces
from hutong.market.modules.petition_triage.learning import evidence
from hutong.market.types import Asked, Holder

pytestmark = pytest.mark.django_db
SAID = {
    "物业管理": ("小区物业不作为", "物业费涨价没有公示", "保安不登记外来人员", "业委会换届无人组织"),
    "供暖": ("家里暖气不热", "供暖温度不到十六度", "暖气管漏水", "热力站停暖"),
    "停车管理": ("门口乱停车", "停车位被占", "停车费太贵", "充电桩坏了"),
}
PLACES = tuple("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳")
ASKED = Asked("handled-cases", "said", "category")
NAME = "petition-triage"


def _rows():
    return [
        f"{number},{place}院{word}，请处理第{turn}次,{label}"
        for number, (label, word, place, turn) in enumerate(
            (label, word, place, turn)
            for label, words in SAID.items() for word in words for place in PLACES[:8] for turn in (1, 2)
        )
    ]  # fmt: skip


@pytest.fixture
def table(district, tmp_path, monkeypatch):
    """A table of handled cases in the lake; one label has too few cases, one text holds a name and a number."""
    monkeypatch.setattr(lake, "target_of", lambda _table: Target("command-centre", "general-3"))
    text = Column("said", ColumnType.TEXT, Text("诉求内容", "What was said"))
    label = Column("category", ColumnType.TEXT, Text("类别", "Category"))
    key = Column("id", ColumnType.TEXT, Text("编号", "Number"))
    lake.define(
        Contract("handled-cases", (key, text, label), ("id",), title=Text("办结案例", "Handled cases"))
    )
    rows = [*_rows(), "x1,联系人欧阳志远电话13800012345反映暖气不热,供暖", "x2,学校门口很堵请协调,教育"]
    file = tmp_path / "cases.csv"
    file.write_text("\n".join(["id,said,category", *rows]), "utf8")
    lake.load("handled-cases", Source.file(file))
    return "handled-cases"


@pytest.fixture
def trained(table, actor):
    """Model 1 of the triage, trained."""
    return training.work_here(NAME, training.ask(actor("zhou.min"), NAME, ASKED).number)


def test_from_a_table_to_a_model_in_use(trained, actor):
    assert (trained.state, trained.number, trained.left_out) == ("ready", 1, {"教育": 1})
    assert trained.cases == len(_rows()) + 1
    assert trained.figures["first"] > 0.9
    assert trained.figures["usual"] < 0.4
    assert trained.beside == {}
    assert trained.snapshots == (lake.latest("handled-cases").urn,)
    entry = ledger.entry(trained.entry)
    assert entry.kind == "market.model"
    assert entry.payload["file"]["sha256"] == trained.sha256
    assert entry.payload["snapshots"] == list(trained.snapshots)
    assert not list(verify_model(entry))
    module = shelf.module(NAME)
    before = _call(module, "暖气管一直不热")
    training.use(actor("zhou.min"), NAME, 1)
    after = _call(module, "暖气管一直不热")
    assert (before.version, after.version) == ("1.1.0", "1.1.0+1")
    assert after.output["results"][0]["label"] == "供暖"
    assert any(each["where"] == "片段" for each in after.output["results"][0]["reasons"])
    assert len(after.output["results"][0]["others"]) == 2
    training.use(actor("zhou.min"), NAME, training.SHIPPED)
    assert _call(module, "暖气管一直不热").output == before.output
    assert [each["number"] for each in audit.details("market.use-model")] == [0, 1]  # the newest first


def _call(module, text):
    checked = calling.check(module.manifest, {"texts": [text]}, 0)
    return calling.work(module.manifest, Holder("try:x", module.id, 9, 9), checked, (1, 1, None), "try")


def test_a_second_run_changes_nothing_and_the_same_seed_gives_the_same_bytes(trained, actor):
    entries = len(list(ledger.entries_about(trained.urn)))
    assert training.work_here(NAME, 1).sha256 == trained.sha256
    assert len(list(ledger.entries_about(trained.urn))) == entries
    again = training.work_here(NAME, training.ask(actor("zhou.min"), NAME, ASKED).number)
    other = training.work_here(NAME, training.ask(actor("zhou.min"), NAME, replace(ASKED, seed=2)).number)
    assert (again.number, again.sha256) == (2, trained.sha256)
    assert other.sha256 != trained.sha256


def test_nothing_of_one_person_is_in_the_file(trained):
    body = (training.folder(NAME) / f"{trained.sha256}.model").read_bytes()
    words = learned.parse(body).vocabulary
    assert "暖气" in words
    assert not {"欧阳", "志远", "欧阳志", "138"} & set(words)
    assert all(len(each) <= 3 for each in words)


def test_a_file_that_was_changed_is_not_used(trained, actor):
    training.use(actor("zhou.min"), NAME, 1)
    file = training.folder(NAME) / f"{trained.sha256}.model"
    body = bytearray(file.read_bytes())
    body[-1] ^= 1
    file.write_bytes(body)
    model_files.opened.cache_clear()
    runner.stop()
    with pytest.raises(ModelSpoilt):
        _call(shelf.module(NAME), "暖气不热")
    assert list(verify_model(ledger.entry(trained.entry)))
    training.use(actor("zhou.min"), NAME, training.SHIPPED)
    assert _call(shelf.module(NAME), "暖气不热").version == "1.1.0"


def test_who_may_and_what_is_refused(table, actor, monkeypatch):
    office = actor("zhou.min")
    for login in ("gao.yang", "lin.zhiyuan", "wu.fan", "tang.wei"):
        with pytest.raises(Refused):
            training.ask(actor(login), NAME, ASKED)
        with pytest.raises(Refused):
            training.use(actor(login), NAME, 0)
    with pytest.raises(NoLearning):
        training.ask(office, "uscc-check", ASKED)
    for wrong in (replace(ASKED, text="id"), replace(ASKED, label="none"), replace(ASKED, label="said")):
        with pytest.raises(BadCases):
            training.ask(office, NAME, wrong)
    with pytest.raises(NoSuchTraining):
        training.use(office, NAME, 7)
    made = training.ask(office, NAME, ASKED)
    with pytest.raises(NotReady):
        training.use(office, NAME, made.number)
    monkeypatch.setattr(cases, "LEAST", 10_000)
    failed = training.work_here(NAME, made.number)
    assert (failed.state, failed.error["code"]) == ("failed", "market.bad-cases")


def test_the_pages_and_the_interface(table, signed):
    browser = signed("zhou.min")
    assert "handled-cases" in browser.get(f"/market/modules/{NAME}/models").content.decode()
    page = browser.get(f"/market/modules/{NAME}/models?table=handled-cases").content.decode()
    assert 'name="text"' in page
    made = browser.post(
        f"/market/modules/{NAME}/models", {"table": table, "text": "said", "label": "category", "seed": "1"}
    )
    assert made.url == f"/market/modules/{NAME}/models/1"
    assert "progress" in browser.get(made.url).content.decode()
    training.work_here(NAME, 1)
    assert "停车管理" in browser.get(made.url).content.decode()
    used = browser.put(
        f"/api/market/modules/{NAME}/model", json.dumps({"number": 1}), content_type="application/json"
    )
    assert used.json()["number"] == 1
    module = Client().get(f"/api/market/modules/{NAME}").json()
    assert module["model"]["number"] == 1
    assert "办结案例" in Client().get(f"/market/modules/{NAME}").content.decode()
    assert browser.post(f"/market/modules/{NAME}/models/use", {"number": "0"}).status_code == 302
    assert Client().get(f"/api/market/modules/{NAME}").json()["model"] is None
    assert browser.get(f"/api/market/modules/{NAME}/models").json()[0]["figures"]["first"] > 0.9
    assert signed("gao.yang").get(f"/market/modules/{NAME}/models").status_code == 403
    bad = browser.post(f"/market/modules/{NAME}/models", {"table": table, "text": "said", "label": "said"})
    assert bad.status_code == 422


def test_the_command_trains_lists_and_chooses(table):
    runner_ = CliRunner()
    made = runner_.invoke(market, ["train", NAME, table, "--text", "said", "--label", "category", "--json"])
    assert json.loads(made.output)[0]["state"] == "ready"
    assert runner_.invoke(market, ["use", NAME, "1"]).exit_code == 0
    assert "active" in runner_.invoke(market, ["models", NAME]).output
    assert runner_.invoke(market, ["use", NAME, "0"]).output.strip() == f"{NAME} 0"


def test_a_spoilt_file_is_told_and_never_run():
    given = [
        learning.Case(f"{place}{word}", (label,))
        for label, words in SAID.items()
        for word in words
        for place in PLACES
    ]
    model, held = learning.learn(given, evidence, seed=3, facts={"seed": 3})
    body = learned.dump(model)
    assert learned.dump(learned.parse(body)) == body
    for spoilt in (
        b"",
        body[:-4],
        b"x" + body,
        body.replace(b'"labels"', b'"label_"'),
        learned.MAGIC + b"\xff" * 20,
    ):
        with pytest.raises(learned.BadModel):
            learned.parse(spoilt)
    assert held.first > 0.5
    assert {each["label"] for each in learning.by_label(given, held)} == set(SAID)
    decision = model.decide("甲院供暖温度低", evidence)
    assert decision.ranked[0][0] == "供暖"
    assert decision.reasons
    assert sum(share for _label, share in decision.ranked) == pytest.approx(1, abs=1e-5)


def test_pieces_cross_no_mark_and_hold_no_number():
    found = pieces("停车。138号楼Ab")
    assert "车0" not in found
    assert {"停车", "0", "号楼", "ab"} <= set(found)
    assert found["停车"] == 3
