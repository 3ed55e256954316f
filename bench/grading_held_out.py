"""Suggested grades of columns that the patterns were not tuned on: precision and recall of each kind.

Three sources. The synthetic district with other seeds; the shared real tables that ``bench.grading`` leaves out, with
labels by hand; and columns as offices keep them, drawn here by rules of their own: other column names (pinyin initials
among them), blanks, dashes and words for "unknown", two kinds in one column, numbers that look like what they are not.
Of the last, the first half was measured and the patterns mended after what it showed; the second half, with other
names and other words, was written with that mending and measured once after it, never tuned on.
"""

import csv
import gzip
import os
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from bench.grading import DEMO, SHARED, TYPES, Case, _text
from bench.result import Result

ROWS, SEEDS, DIRT = 400, (11, 12, 13), (0.0, 0.1, 0.3)
NAMES = {
    "idnumber": "公民身份号码", "mobile": "手机号码", "landline": "固定电话", "person": "姓名", "address": "详细地址",
    "bankcard": "银行卡号", "plate": "车牌号", "uscc": "统一社会信用代码",
}  # fmt: skip
LABELS = {
    "air/PRSA_Data_Dongsi_20130301-20170228.csv.gz": {},
    "bilingual/public_sign_pairs_extracted.csv": {},
    "bilingual/standard_signs.csv": {},
    "boundaries/sizhi_street_bbox_urban6.csv": {
        "minlon": "longitude", "maxlon": "longitude", "minlat": "latitude", "maxlat": "latitude",
    },
    "covid/beijing_district_daily_2020.csv": {},
    "divisions/areacity_beijing_level4_pinyin.csv": {},
    "divisions/beijing_districts.csv": {},
    "hotline/tipdm2020_att1_taxonomy.csv": {},
    "sr311/baltimore_311_sample.csv.gz": {"Address": "address", "Latitude": "latitude", "Longitude": "longitude"},
    "sr311/data237_311.csv.gz": {
        "Incident Address": "address", "Latitude": "latitude", "Longitude": "longitude",
    },
    "sr311/nyc311_jasonlin.csv.gz": {
        "incident_address": "address", "latitude": "latitude", "longitude": "longitude",
    },
    "sr311/nyc_council_constituent_services.csv.gz": {},
    "stats/beijing_district_gdp_2017_2022.csv": {},
    "subway/beijing_subway_stations_gcj02_2019.csv": {"lon_gcj02": "longitude", "lat_gcj02": "latitude"},
    "subway/osm_beijing_subway_station_wgs84_bilingual.csv": {"lat": "latitude", "lng": "longitude"},
}  # fmt: skip
Draw = Callable[[random.Random], str]
_DIVISIONS = ("110101", "110105", "130102", "210203", "310104", "320583", "440305", "510107", "610113")
_FAMILY = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋"
    "郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂红建国志华文玉梅春生海波鹏飞雪婷欣怡子涵浩宇梓轩诗雨"
)
_UNKNOWN = ("", "", "无", "-", "不详", "/", "未提供")
_UNKNOWN_ELSEWHERE = ("", "暂缺", "待补", "同上", "？", "不便透露", "0")
_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def run() -> Iterable[Result]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hutong.project.settings")
    import django  # noqa: PLC0415 - the settings come first

    django.setup()
    sources = {
        "other seeds of the synthetic district": list(_seeds()),
        "real tables left out": list(_real()) if SHARED.is_dir() else [],
        "columns as offices keep them, first": list(_offices(FIRST, _UNKNOWN)),
        "columns as offices keep them, second": list(_offices(SECOND, _UNKNOWN_ELSEWHERE)),
    }
    for what, cases in sources.items():
        for named in (True, False):
            yield from _measured(what, cases, named=named)


