"""Real petitions against the department that answered them, and the leaves of a published category tree.

No labelled petitions are free to use; who answered is what is known, so the first figure is agreement with that.
"""

import csv
import gzip
import re
from pathlib import Path
from typing import Any

from bench.modules import _linear
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
SAME = {
    "城乡建设": "城乡建设", "交通运输": "交通运输", "环境保护": "环境保护", "劳动和社会保障": "劳动和社会保障",
    "教育文体": "教育文体", "卫生计生": "卫生健康", "商贸旅游": "商贸旅游", "政法": "公安政法", "民政": "民政",
    "农村农业": "农村农业", "国土资源": "国土资源", "党务政务": "党务政务", "纪检监察": "纪检监察", "经济管理": "经济管理",
    "科技与信息产业": "科技信息",
}  # fmt: skip


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


def leaves(shared: Path) -> list[tuple[str, str]]:
    with (shared / "hotline" / "tipdm2020_att1_taxonomy.csv").open(encoding="utf-8-sig") as file:
        rows = {(row["三级分类"].strip(), row["一级分类"].strip()) for row in csv.DictReader(file)}
    return sorted((leaf, SAME[top]) for leaf, top in rows if leaf and top in SAME)


def measure(shared: Path, part: float = 1.0) -> list[dict[str, Any]]:
    cases = answered(shared)[:: max(1, round(1 / part))]
    sorted_ = [(sort(text), kinds) for text, kinds in cases]
    good = sum(each.level1 in kinds for each, kinds in sorted_)
    clear = [(each, kinds) for each, kinds in sorted_ if not each.review]
    names = leaves(shared)
    hit = sum(sort(leaf).level1 == top for leaf, top in names)
    data = {
        "zh": "真实来信，以唯一答复部门所管类别为准（代替人工标注，词表未用该数据训练）",
        "en": "real letters, against what the one department that answered is in charge of (in place of labels; nothing was trained on them)",
    }
    every = answered(shared)
    three = sum(bool(kinds & set(ranked(text)[:3])) for text, kinds in cases)
    trained = {
        "zh": "同样的来信：字符片段的线性模型，五折，每折用其余四折训练；仅作对照，未装入模块（训练数据许可不明）",
        "en": "the same letters: a linear model of characters in five parts, each told by the other four; a comparison alone, "
        "not in the module, as the licence of the letters is unclear",
    }
    first, top = _linear.first_three(every)
    return [
        {"id": "agrees", "metric": {"zh": "一级类目与答复部门相符", "en": "First level agrees with who answered"},
         "value": round(good / len(cases), 4), "unit": "share", "cases": len(cases), "data": data},
        {"id": "agrees-three", "metric": {"zh": "一级类目前三之一与答复部门相符", "en": "One of its first three agrees with who answered"},
         "value": round(three / len(cases), 4), "unit": "share", "cases": len(cases), "data": data},
        {"id": "trained", "metric": {"zh": "对照：经训练的线性模型，一级类目", "en": "For comparison, a trained linear model, first level"},
         "value": round(first / len(every), 4), "unit": "share", "cases": len(every), "data": trained},
        {"id": "trained-three", "metric": {"zh": "对照：经训练的线性模型，前三之一", "en": "For comparison, a trained linear model, one of three"},
         "value": round(top / len(every), 4), "unit": "share", "cases": len(every), "data": trained},
        {"id": "agrees-sure", "metric": {"zh": "其中未提请复核的", "en": "Of those it did not ask a person to look at"},
         "value": round(sum(each.level1 in kinds for each, kinds in clear) / max(1, len(clear)), 4), "unit": "share",
         "cases": max(1, len(clear)), "data": data},
        {"id": "leaf-names", "metric": {"zh": "三级类目名称归入正确一级类目", "en": "Names of third-level categories to their first level"},
         "value": round(hit / len(names), 4), "unit": "share", "cases": len(names),
         "data": {"zh": "公开竞赛的类目表，仅凭名称", "en": "the category table of a public contest, by name alone"}},
    ]  # fmt: skip
