"""Letters of an invented public, so that the open portal's pages show how asking and answering look."""

from typing import Final

from hutong.accounts.api import Role, system
from hutong.portal import api as portal

_LETTERS: Final = (
    (
        "request",
        "希望开放公共停车场泊位数据（演示）",
        "想做一个找车位的小程序，希望开放停车场位置、泊位数和开放时间。",
        "",
        "已列入开放计划，预计按期开放停车场和泊位数据集。",
    ),
    (
        "feedback",
        "有一家书店的坐标偏了（演示）",
        "地图上一家书店落在了马路中间，请核对坐标系是否换算。",
        "culture-venues",
        "已核对：来源坐标为 GCJ-02，入湖时换算为 WGS 84；该点来源有误，已退回提供单位校核。",
    ),
    (
        "request",
        "能否按小时发布空气质量的历史数据（演示）",
        "课题需要三年的小时值，现在只有近期的。",
        "air-hourly",
        "",
    ),
)


def write_letters() -> int:
    """Send the letters and answer those that have an answer, once; returns how many were sent."""
    if portal.letters_so_far():
        return 0
    sent = 0
    for kind, title, text, dataset, answer in _LETTERS:
        if dataset and not portal.is_open(dataset):
            continue
        number = portal.send_letter(kind, title, text, dataset)
        sent += 1
        if answer:
            portal.answer(system(Role.DATA_OFFICE), number, answer)
    return sent
