"""What docking writes on the log and the audit trail, in words."""

from hutong.kernel.deeds import declare
from hutong.kernel.text import Text

declare(
    {
        "docking.sent": Text(zh="报送批次", en="Batch sent"),
        "docking.received": Text(zh="接收批次", en="Batch received"),
        "docking.acknowledged": Text(zh="批次回执", en="Batch acknowledged"),
        "docking.settle": Text(zh="对接差异处置", en="Difference settled"),
        "docking.alarm": Text(zh="对方日志前后矛盾", en="Log of a peer contradicts itself"),
        "docking.trust": Text(zh="重新信任对方日志", en="Log of a peer trusted anew"),
        "docking.trusted-anew": Text(zh="重新信任对方日志", en="Log of a peer trusted anew"),
    }
)