def _measured(what: str, cases: list[Case], *, named: bool) -> Iterator[Result]:
    from hutong.catalog.logic.patterns import guess  # noqa: PLC0415 - after the settings

    right, said, wanted = Counter[str](), Counter[str](), Counter[str]()
    faults: dict[str, list[str]] = {}
    for file, names, label, counted in cases:
        found = guess(counted, *(names if named else ()))
        kind = found.kind.id if found else ""
        wanted[label] += 1
        said[kind] += 1
        right[label] += kind == label
        if kind != label:
            for each in filter(None, {kind, label}):
                faults.setdefault(each, []).append(f"{file} {names[0]}: {label or '—'} → {kind or '—'}")
    how = "names and values" if named else "values alone"
    for kind, title in NAMES.items():
        if not (wanted[kind] or said[kind]):
            continue
        precision = right[kind] / said[kind] if said[kind] else float("nan")
        recall = right[kind] / wanted[kind] if wanted[kind] else float("nan")
        told = f"recall {recall:.2f}; {wanted[kind]} columns, {said[kind]} claimed; " + "; ".join(
            sorted(set(faults.get(kind, ())))[:3]
        )
        yield Result(f"held out, {what}, {how}: {title} precision", precision, "", peer=told)
    none = sum(1 for _file, _names, label, _counted in cases if not label)
    yield Result(
        f"held out, {what}, {how}: columns of no kind left alone",
        right[""] / max(1, none),
        "",
        peer=f"{none} columns",
    )


def _seeds() -> Iterator[Case]:
    from hutong.catalog import sampling  # noqa: PLC0415 - after the settings
    from hutong.demo.logic.draw import Dice  # noqa: PLC0415
    from hutong.demo.logic.world import make  # noqa: PLC0415
    from hutong.packs.api import load  # noqa: PLC0415

    specs = [item.value for item in load("beijing-dongcheng").sections["datasets"]]
    for seed in SEEDS:
        world = make(Dice(seed, months=6, scale=0.3))
        for spec in specs:
            made = world.get(spec.id)
            if made is None:
                continue
            columns = [each for each in spec.contract.columns if each.name in made.columns]
            text = [[_text(value) for value in made.columns[each.name][:5000]] for each in columns]
            counted = sampling.of_rows([each.name for each in columns], list(zip(*text, strict=True)))
            for each in columns:
                label = DEMO.get((spec.id, each.name)) or TYPES.get(each.type.value, "")
                yield f"{spec.id} seed {seed}", [each.name, each.title.zh], label, counted[each.name]


def _real() -> Iterator[Case]:
    from hutong.catalog import sampling  # noqa: PLC0415 - after the settings

    for name, labels in LABELS.items():
        with _opened(name) as stream:
            reader = csv.reader(stream)
            head = next(reader)
            rows = [row for row, _ in zip(reader, range(5000), strict=False) if len(row) == len(head)]
        counted = sampling.of_rows(head, rows)
        for column in head:
            yield name, [column], labels.get(column, ""), counted[column]
    lines = _addresses()
    for title in ("地址", "jzdz", "居住地"):
        yield (
            "address/ncap_test.txt.gz",
            [title],
            "address",
            sampling.of_rows(["a"], [[each] for each in lines])["a"],
        )


def _opened(name: str) -> "gzip.GzipFile":
    file = SHARED / name
    if name.endswith(".gz"):
        return gzip.open(file, "rt", encoding="utf-8-sig", newline="")  # type: ignore[return-value]
    return file.open(encoding="utf-8-sig", newline="")  # type: ignore[return-value]


def _addresses() -> list[str]:
    """Addresses as people wrote them; they stand in the file one character a line."""
    with gzip.open(SHARED / "address/ncap_test.txt.gz", "rt", encoding="utf-8") as stream:
        found, parts = [], list[str]()
        for line in stream:
            if line.strip():
                parts.append(line.split()[0])
            elif parts:
                found.append("".join(parts))
                parts = []
    return found


def _offices(
    columns: tuple[tuple[str, tuple[str, ...], Draw], ...], unknown: tuple[str, ...]
) -> Iterator[Case]:
    from hutong.catalog import sampling  # noqa: PLC0415 - after the settings

    for label, names, draw in columns:
        for seed in SEEDS:
            for dirt in DIRT:
                dice = random.Random(f"{names[0]} {label} {seed} {dirt}")
                rows = [[dice.choice(unknown) if dice.random() < dirt else draw(dice)] for _ in range(ROWS)]
                counted = sampling.of_rows(["c"], rows)["c"]
                for name in names:
                    yield f"office {dirt:.0%} blank", [name], label, counted


