"""A reference as a reader sees it: the title of its source in place of the source's id."""

from typing import Final

from hutong.kernel.text import Text
from hutong.packs.types import Pack, Source

TO_CONFIRM: Final = "to-confirm"  # the source of what no document says and the district has yet to check


def cite(pack: Pack, reference: str) -> Text:
    """``science-plan 四（四）2`` as 《“十四五”…规划》四（四）2; what is not known stays as it is."""
    head, _, place = reference.strip().partition(" ")
    if head == TO_CONFIRM:
        tail_zh, tail_en = (f"：{place}", f": {place}") if place else ("", "")
        return Text(zh=f"待确认{tail_zh}", en=f"To be confirmed{tail_en}")
    source = pack.source(head)
    if source is None:
        numbered = (each for each in pack.sources if each.document_number)
        source = next((each for each in numbered if reference.startswith(each.document_number)), None)
        place = reference
        return _told(source, "", place) if source else Text(zh=reference, en=reference)
    return _told(source, source.document_number, place)


def _told(source: Source, number: str, place: str) -> Text:
    zh = f"《{source.title.in_('zh')}》{f'（{number}）' if number else ''}{place}"
    en = f"{source.title.in_('en')}{f' ({number})' if number else ''}{f', {place}' if place else ''}"
    return Text(zh=zh, en=en)
