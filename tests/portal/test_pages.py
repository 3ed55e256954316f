"""The portal's pages and files: what everyone sees, and that nothing closed is on any of them."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.test import Client

from hutong.accounts import organisations, people
from hutong.accounts.organisations import Facts
from hutong.kernel import clock
from hutong.kernel.models import AuditRecord
from hutong.kernel.text import Text
from hutong.portal import index, letters, opened, pages, shown, usage
from hutong.portal.models import Letter
from tests.portal import made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
FILE = "/open/venues/files/venues.csv"


def page(path: str) -> str:
    answer = Client(headers={"accept": "text/html"}).get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


PAGES = ["/open", "/open?q=文化", "/open/venues", "/open/venues/metadata", "/open/venues/api", "/open/venues/quality",
         "/open/plan", "/open/terms", "/open/letters", "/sitemap.xml", "/robots.txt", "/dcat/catalog.ttl"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_pages_show_what_is_open_and_nothing_else(path: str):
    text = page(path)
    for hidden in ("elders", "老年人", "secrets", "要害部位", "keeper", "负责人", "王某某", "13800000001"):
        assert hidden not in text


def test_the_list_finds_two_characters_exactly():
    assert "文化场所" in page("/open?q=文化")
    assert "文化场所" not in page("/open?q=化文")
    assert "文化场所" not in page("/open?q=负责人")
    assert "文化场所" in page("/open?theme=culture&format=CSV")


def test_the_preview_has_rows_chart_data_and_linked_data():
    text = page("/open/venues")
    assert "首都“大”剧院" in text
    linked = text.split('<script type="application/ld+json">')[1].split("</script>")[0]
    assert json.loads(linked)["@type"] == "Dataset"


def test_the_plan_says_what_is_overdue_and_what_is_open_is_not(monkeypatch: pytest.MonkeyPatch):
    def step(number: int, by: date, state: str, dataset: str = "") -> SimpleNamespace:
        title = SimpleNamespace(text=Text(zh=f"第{number}项"))
        return SimpleNamespace(
            title=title, organisation="culture", by=by, state=state, dataset=dataset, note=None
        )

    past, day = date(2026, 3, 31), date(2026, 4, 1)
    plan = (
        step(1, past, "preparing"),
        step(2, past, "planned"),
        step(3, day, "planned"),
        step(4, past, "done"),
        step(5, past, "preparing", "venues"),
    )
    terms = replace(pages.terms.current(), plan=plan)
    monkeypatch.setattr(pages.terms, "current", lambda: terms)
    index.follow()
    with clock.freeze(datetime(2026, 4, 1, 3, tzinfo=UTC)):
        states = [pages._step(each)["state"] for each in plan]
    assert [each["state"] for each in states] == ["watch", "watch", "none", "good", "running"]
    assert [str(each["text"]) for each in states] == [
        "准备中，已逾期",
        "计划，已逾期",
        "计划",
        "已开放",
        "准备中",
    ]


def test_a_moment_is_shown_by_the_clock_of_beijing():
    assert shown.cell(None, datetime(2021, 12, 31, 16, 0)) == "2022-01-01 00:00"  # noqa: DTZ001 - as an edition has it
    assert shown.cell(None, datetime(2022, 1, 1, 4, 30, 5, tzinfo=UTC)) == "2022-01-01 12:30:05"
    assert shown.cell(None, date(2022, 1, 1)) == "2022-01-01"


def test_what_is_closed_has_no_page():
    for name in ("elders", "secrets", "nothing"):
        assert Client(headers={"accept": "text/html"}).get(f"/open/{name}").status_code == 404
        assert Client().get(f"/open/{name}/files/{name}.csv").status_code == 404
        assert Client().get(f"/dcat/{name}.ttl").status_code == 404
    made.catalogue(venues="none")
    opened.forget()
    index.forget()
    assert Client().get("/open/venues").status_code == 404
    assert Client().get(FILE).status_code == 404
    assert "venues" not in page("/sitemap.xml")


def test_files_in_every_format_and_in_parts():
    whole = Client().get(FILE)
    text = body(whole).decode()
    assert text.splitlines()[0] == "id,name,kind,seats,fee,opened,free,lon,lat"
    assert "'=HYPERLINK" in text
    assert "王某某" not in text
    raw = text.encode()
    part = Client().get(FILE, headers={"range": "bytes=3-9"})
    assert (part.status_code, part["Content-Range"]) == (206, f"bytes 3-9/{len(raw)}")
    assert body(part) == raw[3:10]
    assert body(Client().get(FILE, headers={"range": "bytes=-5"})) == raw[-5:]
    assert body(Client().get(FILE, headers={"range": "bytes=5-"})) == raw[5:]
    assert body(Client().get(FILE, headers={"range": "bytes=0-3", "if-range": '"old"'})) == raw
    assert Client().get(FILE, headers={"range": f"bytes={len(raw)}-"}).status_code == 416
    assert Client().get(FILE, headers={"if-none-match": whole["ETag"]}).status_code == 304
    for kind in ("json", "geojson", "parquet", "xlsx"):
        answer = Client().get(f"/open/venues/files/venues.{kind}")
        assert answer.status_code == 200
        assert body(answer)
    rows = json.loads(body(Client().get("/open/venues/files/venues.json")))
    assert rows[2]["name"] == '=HYPERLINK("x")'
    assert "keeper" not in rows[0]
    for bad in ("venues.exe", "other.csv", "venues.duckdb"):
        assert Client().get(f"/open/venues/files/{bad}").status_code == 404


def test_a_page_beyond_the_last_says_so_and_leads_back():
    text = page("/open?q=文化&page=900")
    assert "没有这么多页" in text
    assert 'href="/open?q=%E6%96%87%E5%8C%96"' in text
    assert "没有符合条件的开放数据" not in text


@pytest.mark.parametrize(
    "path",
    ["/open?page=0", "/open?page=x", "/open?q=" + "长" * 300, "/dcat/catalog.ttl?page=-1"],
)
def test_bad_questions_are_told(path: str):
    assert Client(headers={"accept": "application/json"}).get(path).status_code == 422


def test_use_is_counted_in_batches_without_names():
    page("/open/venues")
    body(Client().get(FILE))
    Client().get("/api/portal/datasets/venues/rows")
    assert usage.of("venues") == {"view": 0, "download": 0, "call": 0}
    usage.flush()
    assert usage.of("venues") == {"view": 1, "download": 1, "call": 1}


@pytest.fixture
def client_of(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    organisations.apply(
        "beijing-dongcheng",
        [Facts("culture-bureau", "文化局", "Culture", "bureau"), Facts("other", "其他局", "Other", "bureau")],
    )

    def make(role: str, office: str) -> Client:
        people.add(
            f"{role}-{office}".replace("_", "-"),
            Text("张", "Z"),
            role,
            office,
            "correct horse battery 蓄电池",
        )
        client = Client(headers={"accept": "text/html"})
        person = people.find(f"{role}-{office}".replace("_", "-"))
        client.force_login(person, backend="hutong.accounts.backend.PersonBackend")
        return client

    return make


def write(**fields: str):
    asked = {"kind": "request", "title": "请开放停车场", "text": "希望开放停车场和泊位数据", **fields}
    return Client(headers={"accept": "text/html"}).post("/open/letters", asked)


def test_a_letter_is_read_before_it_is_shown(client_of):
    assert write(dataset="venues").status_code == 302
    assert "请开放停车场" not in page("/open/letters")
    letter = Letter.objects.get()
    assert letter.organisation == "culture-bureau"
    other = client_of("steward", "other")
    assert other.get("/open/desk").status_code == 200
    assert "请开放停车场" not in other.get("/open/desk").content.decode()
    refused = other.post("/open/desk", {"letter": letter.pk, "answer": "x", "verdict": "show"})
    assert refused.status_code == 403
    mine = client_of("steward", "culture-bureau")
    assert "请开放停车场" in mine.get("/open/desk").content.decode()
    answered = {"letter": letter.pk, "answer": "已列入计划", "verdict": "show"}
    assert "已答复并公开。" in mine.post("/open/desk", answered, follow=True).content.decode()
    for path in ("/open/letters", "/open/venues"):
        text = page(path)
        assert "请开放停车场" in text
        assert "已列入计划" in text
    assert set(AuditRecord.objects.filter(action__startswith="portal.").values_list("action", flat=True)) == {
        "portal.ask", "portal.answer",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("old", "answer", "said"),
    [
        ("希望开放停车场", " ", "答复 2–2000 字"),
        ("希望开放停车场", "请打 13800138000 联系", "含有手机号码或身份证号，答复会公开"),
        ("请打 13800138000 联系", "已列入计划", "来信含有手机号码或身份证号，不可公开"),
    ],
)
def test_what_cannot_be_shown_is_said_where_it_was_written(client_of, old: str, answer: str, said: str):
    letter = Letter.objects.create(kind="request", title="停车场", text=old, organisation="culture-bureau")
    desk = client_of("steward", "culture-bureau")
    asked = {"letter": letter.pk, "answer": answer, "verdict": "show"}
    sent_back = desk.post("/open/desk", asked)
    assert sent_back.status_code == 422
    assert said in sent_back.content.decode()
    assert answer in sent_back.content.decode()
    assert Letter.objects.get().state == Letter.State.WAITING
    assert desk.post("/open/desk", {**asked, "verdict": "refuse"}).status_code == 302


def test_the_desk_is_for_those_who_answer(client_of):
    assert Client(headers={"accept": "text/html"}).get("/open/desk").status_code == 302
    assert client_of("data_office", "other").get("/open/desk").status_code == 200
    assert client_of("auditor", "other").get("/open/desk").status_code == 403


def test_letters_are_bounded():
    assert write(kind="praise").status_code == 422
    refused = write(text="短")
    assert refused.status_code == 422
    told = refused.content.decode()
    assert 'id="field-text-error"' in told
    assert 'value="请开放停车场"' in told, "what was written is not lost"
    assert write(text="长" * 3000).status_code == 422
    for told in ("请回电 13912345678，谢谢", "身份证 11010519491231002X，请查"):
        refused = write(text=told)
        assert refused.status_code == 422, "letters are shown to everyone"
        assert told in refused.content.decode()
    assert write(dataset="elders").status_code == 404
    codes = [write().status_code for _ in range(10)]
    assert codes[0] == 302
    assert codes[-1] == 429


def test_a_full_box_takes_no_more(monkeypatch):
    monkeypatch.setattr(letters, "_WAITING", 1)
    letters.send("feedback", "标题", "正文五个字")
    with pytest.raises(letters.TooManyLetters):
        letters.send("feedback", "标题", "正文五个字")


def test_a_script_in_a_letter_stays_text():
    row = letters.send("feedback", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>")
    Letter.objects.filter(pk=row.pk).update(state="shown")
    assert "<script>alert(1)" not in page("/open/letters")
    assert "<img src=x" not in page("/open/letters")
