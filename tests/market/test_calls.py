"""A call from the key to the book: subscriptions, quotas, bounds, and modules that misbehave."""

import html
import json
import re
import shlex
from datetime import timedelta

import pytest
from django.test import Client

from hutong.accounts.api import Refused
from hutong.kernel import clock
from hutong.kernel.errors import Forbidden
from hutong.market import calling, jobs, manifests, metering, runner, shelf, subscriptions, usage
from hutong.market.errors import (
    AlreadyThere,
    BadKey,
    Crashed,
    NoSuchSubscription,
    NotWaiting,
    QuotaSpent,
    TooMuch,
    TooSlow,
    WrongModule,
)  # fmt: skip
from hutong.market.logic import example
from hutong.market.models import CallRow, KeyRow, Meter, SubscriptionRow
from hutong.market.types import Holder, Limits, State

pytestmark = pytest.mark.django_db
GOOD = "91110000802100433B"
CALL = "/api/market/modules/uscc-check/call"


def _subscribed(actor, module="uscc-check"):
    person = actor("wu.fan")
    made = subscriptions.subscribe(person, module, "核对供应商名录")
    return person, made, subscriptions.make_key(person, made.id)


def _post(body, key="", address=CALL):
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return Client().post(address, body, content_type="application/json", headers=headers)


def test_from_the_subscription_to_the_answer(actor):
    _person, made, key = _subscribed(actor)
    answer = _post(json.dumps({"codes": [GOOD, "1"]}), key)
    assert answer.status_code == 200
    body = answer.json()
    assert [each["valid"] for each in body["output"]["results"]] == [True, False]
    assert body["items"] == 2
    assert body["left"]["day"] == made.day - 2
    row = CallRow.objects.get()
    assert (row.holder, row.items, row.code, row.mode) == (f"subscription:{made.id}", 2, "", "call")
    assert GOOD not in repr(list(CallRow.objects.values_list())) + repr(list(Meter.objects.values_list()))


def test_the_command_beside_a_new_key_works_as_it_is(actor, signed):
    person = actor("wu.fan")
    made = subscriptions.subscribe(person, "uscc-check", "核对供应商名录")
    reader = signed("wu.fan")
    page = reader.post(f"/market/subscriptions/{made.id}/change", {"do": "key"}, follow=True)
    offered = html.unescape(re.findall(r"<code[^>]*>(curl.*?)</code>", page.content.decode(), re.DOTALL)[0])
    _curl, _x, _verb, address, *options = shlex.split(offered)
    headers = dict(each.split(": ") for each in options if ": " in each and not each.startswith("{"))
    answer = Client().post(address, options[-1], content_type="application/json", headers=headers)
    assert answer.status_code == 200
    assert answer.json()["module"] == "uscc-check"
    shown = reader.get("/market/modules/uscc-check").content.decode()
    assert options[-1] in html.unescape(shown)  # the same body, with a place for the key
    assert "hm_…" in shown


def test_a_command_keeps_its_quotes():
    given = {"text": "it's 《东四》", "many": [1, 2]}
    offered = shlex.split(example.command("http://x/call", given))
    assert json.loads(offered[-1]) == given


def test_only_a_digest_of_a_key_is_kept_and_it_ends_at_once(actor):
    person, made, key = _subscribed(actor)
    assert key not in repr(list(KeyRow.objects.values_list()))
    subscriptions.revoke_key(person, made.id, key[:9])
    assert _post('{"codes": ["1"]}', key).json()["code"] == "market.bad-key"
    with pytest.raises(BadKey):
        subscriptions.holder_of_key("hm_guessed", "uscc-check")


def test_ending_ends_the_keys_too(actor):
    person, made, key = _subscribed(actor)
    subscriptions.end(person, made.id)
    assert _post('{"codes": ["1"]}', key).status_code == 401
    with pytest.raises(NotWaiting):
        subscriptions.end(person, made.id)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "market.bad-input"),
        (b"{", 422, "market.bad-input"),
        (b"[1]", 422, "market.bad-input"),
        (b'{"codes": "x"}', 422, "market.bad-input"),
        (b'{"codes": [], "more": 1}', 422, "market.bad-input"),
        (b'{"codes": [1]}', 422, "market.bad-input"),
        (b"{}", 422, "market.bad-input"),
        (b'{"codes": ["\\ud800"]}', 422, "market.bad-input"),
        (b'{"codes": ["' + b"9" * 200_000 + b'"]}', 413, "market.too-much"),
        (b"\xff\xfe", 422, "market.bad-input"),
    ],
)
def test_bad_input_has_a_code_and_costs_nothing(actor, body, status, code):
    _person, _made, key = _subscribed(actor)
    answer = _post(body, key)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert {"zh", "en"} == set(answer.json()["message"])
    assert not re.search("[a-z]{3,} [a-z]{3,}", answer.json()["message"]["zh"])  # nothing left in English
    assert not Meter.objects.exists()


