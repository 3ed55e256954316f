"""Errors of plan import.

HutongError
└── Invalid
    ├── PlanUnreadable        the file is not a text, Word or PDF document we can read
    │   ├── OldWordFile       a .doc of Word 97–2003, or an encrypted Office file
    │   ├── EncryptedPdf
    │   ├── ScannedPdf        pages are pictures
    │   └── UnknownEncoding   no encoding fits the text
    └── PlanTooLarge          more bytes, pages or unpacked content than allowed
"""

from hutong.kernel.errors import Invalid, TooLarge
from hutong.kernel.text import Text


class PlanUnreadable(Invalid):
    """The file cannot be read as a plan document."""

    code = "plan.unreadable"
    message = Text(zh="无法读取该文件：{reason}", en="The file cannot be read: {reason}")
    fix = Text(zh="请提供 txt、docx 或 pdf 格式的规划文本。", en="Give the plan as txt, docx or pdf.")


class OldWordFile(PlanUnreadable):
    """An old or encrypted Office file."""

    code = "plan.old-or-encrypted-office"
    message = Text(
        zh="这是旧版 Word（.doc）文件或加密的 Office 文件",
        en="This is an old Word file (.doc) or an encrypted Office file",
    )
    fix = Text(
        zh="请去除密码并另存为 docx 后重试。", en="Remove the password, save it as docx and try again."
    )


class EncryptedPdf(PlanUnreadable):
    """The PDF needs a password."""

    code = "plan.encrypted-pdf"
    message = Text(zh="该 PDF 已加密，需要密码", en="The PDF is encrypted and needs a password")
    fix = Text(zh="请提供去除密码的 PDF。", en="Give a copy without the password.")


class ScannedPdf(PlanUnreadable):
    """The pages of the PDF are pictures."""

    code = "plan.scanned-pdf"
    message = Text(
        zh="该 PDF 共 {pages} 页，几乎没有文字层，应为扫描件",
        en="The PDF has {pages} pages and hardly any text: it is a scan",
    )
    fix = Text(
        zh="请先做文字识别（OCR），或提供 Word 原稿。",
        en="Run text recognition (OCR) first, or give the Word original.",
    )


class UnknownEncoding(PlanUnreadable):
    """No known encoding fits the text."""

    code = "plan.unknown-encoding"
    message = Text(
        zh="文本不是 UTF-8、UTF-16 或 GB18030 编码", en="The text is not encoded in UTF-8, UTF-16 or GB18030"
    )
    fix = Text(zh="请另存为 UTF-8 文本后重试。", en="Save it as UTF-8 text and try again.")


class PlanTooLarge(TooLarge):
    """The document is larger than its bound."""

    code = "plan.too-large"
    message = Text(
        zh="规划文件过大：{what} 为 {size}，上限 {limit}",
        en="The plan document is too large: {what} {size}, the limit is {limit}",
    )
    fix = Text(zh="请拆分文件后分别导入。", en="Split the document and import the parts.")
