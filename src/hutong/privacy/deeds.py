"""What protected answers and joint runs write on the log and the audit trail, in words."""

from hutong.kernel.deeds import declare
from hutong.kernel.text import Text

declare(
    {
        "privacy.answer": Text(zh="隐私保护回答", en="Protected answer"),
        "privacy.reserve": Text(zh="预留隐私预算", en="Privacy budget reserved"),
        "privacy.refuse": Text(zh="隐私提问被拒绝", en="Protected question refused"),
        "privacy.match": Text(zh="联合计算", en="Joint run"),
        "privacy.match-prepared": Text(zh="登记联合计算的一方", en="Joint run prepared"),
        "privacy.match-reserved": Text(
            zh="联合计算预留隐私预算", en="Privacy budget of a joint run reserved"
        ),
        "privacy.match-started": Text(zh="联合计算开始", en="Joint run started"),
        "privacy.match-stopped": Text(zh="联合计算中止", en="Joint run stopped"),
        "privacy.match-dropped": Text(zh="联合计算登记撤销", en="Joint run taken back"),
        "privacy.match-failed": Text(zh="联合计算失败", en="Joint run failed"),
        "privacy.certificate-made": Text(zh="制作联合计算证书", en="Certificate for joint runs made"),
        "privacy.certificate-trusted": Text(
            zh="信任对方的联合计算证书", en="Certificate of the other side of joint runs trusted"
        ),
        "privacy.match-refused": Text(zh="联合计算被拒绝", en="Joint run refused"),
    }
)
