"""rapidocr with the models of its wheel; nothing is fetched."""

import logging
from functools import cache
from typing import Any

from hutong.market.modules.ocr.pictures import picture
from hutong.market.modules.ocr.shapes import Found, Given, Line
from hutong.market.running import Context, module


@module("ocr")
def run(given: Given, _context: Context) -> Found:
    import numpy as np  # noqa: PLC0415 - only the workshop needs it

    image = picture(given.image, given.page)
    pixels = np.asarray(image)[:, :, ::-1]
    said: Any = _engine()(pixels)
    found = zip(said.txts or (), said.scores or (), said.boxes if said.boxes is not None else (), strict=True)
    lines = [
        Line(text=text, confidence=round(float(score), 4), box=[round(float(x), 1) for x in box.ravel()])
        for text, score, box in found
    ]
    return Found(
        text="\n".join(each.text for each in lines), lines=lines, width=image.width, height=image.height
    )


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR  # noqa: PLC0415 - only the workshop needs it

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return RapidOCR(params={"EngineConfig.onnxruntime.intra_op_num_threads": 2, "Global.log_level": "error"})
