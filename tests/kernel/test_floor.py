"""Identifiers, clock, text, errors, money, settings."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from hutong.kernel import clock, settings
from hutong.kernel.errors import HutongError, Invalid, NotFound, Place
from hutong.kernel.money import BadAmount, parse_amount, show_amount
from hutong.kernel.text import Text
from hutong.kernel.urn import BadUrn, Urn


class TestUrn:
    def test_reads_what_it_writes(self):
        urn = Urn("beijing-dongcheng", "snapshot", "air-hourly/3")
        assert Urn.parse(str(urn)) == urn
        assert urn.path == "/id/urn:hutong:beijing-dongcheng:snapshot:air-hourly/3"

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "urn:hutong:a:b",
            "urn:other:a:b:c",
            "urn:hutong:a:b:c d",
            "urn:hutong:A:b:c",
            "urn:hutong:a:b:" + "x" * 241,
            "urn:hutong:a:b:甲",
            "urn:hutong:a:b:c\n",
        ],
    )
    def test_refuses_what_is_none(self, text):
        with pytest.raises(BadUrn) as told:
            Urn.parse(text)
        assert told.value.status == 422

    @given(st.text(max_size=60))
    def test_any_text_is_read_or_refused(self, text):
        try:
            assert str(Urn.parse(text)) == text
        except BadUrn as error:
            assert error.as_dict()["code"] == "kernel.bad-urn"


class TestMoney:
    @pytest.mark.parametrize(("text", "fen"), [
        ("3000 万元", 3_000_000_000), ("1亿元", 10_000_000_000), ("0.01元", 1), ("12,345.67 元", 1_234_567),
        ("50万元", 50_000_000), ("-2 元", -200), ("1.5 千元", 150_000)])  # fmt: skip
    def test_reads_exactly(self, text, fen):
        assert parse_amount(text) == fen

    @pytest.mark.parametrize("text", ["", "12", "元", "0.001元", "一万元", "3 万美元", "1e3 元"])
    def test_refuses_what_is_no_amount(self, text):
        with pytest.raises(BadAmount):
            parse_amount(text)

    @given(st.integers(-(10**15), 10**15))
    def test_whole_yuan_come_back(self, yuan):
        assert parse_amount(f"{yuan} 元") == yuan * 100

    @pytest.mark.parametrize(
        ("fen", "shown"),
        [
            (1, "0.01 元"),
            (1_000_000, "1 万元"),
            (123_456_700, "123.46 万元"),
            (25_000_000_000, "2.5 亿元"),
            (0, "0 元"),
            (-5_000_000, "-5 万元"),
        ],
    )
    def test_shows_a_reader_the_fitting_unit(self, fen, shown):
        assert show_amount(fen) == shown


class TestErrors:
    def test_says_it_in_both_languages_with_place_and_facts(self):
        error = NotFound(what="表 x", place=Place(file="a.csv", row=3, column="uscc"))
        told = error.as_dict()
        assert told["message"] == {"zh": "没有找到 表 x", "en": "表 x was not found"}
        assert told["place"] == {"file": "a.csv", "row": 3, "column": "uscc"}
        assert told["status"] == 404

    def test_every_error_has_a_code_of_its_own_and_both_languages(self):
        seen: dict[str, type] = {}
        todo = [HutongError]
        while todo:
            kind = todo.pop()
            todo += kind.__subclasses__()
            assert kind.message.zh, kind
            assert kind.message.en, kind
            assert seen.setdefault(kind.code, kind) is kind, f"{kind} and {seen[kind.code]} share {kind.code}"
        assert len(seen) > 6

    def test_survives_pickling(self):
        import pickle

        error = pickle.loads(pickle.dumps(Invalid(reason="x", place=Place(line=2))))
        assert error.place == Place(line=2)
        assert error.facts == {"reason": "x"}

    def test_a_missing_fact_does_not_hide_the_error(self):
        assert "{what}" in str(NotFound())


class TestText:
    def test_speaks_the_language_of_the_reader(self):
        text = Text(zh="目录", en="Catalog")
        with translation.override("en"):
            assert str(text) == "Catalog"
        with translation.override("zh-hans"):
            assert str(text) == "目录"
        assert Text(zh="", en="only").in_("zh") == "only"


class TestClock:
    def test_freezes_and_thaws(self):
        noon = datetime(2024, 6, 30, 17, 0, tzinfo=UTC)
        with clock.freeze(noon):
            assert clock.now() == noon
            assert clock.today() == date(2024, 7, 1)
        assert clock.now() != noon

    def test_refuses_a_time_without_zone(self):
        with pytest.raises(ValueError, match="zone"):
            clock.local(datetime(2024, 1, 1))  # noqa: DTZ001 - that is the point


class TestSettings:
    def test_environment_before_file_before_default(self, tmp_path: Path, monkeypatch):
        monkeypatch.setenv("HUTONG_HOME", str(tmp_path))
        settings._file_values.cache_clear()
        assert settings.value("HUTONG_PACK") == "beijing-dongcheng"
        (tmp_path / "hutong.toml").write_text('HUTONG_PACK = "beijing-xicheng"\n')
        settings._file_values.cache_clear()
        monkeypatch.delenv("HUTONG_PACK", raising=False)
        assert settings.value("HUTONG_PACK") == "beijing-xicheng"
        monkeypatch.setenv("HUTONG_PACK", "beijing-chaoyang")
        assert settings.value("HUTONG_PACK") == "beijing-chaoyang"
        settings._file_values.cache_clear()

    def test_a_value_that_cannot_be_read_names_the_setting(self, monkeypatch):
        monkeypatch.setenv("HUTONG_DEMO", "perhaps")
        with pytest.raises(settings.BadSetting) as told:
            settings.value("HUTONG_DEMO")
        assert told.value.facts["name"] == "HUTONG_DEMO"

    def test_an_undeclared_name_is_a_fault_of_the_code(self):
        with pytest.raises(KeyError):
            settings.value("HUTONG_NO_SUCH")
