"""The details of a record of the audit trail and the contents of an entry of the log, in words.

Programs get both as they are; here a key has a title, and a value the words of the app that declares them.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from hutong.kernel.text import Text

_KEYS: Final = """
about 关于 About|access 访问号 Access|after 之后 After|answer 答复 Answer|answers 回应 Answers|as_of 截至 As of
at 时间 At|base 主合同 Base contract|basis 依据 Basis|batch 批次 Batch|before 之前 Before
body_sha256 内容摘要 Digest of the contents|by 办理人 By|bytes 字节 Bytes|calls_per_day 每日次数 Calls a day
cases 样本数 Cases|change 动作 Change|changes 变更项 Changes|channel 方式 By way of|code 代码 Code
columns 列 Columns|consumer 使用方 Consumer|contract 合同 Contract|count 数量 Count|dataset 数据集 Dataset
deadline 期限 Deadline|decision 决定 Decision|definition 定义摘要 Digest of the definition
delivery 交付方式 Delivery|digest 摘要 Digest|due 到期 Due|duty 职责 Duty|end 止 End|ended 结束 Ended
entries 日志条目 Entries|entry 日志条目 Log entry|epsilon ε（隐私预算） ε (privacy budget)
epsilon_millionths ε（百万分之） ε, millionths|erased 擦除 Erased|error 错误 Error|evidence 佐证 Evidence
file 文件 File|files 文件 Files|first 首条 First|format 格式 Format|from 起 From|grade 级别 Grade|held 保管 Held
hint 密钥开头 Key begins with|iceberg_snapshot Iceberg快照 Iceberg snapshot|in 读入行数 Rows in|index 序号 Index
indicator 指标 Indicator|items 条数 Items|joins 并入 Joined with|key 密钥 Key|kind 类别 Kind|kinds 类别 Kinds
last 末条 Last|late 逾期单位 Late|link 合并交付 Joined delivery|load 装载 Load|loaded 入库行数 Rows loaded
mode 方式 Mode|module 应用 Module|name 名称 Name|needed 所需会签 Co-signatures needed|note 说明 Note
number 序号 Number|offered 对方条数 Offered|only_matches 只留匹配行 Matches only|order 列序 Order of columns
organisation 单位 Organisation|organisations 单位 Organisations|origin 来源日志 Origin|own 本方 Own
owner 责任单位 Owner|parties 各方 Parties|path 路径 Path|peer 对端 Peer|plan 规划 Plan
policy 见证规则 Rule of witnesses|private 私密承诺 Private commitment|provider 提供方 Provider|purpose 用途 Purpose
purposes 用途 Purposes|push_url 推送地址 Push address|quarantined 隔离行数 Rows put aside|query 查询 Query
question 问题摘要 Digest of the question|reads 所读快照 Snapshots read|reason 理由 Reason|reasons 理由 Reasons
refused 被拒次数 Refused|request 申请 Request|result 结果摘要 Digest of the result|role 角色 Role|root 根 Root
rows 行数 Rows|rows_per_day 每日行数 Rows a day|rule 规则 Rule|run 计算 Run|score 分值 Score
sealed 封存摘要 Sealed digest|seed 种子 Seed|sequence 序号 Sequence|sha256 摘要 Digest|sharing 共享属性 Sharing
since 起 Since|size 大小 Size|snapshot 快照 Snapshot|snapshots 快照 Snapshots|solutions 处理方案 Solutions
stars 评分 Stars|start 起 Start|state 状态 State|status 状态 Status|step 步长 Step|successor 接续 Successor
sure 有把握 Sure|table 表 Table|taken 清理 Taken|terms_sha256 条款摘要 Digest of the terms|text 内容 Text
three 前三命中 Among three|title 标题 Title|to 至 To|unattended 无须复核 Unattended|until 止 Until|usual 常值 Usual
value 值 Value|values 取值数 Values|version 版本 Version|where 条件 Conditions|why 理由 Why|within 所在单位 Within
"""
_CHANGES: Final = {
    "added": Text(zh="新增", en="added"), "changed": Text(zh="变更", en="changed"),
    "retired": Text(zh="停用", en="retired"), "made": Text(zh="创建", en="made"), "asked": Text(zh="申请", en="asked"),
    "agreed": Text(zh="同意", en="agreed"), "refused": Text(zh="不同意", en="refused"),
}  # fmt: skip
_TRUTH: Final = {True: Text(zh="是", en="yes"), False: Text(zh="否", en="no")}
_DIGEST: Final = re.compile(r"[0-9a-f]{32,}\Z")
_LONGEST: Final = 300

Word = Callable[[str], str]
_words: dict[str, Word] = {"change": lambda said: str(_CHANGES.get(said, said))}


def _read(lines: str) -> dict[str, Text]:
    parts = (each.split(" ", 2) for each in lines.strip().replace("\n", "|").split("|"))
    return {name: Text(zh=zh, en=en) for name, zh, en in parts}


TITLES: Final = _read(_KEYS)


def declare(words: Mapping[str, Word]) -> None:
    """Say how the values under a key are told; a function takes the code and gives words in the reader's language."""
    _words.update(words)


def title(key: str) -> str:
    """The title of a key in the reader's language; the key itself where it has none."""
    return str(TITLES.get(key, key))


def told(detail: Mapping[str, Any]) -> str:
    """Everything that was said, in a line of at most 300 characters; what is empty is left out."""
    line = _together(detail, " · ")
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def exact(key: str, said: str) -> str:
    """A text in the words of its app, followed by the code; other texts as they are."""
    words = _words[key](said) if key in _words else said
    return f"{words}（{said}）" if words != said else said


def value(key: str, said: Any) -> str:
    """One value: codes in words, identifiers by their last part, digests by their beginning."""
    match said:
        case None | "" | []:
            return ""
        case bool():
            return str(_TRUTH[said])
        case str():
            return _words[key](said) if key in _words else _short(said)
        case Mapping():
            inner = _together(said, "，")
            return f"（{inner}）" if inner else ""
        case list() | tuple():
            return "、".join(value(key, each) or "—" for each in said)
    return str(said)


def _together(detail: Mapping[str, Any], between: str) -> str:
    said = ((key, value(key, each)) for key, each in detail.items())
    return between.join(f"{title(key)} {text}" for key, text in said if text)


def _short(text: str) -> str:
    if text.startswith("urn:hutong:"):
        return text.split(":", 4)[-1]
    return text[:12] + "…" if _DIGEST.match(text) else text