def test_without_a_key_nobody_calls(db):
    assert _post('{"codes": ["1"]}').json()["code"] == "market.no-key"
    assert _post("{}", address="/api/market/modules/nothing/call").json()["code"] == "market.no-such-module"


def test_a_key_opens_one_module(actor):
    _person, _made, key = _subscribed(actor)
    with pytest.raises(WrongModule):
        subscriptions.holder_of_key(key, "coordinates")


def test_a_quota_refuses_with_the_moment_it_resets(actor):
    _person, made, key = _subscribed(actor)
    SubscriptionRow.objects.filter(pk=made.id).update(day=2, month=3)
    assert _post('{"codes": ["1", "2", "3"]}', key).status_code == 429
    assert _post('{"codes": ["1", "2"]}', key).status_code == 200
    spent = _post('{"codes": ["1"]}', key)
    assert spent.json()["code"] == "market.quota-spent"
    assert 0 < int(spent.headers["Retry-After"]) <= 86_400
    with clock.freeze(clock.now() + timedelta(days=1)):
        month = _post('{"codes": ["1", "2"]}', key)
        same_month = clock.today().day != 1
        assert month.status_code == (429 if same_month else 200)


def test_a_quota_counts_what_ran_beside_it(actor):
    holder = Holder("subscription:x", "uscc-check", 5, 10)
    taken = [metering.take(holder, 2) for _ in range(2)]
    assert taken[-1].day == 1
    with pytest.raises(QuotaSpent):
        metering.take(holder, 2)


def test_a_person_tries_without_a_key_and_is_metered(signed):
    browser = signed("gao.yang")
    page = browser.post("/market/modules/uscc-check/try", {"codes": f"{GOOD}\nx"})
    assert page.status_code == 200
    assert "110000" in page.content.decode()
    assert Meter.objects.get().items == 2
    assert browser.post("/market/modules/uscc-check/try", {"codes": ""}).status_code == 422


def test_one_subscription_an_organisation(actor):
    person, _made, _key = _subscribed(actor)
    with pytest.raises(AlreadyThere):
        subscriptions.subscribe(person, "uscc-check", "再来一次")


def test_who_may_not(actor):
    _person, made, _key = _subscribed(actor)
    with pytest.raises(Refused):
        subscriptions.subscribe(actor("lin.zhiyuan"), "uscc-check", "看一看吧")
    with pytest.raises(NoSuchSubscription):
        subscriptions.make_key(actor("gao.yang"), made.id)
    with pytest.raises(NoSuchSubscription):
        subscriptions.seen(actor("gao.yang"), made.id)
    with pytest.raises(Forbidden):
        usage.rate(actor("gao.yang"), "uscc-check", 5, "")


def test_a_rating_counts_once(actor):
    person, _made, _key = _subscribed(actor)
    usage.rate(person, "uscc-check", 2, "")
    usage.rate(person, "uscc-check", 4, "好用")
    assert usage.scores()["uscc-check"].count == 1
    assert usage.scores()["uscc-check"].mean == 4


def test_a_job_goes_on_where_it_broke_off(actor):
    _person, made, key = _subscribed(actor)
    inputs = [{"codes": [GOOD]}, {"codes": ["1"]}, {"codes": ["2"]}]
    sent = _post(json.dumps({"inputs": inputs}), key, "/api/market/modules/uscc-check/jobs")
    assert sent.status_code == 202
    run = sent.json()["id"]
    address = f"/api/market/modules/uscc-check/jobs/{run}"
    headers = {"Authorization": f"Bearer {key}"}
    assert Client().get(f"{address}/result", headers=headers).status_code == 409
    folder = jobs._folder(run)
    (folder / "result.ndjson").write_bytes(b'{"index": 0, "output": {"kept": true}}\n{"index": 1, "ou')
    holder = subscriptions.holder_of(made)
    from hutong.kernel import jobs as kernel
    from hutong.market.models import RunRow

    row = RunRow.objects.get(pk=run)
    kernel.perform(row.job, "market.run@1", {"run": run})
    lines = [json.loads(line) for line in b"".join(jobs.result(holder, run)).splitlines()]
    assert [line["index"] for line in lines] == [0, 1, 2]
    assert lines[0]["output"] == {"kept": True}
    assert not (folder / "input.json").exists()
    assert Client().get(f"{address}x", headers=headers).json()["code"] == "market.no-such-job"