def _idnumber(dice: random.Random) -> str:
    born = f"{dice.randint(1940, 2015)}{dice.randint(1, 12):02}{dice.randint(1, 28):02}"
    body = f"{dice.choice(_DIVISIONS)}{born}{dice.randint(0, 999):03}"
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


def _uscc(dice: random.Random) -> str:
    body = (
        dice.choice("159") + dice.choice("123") + dice.choice(_DIVISIONS) + "".join(dice.choices(_CODE, k=9))
    )
    total = sum(_CODE.index(each) * (3**place % 31) for place, each in enumerate(body))
    return body + _CODE[(31 - total % 31) % 31]


def _bankcard(dice: random.Random) -> str:
    body = dice.choice(("621700", "622848", "625955", "621226")) + f"{dice.randint(0, 10**12 - 1):012}"
    total = 0
    for place, digit in enumerate(reversed(body)):
        number = int(digit) * (2 if place % 2 == 0 else 1)
        total += number - 9 if number > 9 else number
    return body + str(-total % 10)


def _mobile(dice: random.Random) -> str:
    return f"1{dice.choice('3456789')}{dice.randint(0, 10**9 - 1):09}"


def _person(dice: random.Random) -> str:
    return dice.choice(_FAMILY) + "".join(dice.choices(_GIVEN, k=dice.choice((1, 2, 2))))


def _plate(dice: random.Random) -> str:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    return (
        dice.choice("京京京京津冀沪")
        + dice.choice(letters)
        + "".join(dice.choices(letters + "0123456789", k=5))
    )


def _address(dice: random.Random) -> str:
    street = dice.choice(
        ("东四十条", "安定门外大街", "幸福大街", "体育馆路", "景山后街", "地坛北里", "和平里西街")
    )
    tail = dice.choice(("{}号院{}号楼{}单元{}室", "{}号", "{}号{}层{}", "甲{}号{}室", "{}巷{}号"))
    district = dice.choice(("北京市东城区", "东城区", ""))
    return f"{district}{street}{tail.format(*(dice.randint(1, 40) for _ in range(4)))}"


def _digits(count: int, first: str = "123456789") -> Draw:
    return lambda dice: dice.choice(first) + "".join(dice.choices("0123456789", k=count - 1))


def _one_of(*texts: str) -> Draw:
    return lambda dice: dice.choice(texts)


