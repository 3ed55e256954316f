"""The errors of privacy. None of them depends on the rows that were asked about.

HutongError
├── Invalid
│   ├── BadQuestion       the question is not of a form that may be asked
│   ├── BadCertificate    a certificate for joint runs cannot be made or taken in
│   └── BadMatch          a match of two organisations cannot be run as described
├── Conflict
│   ├── TermsDiffer       the two sides of a match mean different things
│   ├── RunBusy           this side of the run is being run already
│   ├── AddressBusy       another run or program listens at the address
│   └── RunStopped        this side of a run was stopped by one of its people
├── Forbidden
│   ├── BudgetSpent       the budget does not reach; it says when it is renewed
│   └── MatchesSpent      all runs of joint computation of this period are used
├── NotFound
│   ├── NotAsked          the dataset is not open to questions, or there is no such question
│   └── NoSuchRun         there is no such run, or it is another's
└── Unavailable
    ├── AnswerFailed      the answer could not be computed
    ├── NoEngine          the engine of joint computation is not installed
    ├── OtherAbsent       the other side of a match did not come
    └── RunCut            this installation stopped while the run was on
"""

from hutong.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from hutong.kernel.text import Text


class BadQuestion(Invalid):
    """The question is not of a form that may be asked."""

    code = "privacy.bad-question"
    message = Text(zh="不能这样提问：{reason_zh}", en="This may not be asked: {reason_en}")
    fix = Text(zh="按页面列出的形式改写", en="write it in one of the forms the page lists")


class BadMatch(Invalid):
    """A match of two organisations cannot be run as described."""

    code = "privacy.bad-match"
    message = Text(zh="不能进行联合计算：{reason_zh}", en="The match cannot be run: {reason_en}")
    fix = Text(zh="核对合同、地址与文件", en="check the contract, the addresses and the file")


class BadCertificate(Invalid):
    """A certificate for joint runs cannot be made or taken in."""

    code = "privacy.bad-certificate"
    message = Text(zh="证书不可用：{reason_zh}", en="The certificate is of no use: {reason_en}")
    fix = Text(
        zh="在对方系统运行 hutong private certificate，取它给出的 certificate.pem",
        en="run hutong private certificate in the other installation and take the certificate.pem it tells",
    )


class BudgetSpent(Forbidden):
    """The budget does not reach."""

    code = "privacy.budget-spent"
    message = Text(
        zh="隐私预算不足：本次需 {asked}，剩余 {left}",
        en="The privacy budget does not reach: {asked} asked, {left} left",
    )
    fix = Text(
        zh="减小 ε，或在 {renews} 更新后再问", en="ask with a smaller ε, or after its renewal on {renews}"
    )


class NotAsked(NotFound):
    """The dataset is not open to questions."""

    code = "privacy.not-asked"
    message = Text(zh="“{name}”未开放提问", en="“{name}” is not open to questions")


class AnswerFailed(Unavailable):
    """The answer could not be computed."""

    code = "privacy.answer-failed"
    message = Text(zh="暂时不能给出回答", en="The answer could not be computed now")
    fix = Text(zh="稍后重问，不会再次扣减预算", en="ask again later; it will not be charged again")


class NoEngine(Unavailable):
    """The engine of joint computation is not installed."""

    code = "privacy.no-engine"
    message = Text(zh="未安装联合计算引擎", en="The engine of joint computation is not installed")
    fix = Text(
        zh="运行 make setup-spu，把它给出的 HUTONG_SPU_PYTHON 写入 hutong.toml，再重新启动",
        en="run make setup-spu, put the HUTONG_SPU_PYTHON it tells into hutong.toml and start anew",
    )


class TermsDiffer(Conflict):
    """The two sides of a match mean different things."""

    code = "privacy.terms-differ"
    message = Text(
        zh="双方约定不一致：{parts_zh}",
        en="The two sides differ in: {parts_en}",
    )
    fix = Text(
        zh="与对方核对后，双方换一个运行名重新登记；合同以合同页上的条款 SHA-256 相同为准",
        en="settle it with the other side, then write both sides down under a new name; contracts are the same where "
        "their pages show the same SHA-256 of the terms",
    )


class MatchesSpent(Forbidden):
    """All runs of joint computation of this period are used."""

    code = "privacy.matches-spent"
    message = Text(
        zh="本周期的 {matches} 次联合计算已用完",
        en="All {matches} runs of joint computation of this period are used",
    )
    fix = Text(zh="在 {renews} 更新后再运行", en="run it after the renewal on {renews}")


class OtherAbsent(Unavailable):
    """The other side of a match did not come."""

    code = "privacy.other-absent"
    message = Text(
        zh="{seconds} 秒内未能与对方 {address} 建立连接",
        en="The other side at {address} did not come within {seconds} seconds",
    )
    fix = Text(
        zh="约定时间同时运行双方，核对地址、防火墙与证书，再以同一运行名重试（不再计费）",
        en="run both at an agreed time, check address, firewall and certificates; the same run again costs nothing",
    )


class RunBusy(Conflict):
    """A side of a run is being run already."""

    code = "privacy.run-busy"
    message = Text(zh="本方的运行“{run}”正在进行", en="This side of the run “{run}” is on already")
    fix = Text(zh="等它结束或先停止它", en="wait for its end, or stop it first")


class AddressBusy(Conflict):
    """Another run or program listens at the address."""

    code = "privacy.address-busy"
    message = Text(zh="地址 {address} 已被占用", en="The address {address} is taken")
    fix = Text(
        zh="等另一次运行结束，或由管理员在 HUTONG_JOINT_LISTEN 中增加端口",
        en="wait for the other run to end, or have the administrator add ports to HUTONG_JOINT_LISTEN",
    )


class RunStopped(Conflict):
    """One of its people stopped this side of a run."""

    code = "privacy.run-stopped"
    message = Text(zh="本方已停止这次运行", en="This side stopped the run")
    fix = Text(
        zh="与对方约定时间后以同一运行名重新开始，不再计费",
        en="agree on a time with the other side and start it again under its name; it costs nothing more",
    )


class NoSuchRun(NotFound):
    """There is no such run, or it is another's."""

    code = "privacy.no-such-run"
    message = Text(zh="没有联合运行 {name}", en="There is no joint run {name}")


class RunCut(Unavailable):
    """The installation stopped while the run was on."""

    code = "privacy.run-cut"
    message = Text(
        zh="运行途中本系统停止或重启，没有得到结果",
        en="This installation stopped or was started anew during the run; nothing came out of it",
    )
    fix = Text(
        zh="双方以同一运行名重新开始；已扣的预算不会再扣，噪声也不变",
        en="start both sides again under the same name; nothing is charged again, and the noise stays as it was",
    )