def test_a_job_with_one_bad_input_is_refused_whole(actor):
    _person, _made, key = _subscribed(actor)
    sent = _post('{"inputs": [{"codes": ["1"]}, {}]}', key, "/api/market/modules/uscc-check/jobs")
    assert sent.json()["code"] == "market.bad-input"
    assert sent.json()["facts"]["key"].startswith("inputs.1")
    assert not Meter.objects.exists()


def _with(**limits):
    manifest = manifests.manifests()["uscc-check"]
    return manifest.model_copy(update={"limits": Limits(**limits)})


def test_a_process_that_dies_is_an_error_and_the_next_call_works(actor):
    manifest = _with()
    process = runner._take(manifest)
    process.child.kill()
    process.child.wait()
    with pytest.raises(Crashed):
        runner._ask(process, {"codes": ["1"]}, {}, 5)
    runner._give_back(process)
    assert runner.call(manifest, {"codes": [GOOD]}, {})["output"]["valid"] == 1


def test_a_module_is_bound_in_time_and_memory(monkeypatch):
    runner.stop()
    monkeypatch.setattr(runner, "_STARTING", 0.0)
    with pytest.raises(TooSlow):
        runner.call(_with(seconds=1), {"codes": ["1"]}, {}, seconds=-1)
    monkeypatch.undo()
    with pytest.raises(Crashed):
        runner.call(_with(memory_mb=256), {"codes": ["1"]}, {"areas": ("1", ["x" * 1000] * 400_000)})
    assert runner.call(_with(), {"codes": [GOOD]}, {})["output"]["valid"] == 1


def test_two_processes_at_the_most(district):
    for name in list(shelf.modules())[:4]:
        module = shelf.module(name)
        if not module.manifest.extra:
            runner.call(module.manifest, _defaults(module), {"areas": ("0", {})})
    assert len(runner.running()) <= 2


def _defaults(module):
    return calling.check(module.manifest, module.manifest.samples[0].input, 0)


def test_too_many_items(actor):
    with pytest.raises(TooMuch):
        calling.check(_with(items=1), {"codes": ["1", "2"]}, 0)


def test_an_owner_decides_where_the_offer_says_so(actor, monkeypatch):
    from dataclasses import replace

    real = shelf.module("uscc-check")
    strict = replace(real, offer=replace(real.offer, approval=True))
    monkeypatch.setattr(shelf, "modules", lambda: {"uscc-check": strict})
    person = actor("wu.fan")
    made = subscriptions.subscribe(person, "uscc-check", "核对供应商名录")
    assert made.state is State.WAITING
    with pytest.raises(NotWaiting):
        subscriptions.make_key(person, made.id)
    with pytest.raises(Refused):
        subscriptions.decide(person, made.id, agree=True)
    subscriptions.decide(actor("zhou.min"), made.id, agree=True, day=7)
    assert subscriptions.own(person, made.id).day == 7
    assert subscriptions.make_key(person, made.id).startswith("hm_")


def test_what_a_form_lacks_is_told_at_its_field(actor, signed):
    person, owner, subscriber = actor("wu.fan"), signed("zhou.min"), signed("wu.fan")
    short = subscriber.post("/market/modules/geocode/subscribe", {"purpose": "上图"})
    assert (short.status_code, short.context["fault"]) == (422, "用途应写 4–500 字")
    made = subscriptions.subscribe(person, "geocode", "供应商地址上图")
    for given, key in (
        ({"do": "refuse", "reason": " ", "day": "7"}, "reason"),
        ({"do": "agree", "day": "-5"}, "day"),
        ({"do": "agree", "month": "1e9"}, "month"),
        ({"do": "agree", "month": "999999999"}, "month"),
    ):
        answer = owner.post(f"/market/desk/{made.id}", given)
        (told,) = [each for each in answer.context["waiting"] if each["fault"]]
        assert (answer.status_code, list(told["fault"]), told["found"].id) == (422, [key], made.id)
        assert told["given"].dict() == given
    assert subscriptions.own(person, made.id).state is State.WAITING
    owner.post(f"/market/desk/{made.id}", {"do": "agree", "day": "7"})
    rated = subscriber.post(f"/market/subscriptions/{made.id}/change", {"do": "rate", "stars": "9"})
    assert (rated.status_code, list(rated.context["fault"])) == (422, ["stars"])
