"""Columns as offices keep them, drawn by rules of their own, on which the patterns of grading are not tuned.

A label is empty where the column only looks like a kind. What was measured when is said in ``grading_held_out``.
"""

import random
from collections.abc import Callable

Draw = Callable[[random.Random], str]
Columns = tuple[tuple[str, tuple[str, ...], Draw], ...]
_DIVISIONS = ("110101", "110105", "130102", "210203", "310104", "320583", "440305", "510107", "610113")
_FAMILY = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋"
    "郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂红建国志华文玉梅春生海波鹏飞雪婷欣怡子涵浩宇梓轩诗雨"
)
UNKNOWN_FIRST = ("", "", "无", "-", "不详", "/", "未提供")
UNKNOWN_SECOND = ("", "暂缺", "待补", "同上", "？", "不便透露", "0")
UNKNOWN_THIRD = ("", "未登记", "未采集", "N", "未知情况", "已销户")
_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"


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


def _grouped(text: str, mark: str) -> str:
    return mark.join(text[place : place + 4] for place in range(0, len(text), 4))


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


FIRST: Columns = (
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
SECOND: Columns = (
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
THIRD: Columns = (
    ("idnumber", ("持证号", "cardid", "m1"), _idnumber),
    ("idnumber", ("残疾人证件号码",), lambda dice: f"{(text := _idnumber(dice))[:6]} {text[6:14]} {text[14:]}"),
    ("uscc", ("承租单位编码", "frdm", "m2"), _uscc),
    ("bankcard", ("养老金发放卡", "jjzh", "m3"), _bankcard),
    ("bankcard", ("缴费卡号",), lambda dice: _grouped(_bankcard(dice), "-")),
    ("mobile", ("业主联系", "bdsj", "m4"), _mobile),
    ("mobile", ("短信接收号码",), lambda dice: f"(+86){_mobile(dice)}"),
    ("mobile", ("备用电话",), lambda dice: f"{_mobile(dice)}（{dice.choice(('女儿', '儿子', '本人', '老伴'))}）"),
    ("landline", ("报修电话", "wydh"), lambda dice: f"{_digits(8, '68')(dice)}-{dice.randint(1, 999)}"),
    ("landline", ("单位总机", "m5"), lambda dice: f"010-{_digits(8, '68')(dice)}/{_digits(8, '68')(dice)}"),
    ("person", ("房东", "授权委托人", "m6"), _person),
    ("person", ("社工姓名", "jzxm"), lambda dice: f" {_person(dice)[:1]} {_person(dice)[1:]}"),
    ("person", ("巡查人员",), lambda dice: f"{_person(dice)}、{_person(dice)}"),
    ("address", ("上门地点", "fwzl", "m7"), _address),
    ("plate", ("停放车辆", "m8"), _plate),
    ("", ("排污许可编号",), lambda dice: f"{_uscc(dice)}{dice.randint(1, 9):03}{dice.choice('PQRV')}"),
    ("", ("快递单", "m9"), lambda dice: dice.choice(("SF", "YT", "JD")) + _digits(13)(dice)),
    ("", ("取水许可文号",), lambda dice: f"京水务审字[{dice.randint(2012, 2025)}]{dice.randint(1, 400)}号"),
    ("", ("花卉", "m10"), _one_of("月季", "金鸡菊", "石竹", "黄杨", "白玉兰", "雷竹", "万寿菊", "马蔺", "丁香")),
    ("", ("店招",), lambda dice: dice.choice("金石安万康和") + dice.choice(("福记", "味斋", "来顺", "丰园", "客隆"))),
    ("", ("井盖编号", "m11"), lambda dice: "1101010203" + _digits(6)(dice)),
    ("", ("考场",), lambda dice: f"{dice.randint(1, 60)}考场{dice.randint(1, 30)}号"),
    ("", ("街巷长管片",), _one_of("东四头条", "东四二条", "礼士胡同", "演乐胡同", "灯草胡同", "报房胡同", "钱粮胡同")),
)  # fmt: skip
