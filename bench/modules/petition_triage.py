"""Real petitions against the department that answered them: the table as shipped, and what training it would give.

No labelled petitions are free to use; who answered is what is known, so every figure is agreement with that. Training is
measured here with the product's own learning (``hutong market train``), in five parts, each told by what was learnt from
the other four; the models are thrown away. The table was extended by general knowledge and by the names of a published
category tree, never by looking at which letters it fails on. How the table's evidence enters the model (first levels and
leaves, against first levels alone: 1.8 points apart) was chosen on these same letters.
"""

import csv
import gzip
import re
from pathlib import Path
from typing import Any

from hutong.market.logic import learning
from hutong.market.modules.petition_triage.learning import evidence
from hutong.market.modules.petition_triage.run import ranked, sort

DEPARTMENTS = (
    (r"教育局|教体局|教育厅|教育考试院", {"教育文体"}),
    (r"卫健委|卫生健康|卫生局|卫计委|卫生计生|计生", {"卫生健康"}),
    (r"交警|交通警察|车管所", {"公安政法"}),
    (r"公安局|派出所|公安分局", {"公安政法", "商贸旅游"}),
    (r"人社局|人力资源|人社厅|社保局|医保局|医疗保障|住房公积金|公积金", {"劳动和社会保障", "城乡建设"}),
    (r"交通运输局|交通局|轨道集团|公交集团|公路", {"交通运输"}),
    (r"环保局|生态环境|环境保护局", {"环境保护"}),
    (r"民政局|残联|退役军人", {"民政"}),
    (r"农业局|农业农村|水务局|水利|林业", {"农村农业"}),
    (r"住建局|住房和城乡建设|住房城乡|房产局|房管|城管|城市管理|规划局|自然资源和规划", {"城乡建设"}),
    (r"市场监督|工商局|食药|食品药品|质监|商务局|旅游局|文旅", {"商贸旅游", "卫生健康"}),
    (r"税务|财政局|国资委|金融", {"经济管理"}),
)


def answered(shared: Path) -> list[tuple[str, set[str]]]:
    """Title and text, and the categories of the one department that the reply names at its beginning."""
    csv.field_size_limit(10**7)
    found = []
    with gzip.open(shared / "hotline" / "tipdm2020_att4_replies.csv.gz", "rt", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            head = re.sub(r"\s+", "", row["答复意见"])[:160]
            named = [kinds for pattern, kinds in DEPARTMENTS if re.search(pattern, head)]
            if len(named) == 1:
                body = "".join(row["留言详情"].split())
                found.append((f"{row['留言主题'].strip()}。{body}", named[0]))
    return found


def taught(cases: list[tuple[str, set[str]]], *, table: bool) -> learning.HeldOut:
    """What models of four fifths say of the fifth; with what the table says, or from pieces of text alone."""
    given = [learning.Case(text, tuple(sorted(kinds))) for text, kinds in cases]
    _model, held = learning.learn(given, evidence if table else _nothing, seed=1, facts={})
    return held


def _nothing(_text: str) -> dict[str, float]:
    return {}


def measure(shared: Path, part: float = 1.0) -> list[dict[str, Any]]:
    cases = answered(shared)[:: max(1, round(1 / part))]
    sorted_ = [(sort(text), kinds) for text, kinds in cases]
    good = sum(each.level1 in kinds for each, kinds in sorted_)
    clear = [(each, kinds) for each, kinds in sorted_ if not each.review]
    data = {
        "zh": "真实来信，以唯一答复部门所管类别为准（代替人工标注，词表未用该数据训练）",
        "en": "real letters, against what the one department that answered is in charge of (in place of labels; nothing was trained on them)",
    }
    three = sum(bool(kinds & set(ranked(text)[:3])) for text, kinds in cases)
    trained = {
        "zh": "同样的来信，本模块的训练功能：五份，每份由从其余四份学到的模型判断；只为测量，模型未保留（来信许可不明）",
        "en": "the same letters, with the module's own training: five parts, each told by what was learnt from the other "
        "four; a measurement alone, no model is kept, as the licence of the letters is unclear",
    }
    every = answered(shared)
    both, alone = taught(every, table=True), taught(every, table=False)
    lines = (
        ("agrees", "一级类目与答复部门相符", "First level agrees with who answered", good / len(cases), len(cases), data),
        ("agrees-three", "一级类目前三之一与答复部门相符", "One of its first three agrees with who answered",
         three / len(cases), len(cases), data),
        ("agrees-sure", "其中未提请复核的", "Of those it did not ask a person to look at",
         sum(each.level1 in kinds for each, kinds in clear) / max(1, len(clear)), max(1, len(clear)), data),
        ("trained", "训练后（词表加片段），一级类目", "Trained (table and pieces), first level", both.first, len(every), trained),
        ("trained-three", "训练后，前三之一", "Trained, one of its first three", both.three, len(every), trained),
        ("trained-sure", "训练后，其中未提请复核的（界线在同批来信上选定，故略偏高）",
         "Trained, of those it did not ask a person to look at (the bound was chosen on them, so it flatters a little)",
         both.sure or 0.0, max(1, both.sure_cases), trained),
        ("pieces", "对照：只用片段训练，不用词表", "For comparison, trained on pieces without the table", alone.first, len(every), trained),
        ("pieces-three", "对照：只用片段训练，前三之一", "For comparison, pieces alone, one of three", alone.three, len(every), trained),
    )  # fmt: skip
    return [
        {
            "id": key,
            "metric": {"zh": zh, "en": en},
            "value": round(value, 4),
            "unit": "share",
            "cases": many,
            "data": on,
        }
        for key, zh, en, value, many, on in lines
    ]