FIRST: tuple[tuple[str, tuple[str, ...], Draw], ...] = (
    ("idnumber", ("身份证件号", "zjhm", "sfzh", "户主证件", "c7"), _idnumber),
    ("idnumber", ("证件号码", "sfzhm"), lambda dice: _idnumber(dice).lower()),
    ("uscc", ("单位代码", "tyshxydm", "社会信用代码", "纳税人识别号", "c3"), _uscc),
    ("bankcard", ("收款账号", "发放账户", "yhzh", "补贴卡", "c9"), _bankcard),
    ("mobile", ("联系电话", "lxdh", "手机", "家属联系方式", "c5"), _mobile),
    ("mobile", ("联系电话", "lxfs"), lambda dice: f"{(text := _mobile(dice))[:3]}-{text[3:7]}-{text[7:]}"),
    ("mobile", ("联系电话",), lambda dice: _mobile(dice) if dice.random() < 0.7 else f"010-{_digits(8, '68')(dice)}"),
    ("landline", ("单位电话", "dwdh", "传真"), lambda dice: f"010-{_digits(8, '68')(dice)}"),
    ("person", ("姓名", "xm", "经办人", "户主", "监护人姓名", "c2"), _person),
    ("person", ("负责人", "法人"), _person),
    ("address", ("居住地址", "jzdz", "现住址", "经营场所", "c8"), _address),
    ("plate", ("车牌", "cphm", "车辆号牌", "c4"), _plate),
    ("plate", ("号牌号码",), lambda dice: f"{(text := _plate(dice))[:2]}·{text[2:]}"),
    ("", ("订单号", "流水号", "card_serial"), _digits(18)),
    ("", ("设备编号", "批次", "卡片序号"), _digits(16)),
    ("", ("工单号", "phone_model"), _digits(11, "2456789")),
    ("", ("网格编码", "单元网格"), lambda dice: "110101" + _digits(9)(dice)),
    ("", ("街道", "subdistrict"),
     _one_of("东华门街道", "景山街道", "交道口街道", "安定门街道", "北新桥街道", "东四街道")),
    ("", ("站名", "地铁站"),
     _one_of("王府井", "灯市口", "东四", "张自忠路", "北新桥", "雍和宫", "安定门", "和平里北街")),
    ("", ("品类", "商品名"),
     _one_of("白菜", "黄瓜", "西红柿", "马铃薯", "胡萝卜", "金针菇", "石榴", "车厘子", "方便面")),
    ("", ("单位名称", "主管单位"), lambda dice: f"北京{dice.choice('华信泰恒盛')}{dice.choice(_GIVEN)}科技有限公司"),
    ("", ("处理意见",),
     _one_of("已转街道办理", "联系人未接电话", "已于12日到现场，路面已修复", "请提供身份证号", "不属实")),
    ("", ("型号", "plate_thickness"),
     lambda dice: f"{dice.choice('ABC')}{dice.randint(100, 999)}-{dice.randint(1, 99)}"),
    ("", ("金额", "应收"), lambda dice: f"{dice.uniform(0, 1e6):.2f}"),
    ("", ("采集时间",),
     lambda dice: f"2024-{dice.randint(1, 12):02}-{dice.randint(1, 28):02} {dice.randint(0, 23):02}:00"),
)  # fmt: skip
SECOND: tuple[tuple[str, tuple[str, ...], Draw], ...] = (
    ("idnumber", ("本人证件", "gmsfhm", "老人证件号", "k1"), _idnumber),
    ("uscc", ("机构代码", "xydm", "法人代码", "k2"), _uscc),
    ("bankcard", ("一卡通账号", "skzh", "社保卡账户", "k3"), _bankcard),
    ("mobile", ("家长手机号", "yddh", "紧急联络", "k4"), _mobile),
    ("mobile", ("回访电话",), lambda dice: f"+86 {_mobile(dice)}"),
    ("mobile", ("通讯方式",), lambda dice: f"{_mobile(dice)}、{_mobile(dice)}"),
    ("landline", ("值班电话", "zbdh"), lambda dice: f"(010){_digits(8, '68')(dice)}"),
    ("landline", ("办公电话",), _digits(8, "68")),
    ("person", ("患者姓名", "业主", "申报人", "nsrmc", "k5"), _person),
    ("person", ("网格员",), lambda dice: f"{_person(dice)}（兼）" if dice.random() < 0.2 else _person(dice)),
    ("address", ("服务地点", "txdz", "户籍所在地", "k6"), _address),
    ("plate", ("违停车辆", "hphm", "k7"), _plate),
    ("", ("发票号", "k8"), _digits(20)),
    ("", ("物流单号", "条码"), _digits(13)),
    ("", ("学号", "电话会议号"), _digits(9)),
    ("", ("社区", "居委会"),
     _one_of("东四社区", "韶九社区", "台基厂社区", "多福巷社区", "演乐社区", "史家社区", "礼士社区")),
    ("", ("公园", "景点"), _one_of("景山", "龙潭湖", "青年湖", "柳荫公园", "地坛", "明城墙", "皇城根", "菖蒲河")),
    ("", ("药品", "曲目"), _one_of("金银花", "黄芪", "石斛", "白芷", "梅花三弄", "高山流水", "雷公藤", "方解石")),
    ("", ("企业简称",), lambda dice: "".join(dice.choices("华信泰恒盛金石万安康", k=dice.choice((2, 3))))),
    ("", ("批复文号",), lambda dice: f"东政发〔{dice.randint(2010, 2024)}〕{dice.randint(1, 99)}号"),
    ("", ("标段", "plate_no_of_building"), lambda dice: f"{dice.randint(1, 99)}号标段"),
    ("", ("经费",), lambda dice: str(dice.randint(1000, 10**8))),
)  # fmt: skip
