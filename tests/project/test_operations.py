"""The page of background jobs, health and settings."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from hutong.accounts import organisations, people
from hutong.accounts.organisations import Facts
from hutong.kernel import doctor, jobs
from hutong.kernel.doctor import Finding
from hutong.kernel.models import JobRun
from hutong.kernel.text import Text
from hutong.project import operations

FAILED = {
    "message": {"zh": "文件无法读取", "en": "The file cannot be read"},
    "fix": {"zh": "换一个文件", "en": "take another file"},
}


@pytest.fixture
def client_of(db: None, settings: Any) -> Callable[[str], Client]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    organisations.apply("beijing-dongcheng", [Facts("office", "办公室", "Office", "bureau")])

    def make(role: str) -> Client:
        login = f"some-{role.replace('_', '-')}"
        people.add(login, Text("某人", "Somebody"), role, "office", "correct horse battery 蓄电池")
        client = Client(headers={"accept": "text/html"})
        client.force_login(people.find(login), backend="hutong.accounts.backend.PersonBackend")
        return client

    return make


def test_every_job_has_a_title():
    declared = {each.name for each in jobs._jobs.values() if each.work.__module__.startswith("hutong.")}
    assert set(operations.TITLES) == declared


def test_jobs_by_state_with_the_reason_and_without_their_arguments(client_of):
    JobRun.objects.create(
        id="lake.load-1-a", name="lake.load@1", state="failed", error=FAILED, arguments={"path": "机密.csv"}
    )
    JobRun.objects.create(id="lake.load-1-b", name="lake.load@1", state="running", done=5, total=1200)
    operator = client_of("operator")
    shown = operator.get("/operations").content.decode()
    assert "数据装载" in shown
    assert "文件无法读取 → 换一个文件" in shown
    assert "5 / 1,200" in shown
    assert "机密" not in shown
    failed = operator.get("/operations?state=failed").content.decode()
    assert "文件无法读取" in failed
    assert "1,200" not in failed
    english = operator.get("/operations?state=failed", headers={"accept-language": "en"})
    assert english.status_code == 200
    assert operator.get("/operations?state=nonsense&page=x").status_code == 200


def test_only_those_who_watch_the_platform_see_it(client_of):
    assert client_of("steward").get("/operations").status_code == 403
    assert client_of("leader").get("/operations").status_code == 403
    client = client_of("data_office")
    assert '<a href="/operations">查看后台任务</a>' in client.get("/account").content.decode()
    office = client.get("/operations").content.decode()
    assert "后台任务" in office
    assert "系统设置" not in office, "settings are for others"


def test_the_examination_is_what_the_doctor_says(client_of, monkeypatch: pytest.MonkeyPatch):
    fix = Text(zh="换一块盘", en="take another disk")
    found = {
        "a.fine": Finding(ok=True, what=Text(zh="很好", en="fine")),
        "b.wrong": Finding(ok=False, what=Text(zh="盘满了", en="the disk is full"), fix=fix),
    }
    monkeypatch.setattr(doctor, "examine", lambda first: found)
    administrator = client_of("administrator")
    assert "盘满了" not in administrator.get("/operations").content.decode(), "it is examined when asked for"
    shown = administrator.get("/operations?health=1").content.decode()
    assert shown.index("盘满了") < shown.index("很好"), "what is wrong comes first"
    assert "换一块盘" in shown
    assert "盘满了" not in client_of("data_office").get("/operations?health=1").content.decode()


def test_settings_are_listed_and_texts_are_not_shown(client_of, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HUTONG_API_RATE", "977/min")
    shown = client_of("administrator").get("/operations").content.decode()
    assert "HUTONG_API_RATE" in shown
    assert "977/min" not in shown
    assert "已设置" in shown
