"""What can go wrong in the portal.

NotOpen      (404)  nothing is opened under that name; what exists but is closed gets the same answer
NoEdition    (503)  its files are being made
TooLong      (503)  the question took longer than its bound
BadQuery     (422)  the question about rows cannot be read
BadSearch    (422)  the search cannot be read
NameTaken    (409)  a dataset of that name is there already
BadLetter    (422)  a letter of the public is not complete
BadAnswer    (422)  the answer to a letter cannot be shown as it is
TooManyLetters (429)  the box is full, or too many came from one place
OnlyTotals   (403)  rows about people are not published one by one
TooFine      (422)  more columns or values than totals over people are published by
TooMuch      (413)  more was asked than one answer holds
"""

from hutong.kernel.errors import Conflict, Forbidden, HutongError, Invalid, NotFound, TooLarge, Unavailable
from hutong.kernel.text import Text


class NotOpen(NotFound):
    """Nothing is opened under that name."""

    code = "portal.not-open"
    message = Text(zh="没有开放名为“{name}”的数据", en="Nothing is opened under the name “{name}”")
    fix = Text(zh="在开放数据页检索", en="search the open data page")


class NoEdition(Unavailable):
    """The files of the dataset are being made."""

    code = "portal.no-edition"
    message = Text(zh="“{name}”的发布版正在制作", en="The published files of “{name}” are being made")
    fix = Text(zh="请几分钟后再试", en="try again in some minutes")


class TooLong(Unavailable):
    """The question took longer than its bound."""

    code = "portal.too-long"
    message = Text(zh="查询超过 {seconds} 秒", en="The query took more than {seconds} seconds")
    fix = Text(zh="加条件缩小范围，或下载整份文件", en="narrow it down, or download the whole file")


class BadQuery(Invalid):
    """The question about rows cannot be read."""

    code = "portal.bad-query"
    message = Text(zh="无法理解 {key}：{reason}", en="{key} cannot be read: {reason}")
    fix = Text(zh="写法见数据集页的“接口”一栏", en="see the API side of the dataset's page")


class BadSearch(Invalid):
    """The search cannot be read."""

    code = "portal.bad-search"
    message = Text(
        zh="无法理解检索条件 {key}：{reason}", en="The search condition {key} cannot be read: {reason}"
    )
    fix = Text(zh="去掉这一条件再试", en="take the condition away and try again")


class NameTaken(Conflict):
    """A dataset of that name is there already."""

    code = "portal.name-taken"
    message = Text(zh="已有名为“{name}”的数据集", en="There is a dataset called “{name}” already")
    fix = Text(zh="换一个名称", en="choose another name")


class BadLetter(Invalid):
    """A letter of the public is not complete."""

    code = "portal.bad-letter"
    message = Text(zh="来信未收下：{reason_zh}", en="The letter was not taken in: {reason_en}")
    fix = Text(zh="按提示填写后重新提交", en="fill it in as said and send it again")


class BadAnswer(Invalid):
    """The answer to a letter of the public cannot be shown as it is."""

    code = "portal.bad-answer"
    message = Text(zh="答复未发布：{reason_zh}", en="The answer was not published: {reason_en}")
    fix = Text(zh="改好后再发布，或不予公开", en="mend it and publish it again, or refuse the letter")


class TooManyLetters(HutongError):
    """The box is full, or too many came from one place."""

    code = "portal.too-many-letters"
    status = 429
    message = Text(zh="来信过多，暂不接收", en="There are too many letters; none are taken in now")
    fix = Text(zh="请过一会儿再试", en="try again later")


class TooMuch(TooLarge):
    """More was asked than one answer holds."""

    code = "portal.too-much"
    fix = Text(zh="分页取用，或下载整份文件", en="take it page by page, or download the whole file")


class OnlyTotals(Forbidden):
    """Rows about people are not published one by one."""

    code = "portal.only-totals"
    message = Text(
        zh="“{name}”的每一行关于一个人，只公布汇总数",
        en="Each row of “{name}” is about a person; only totals are published",
    )
    fix = Text(zh="用 group_by 和 aggregate 提问", en="ask with group_by and aggregate")


class TooFine(Invalid):
    """More columns or values than totals over people are published by."""

    code = "portal.too-fine"
    message = Text(
        zh="关于人的汇总数不按这么多栏目或取值公布（最多 {most} 栏）",
        en="Totals over people are not published by so many columns or values ({most} columns at most)",
    )
    fix = Text(zh="用更少或更粗的栏目提问", en="ask by fewer or coarser columns")
