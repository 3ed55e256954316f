"""YAML text to plain data: decode it, refuse what YAML would trip over, compose it, explain syntax errors.

The language is a small YAML: mappings, lists, texts, whole and decimal numbers, true/false, null and dates
(YYYY-MM-DD).
"""

import difflib
import re

import yaml

from hutong.kernel.text import Text
from hutong.packs.logic.composing import MAX_DEPTH, Composer, TooDeep
from hutong.packs.logic.tree import Tree
from hutong.packs.types import Mark

MAX_BYTES = 2**20
_LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]")


def read(pack: str, file: str, content: bytes) -> Tree:
    """Read one file of a pack. Never raises on any content: what is wrong is in ``problems``."""
    tree = Tree(pack, file)
    text = _decode(tree, content)
    if text is None or not _clean(tree, text):
        return tree
    try:
        Composer(tree, yaml.parse(text, Loader=_LOADER)).document()
    except yaml.MarkedYAMLError as error:
        _tell_syntax(tree, error)
    except TooDeep as error:
        tree.refuse(
            "too-deep",
            Text(zh=f"不超过 {MAX_DEPTH} 层的内容", en=f"no more than {MAX_DEPTH} levels"),
            Text(zh="减少嵌套", en="nest less"),
            mark=error.mark,
        )
    return tree


def _decode(tree: Tree, content: bytes) -> str | None:
    if len(content) > MAX_BYTES:
        tree.refuse(
            "too-large",
            Text(zh="不超过 1 MB 的文件", en="a file of 1 MB at most"),
            Text(
                zh="拆成多个文件；数据放进数据湖，不放进包",
                en="split it; data belong in the lake, not in a pack",
            ),
            f"{len(content)} B",
        )
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        tree.refuse(
            "not-utf-8",
            Text(zh="UTF-8 编码的文本", en="text in UTF-8"),
            Text(zh="在编辑器中“另存为 UTF-8”", en="save it as UTF-8 in your editor"),
            _guess(content),
            mark=Mark(line, 1),
        )
        return None


def _guess(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return "binary"
    return "GB18030"


def _clean(tree: Tree, text: str) -> bool:
    """Characters that YAML would trip over are named here, where the line is plain to see."""
    for number, line in enumerate(text.split("\n"), start=1):
        indent = line[: len(line) - len(line.lstrip())]
        if "\t" in indent:
            tree.refuse(
                "tab",
                Text(zh="用空格缩进", en="spaces for indentation"),
                Text(
                    zh="把行首的制表符换成两个空格",
                    en="replace each tab at the start of the line by two spaces",
                ),
                "TAB",
                mark=Mark(number, indent.index("\t") + 1),
            )
            return False
        odd = _CONTROL.search(line)
        if odd:
            tree.refuse(
                "control-character",
                Text(zh="可见字符", en="visible characters"),
                Text(zh="删去该字符", en="remove the character"),
                f"U+{ord(odd[0]):04X}",
                mark=Mark(number, odd.start() + 1),
            )
            return False
    return True


_SYNTAX = {
    "mapping values are not allowed": Text(
        zh="值中含冒号时要加引号；并检查缩进",
        en="put a value that holds `: ` in quotes, and check the indentation",
    ),
    "could not find expected ':'": Text(
        zh="键后面要有冒号和空格", en="write a colon and a space after the key"
    ),
    "did not find expected key": Text(
        zh="检查缩进，同级的键要对齐", en="check the indentation: keys of one level stand in one column"
    ),
    "found character that cannot start any token": Text(
        zh="以 @ ` % 等开头的值要加引号", en="put a value that starts with @, ` or % in quotes"
    ),
    "found unexpected end of stream": Text(zh="补上缺失的引号或括号", en="close the quote or bracket"),
    "did not find expected ',' or": Text(
        zh="列表和花括号中各项用英文逗号隔开，末尾补上括号",
        en="separate entries by commas and close the bracket",
    ),
    "did not find expected '-' indicator": Text(
        zh="列表各项以“- ”开头并对齐", en="start each entry of the list with `- `, all in one column"
    ),
}


def _tell_syntax(tree: Tree, error: yaml.MarkedYAMLError) -> None:
    said = str(error.problem or error.context or "syntax")
    near = next((key for key in _SYNTAX if key in said), None)
    near = near or next(iter(difflib.get_close_matches(said, _SYNTAX, 1, 0.7)), None)
    mark = error.problem_mark or error.context_mark
    fix = Text(
        zh="检查该行及上一行的缩进、引号和冒号",
        en="check indentation, quotes and colons of this line and the one above",
    )
    tree.refuse(
        "syntax",
        Text(zh="合乎 YAML 语法的一行", en="a line of valid YAML"),
        _SYNTAX[near] if near else fix,
        said,
        mark=Mark(mark.line + 1, mark.column + 1) if mark else Mark(),
    )
