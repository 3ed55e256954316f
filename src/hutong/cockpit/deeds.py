"""What the cockpit writes on the audit trail, in words."""

from hutong.kernel.deeds import declare
from hutong.kernel.text import Text

declare({"figures.rows": Text(zh="下载指标明细", en="Rows behind a figure downloaded")})
