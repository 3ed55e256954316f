"""Lines of real petitions and addresses, printed in a CJK font, tilted and made noisy: characters read right."""

import difflib
import io
import random
from base64 import b64encode
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from bench.modules.hot_topics import petitions
from hutong.market.modules.ocr.run import run
from hutong.market.modules.ocr.shapes import Given
from hutong.market.running import Context

FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
)


def drawn(text: str, dice: random.Random) -> str:
    font = ImageFont.truetype(dice.choice(FONTS), dice.randint(18, 34))
    image = Image.new("L", (int(font.getlength(text)) + 60, 90), dice.randint(215, 255))
    ImageDraw.Draw(image).text((30, 22), text, fill=dice.randint(0, 90), font=font)
    image = image.rotate(dice.uniform(-2, 2), fillcolor=235, expand=True)
    noise = np.random.default_rng(dice.randint(0, 10**6)).normal(
        0, dice.uniform(2, 14), (image.height, image.width)
    )
    noisy = np.clip(np.asarray(image, dtype=float) + noise, 0, 255).astype(np.uint8)
    body = io.BytesIO()
    Image.fromarray(noisy).save(body, "JPEG", quality=dice.randint(45, 90))
    return b64encode(body.getvalue()).decode()


def measure(shared: Path, part: float = 1.0) -> list[dict[str, Any]]:
    dice = random.Random(9)
    lines = [title[:26] for _number, title, _body in petitions(shared)[:: max(1, int(220 / part))]]
    right = total = whole = 0
    for line in lines:
        said = run(Given(image=drawn(line, dice)), Context()).text.replace("\n", "").replace(" ", "")
        true = line.replace(" ", "")
        right += sum(
            block.size
            for block in difflib.SequenceMatcher(None, true, said, autojunk=False).get_matching_blocks()
        )
        total += len(true)
        whole += said == true
    data = {
        "zh": f"{len(lines)} 行真实标题印成图片，加倾斜、噪声与压缩（非实拍）",
        "en": f"{len(lines)} real titles printed as images, tilted, noisy and compressed (no photographs)",
    }
    return [
        {"id": "characters", "metric": {"zh": "字符识别正确率", "en": "Characters read right"},
         "value": round(right / total, 4), "unit": "share", "cases": total, "data": data},
        {"id": "lines", "metric": {"zh": "整行全对", "en": "Lines without any error"},
         "value": round(whole / len(lines), 4), "unit": "share", "cases": len(lines), "data": data},
    ]  # fmt: skip
