"""Input at the edge of each module's schema: an answer that keeps its schema, or an error with a code; never a fall."""

from importlib import import_module

import pytest

from hutong.kernel.errors import HutongError
from hutong.market import usage
from hutong.market.manifests import manifests, shapes
from hutong.market.running import Context, work_of

ODD = ("有限公司", "a" * 100, "\u0000", "😀😀", "。。。", "(())", "1", "[链接", "号号号号" * 20, "*" * 50)
NUMBERS = ([0.0] * 8, [5.0] * 50, [1e15, -1e15] * 20, [1e-300] * 30, [float(each) for each in range(2000)])
CASES = [
    *(("forecast", {"values": list(values), "season": season, "horizon": 200})
      for values in NUMBERS for season in (1, 7, 400)),
    *(("anomaly", {"values": list(values), "season": season}) for values in NUMBERS for season in (1, 7, 400)),
    ("anomaly", {"values": [1.0] * 8, "labels": ["a"]}),
    ("address-parse", {"addresses": [*ODD, ""]}),
    ("uscc-check", {"codes": [*ODD, ""]}),
    ("sign-check", {"signs": [{"zh": each, "en": other} for each in ODD for other in ODD]}),
    ("name-match", {"names": list(ODD), "candidates": list(ODD)}),
    ("petition-triage", {"texts": [*ODD, "", "物业" * 2500]}),
    ("hot-topics", {"messages": [{"id": "x", "text": each, "time": "0001-01-01T00:00:00"} for each in ODD]}),
    *(("deidentify", {"texts": [*ODD, "路" * 19_000, "王" * 19_000],
                      "rows": [{"姓名": each, "邮箱": each, "地址": each, "ok": True, "none": None} for each in ODD],
                      "mode": mode, "salt": "12345678"}) for mode in ("mask", "hash", "replace")),
    ("deidentify", {"texts": ["x"], "mode": "hash"}),
    *(("coordinates", {"points": [{"lon": lon, "lat": lat} for lon in (-180, 105, 180) for lat in (-90, 35, 90)],
                       "source": source, "target": target})
      for source, target in (("bd-09", "gcj-02"), ("wgs-84", "bd-09"))),
    ("geocode", {"places": list(ODD)}),
    ("ocr", {"image": "AAAA", "page": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "given"), CASES)
def test_an_answer_or_a_coded_error(name, given):
    manifest = manifests()[name]
    import_module(f"hutong.market.modules.{manifest.folder}.run")
    inward, outward = shapes(manifest)
    try:
        found = outward.model_validate(work_of(name)(inward.model_validate(given), Context()))
    except HutongError as error:
        assert error.status == 422
        assert error.said.zh != error.said.en
    else:
        assert found.model_dump_json()


@pytest.mark.parametrize(
    ("ms", "said"), [(35, "35 毫秒"), (999, "999 毫秒"), (1000, "1 秒"), (11935, "11.9 秒"), (None, "—")]
)
def test_times_are_said_in_the_unit_that_fits(ms: int | None, said: str) -> None:
    assert usage.took(ms) == said
