"""From bytes to an image of bounded size: kind and size are read from the head before anything is decoded."""

import base64
import binascii
import io
from typing import TYPE_CHECKING, Final

from hutong.market.errors import Unfit

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_BYTES: Final = 4 * 2**20
MOST_PIXELS: Final = 25_000_000
LONGEST: Final = 2600
_KINDS: Final = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG", b"%PDF-": "PDF"}


def picture(text: str, page: int) -> "Image":
    """The image, at most 2,600 pixels long; raises ``Unfit``."""
    body = decoded(text)
    kind = next((kind for head, kind in _KINDS.items() if body.startswith(head)), "")
    if not kind:
        raise Unfit(zh="不是 PNG、JPEG 或 PDF", en="it is no PNG, JPEG or PDF")
    found = _page(body, page) if kind == "PDF" else _opened(body, kind)
    found.thumbnail((LONGEST, LONGEST))
    return found


def decoded(text: str) -> bytes:
    try:
        body = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unfit(zh="不是 Base64 编码", en="it is not base64") from error
    if not 16 <= len(body) <= MOST_BYTES:
        raise Unfit(zh=f"大小应在 16 B 至 {MOST_BYTES} B", en=f"it must have 16 to {MOST_BYTES} bytes")
    return body


def _opened(body: bytes, kind: str) -> "Image":
    from PIL import Image, ImageOps  # noqa: PLC0415 - only the workshop needs it

    try:
        with Image.open(io.BytesIO(body), formats=[kind]) as found:  # reads the head only
            _bounded(*found.size)
            found.load()
            straight = ImageOps.exif_transpose(found) or found
            return straight.convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Unfit(zh="图片已损坏", en="the image is damaged") from error


def _page(body: bytes, number: int) -> "Image":
    import pypdfium2  # noqa: PLC0415 - only the workshop needs it

    try:
        document = pypdfium2.PdfDocument(body)
        if number > len(document):
            raise Unfit(zh=f"只有 {len(document)} 页", en=f"it has {len(document)} pages")
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(300 / 72, LONGEST / max(width, height, 1.0))
        _bounded(width * scale, height * scale)
        drawn: Image = page.render(scale=scale).to_pil().convert("RGB")
        return drawn
    except pypdfium2.PdfiumError as error:
        raise Unfit(zh="PDF 已损坏或加密", en="the PDF is damaged or locked") from error


def _bounded(width: float, height: float) -> None:
    if width < 4 or height < 4 or width * height > MOST_PIXELS:
        raise Unfit(
            zh=f"{width:.0f} × {height:.0f} 像素，超出范围（至多 {MOST_PIXELS:,}）",
            en=f"{width:.0f} × {height:.0f} pixels is out of bounds (at most {MOST_PIXELS:,})",
        )
