"""What the supermarket writes on the log and the audit trail, in words."""

from hutong.kernel.deeds import declare
from hutong.kernel.text import Text

declare(
    {
        "market.subscription": Text(zh="应用订阅变更", en="Subscription changed"),
        "market.train": Text(zh="模型训练发起", en="Training of a model begun"),
        "market.model": Text(zh="模型训练完成", en="Model trained"),
        "market.model.in-use": Text(zh="模型启用", en="Model put to use"),
        "market.use-model": Text(zh="模型启用", en="Model put to use"),
        "market.rating": Text(zh="应用评分", en="Module rated"),
        "market.key": Text(zh="应用密钥变更", en="Key of a module changed"),
        "market.refused": Text(zh="应用调用被拒绝", en="Call of a module refused"),
    }
)
