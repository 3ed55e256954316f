"""Errors of the ledger.

Invalid
├── BadProof       a proof does not show what it claims
├── BadNote        a signed note or checkpoint is malformed
├── BadSignature   a signature does not hold, or none is from a known key
├── BadKey         a key string is malformed
├── BadTilePath    (404) not a tile address
├── BadBundle      an entry bundle is cut short
├── BadEntry       an entry cannot be written as given
├── BadPolicy      a witness policy cannot be read
├── BadProposal    a proposal cannot be made or answered so
├── EntryTooLarge  (413)
├── TooLong        (413) a private value is too large
├── TooManyEntries (413) more entries than fit into one file of evidence
├── BadQuestion    what was asked for cannot be read
└── BadEvidence    an evidence file is malformed
Unavailable
├── NoOpenssl      the SM2 signature needs openssl 3
├── NotIndexed     the map has not taken the entries in yet
└── NotPlaced      the entry waits for its place in the tree
NotFound
├── NoEntry
├── Erased         (410) the value was erased
├── NoAlarm        no alarm of this witness to settle
├── NotPublished   no checkpoint has enough witnesses yet
└── NoTile         the log has no such tile, or not that much of it
Conflict
├── KeyMissing     the log exists, the key that signs it is gone
├── LogDamaged     what is stored no longer gives what was signed
├── SignElsewhere  the organisation signs with a key that is not held here
├── NotSigned      a signature is not of a key the organisation has
└── Locked         the thing changes only with co-signatures
"""

from hutong.kernel.errors import Conflict, Invalid, NotFound, TooLarge, Unavailable
from hutong.kernel.text import Text
from hutong.ledger.reasons import REASONS


class BadProof(Invalid):
    """A proof does not show what it claims."""

    code = "ledger.bad-proof"
    message = Text(zh="证明不成立：{reason}", en="The proof does not hold: {reason}")

    @property
    def said(self) -> Text:
        reason = str(self.facts.get("reason", ""))
        told = REASONS.get(reason, Text(reason, reason)).format(**self.facts)
        return Text(self.message.zh.format(reason=told.zh), self.message.en.format(reason=told.en))


class BadNote(Invalid):
    """A signed note or checkpoint is malformed."""

    code = "ledger.bad-note"
    message = Text(zh="签名文本格式有误：{reason}", en="The signed note is malformed: {reason}")


class BadSignature(Invalid):
    """A signature does not hold, or none is from a known key."""

    code = "ledger.bad-signature"
    message = Text(zh="没有 {name} 的有效签名", en="There is no valid signature of {name}")


class BadKey(Invalid):
    """A key string is malformed."""

    code = "ledger.bad-key"
    message = Text(zh="密钥格式有误：{reason}", en="The key is malformed: {reason}")


class BadTilePath(Invalid):
    """Not the address of a tile."""

    code = "ledger.bad-tile-path"
    status = 404
    message = Text(zh="“{path}”不是数据块地址", en="“{path}” is not the address of a tile")


class BadBundle(Invalid):
    """An entry bundle is cut short."""

    code = "ledger.bad-bundle"
    message = Text(zh="条目包在第 {offset} 字节处不完整", en="The entry bundle is cut short at byte {offset}")


class BadEntry(Invalid):
    """An entry cannot be written as given."""

    code = "ledger.bad-entry"
    message = Text(zh="条目无法写入：{reason}", en="The entry cannot be written: {reason}")


class EntryTooLarge(TooLarge):
    """The canonical form of an entry exceeds what a log entry may hold."""

    code = "ledger.entry-too-large"
    message = Text(
        zh="条目有 {size} 字节，上限 {limit} 字节", en="The entry has {size} bytes; the limit is {limit}"
    )
    fix = Text(
        zh="把大的内容放在条目之外，只写入它的摘要",
        en="keep large content outside the entry and write its digest",
    )


class BadEvidence(Invalid):
    """An evidence file is malformed."""

    code = "ledger.bad-evidence"
    message = Text(zh="证据文件格式有误：{reason}", en="The evidence file is malformed: {reason}")


class NoEntry(NotFound):
    """There is no such entry in the log."""

    code = "ledger.no-entry"
    message = Text(zh="日志中没有条目 {what}", en="The log has no entry {what}")
    fix = Text(
        zh="在“存证日志”页按对象或种类查找", en="look for it on the page of the log, by object or kind"
    )


class NoTile(NotFound):
    """The log has no such tile, or has not grown that far."""

    code = "ledger.no-tile"
    message = Text(zh="日志中没有 {what}", en="The log has no {what}")


class LogDamaged(Conflict):
    """What is stored no longer gives what was signed; nothing more is signed on top of it."""

    code = "ledger.damaged"
    message = Text(zh="日志已损坏：{where}", en="The log is damaged: {where}")
    fix = Text(
        zh="运行 hutong ledger verify 找出损坏之处，再从备份恢复",
        en="run hutong ledger verify to find the damage, then restore it from a backup",
    )


class KeyMissing(Conflict):
    """The log exists but the key that signs it is gone."""

    code = "ledger.key-missing"
    message = Text(
        zh="日志已有内容，但签名密钥 {file} 不见了",
        en="The log has content but its signing key {file} is gone",
    )
    fix = Text(
        zh="从备份恢复该文件；不要生成新的密钥，否则旧的检查点无法验证",
        en="restore the file from a backup; do not make a new key, or old checkpoints cannot be verified",
    )


class SignElsewhere(Conflict):
    """The organisation's keys are not held here: it has to sign what is written in its name."""

    code = "ledger.sign-elsewhere"
    message = Text(
        zh="{organisation} 的签名密钥不在本系统，不能代其签名",
        en="The keys of {organisation} are not held here; nothing can be signed in its name",
    )
    fix = Text(
        zh="由该单位自行签名后提交，或为其登记一个托管密钥",
        en="have it signed by the organisation itself, or add a key held here",
    )


class NotSigned(Conflict):
    """A signature does not hold, or is not of a key the organisation has now."""

    code = "ledger.not-signed"
    message = Text(
        zh="没有 {organisation} 现有密钥的有效签名",
        en="There is no valid signature by a present key of {organisation}",
    )


class Locked(Conflict):
    """The thing is locked: it changes only with the co-signatures its rule asks for."""

    code = "ledger.locked"
    message = Text(
        zh="{subject} 已锁定，变更须由 {organisations} 中至少 {needed} 家会签",
        en="{subject} is locked: at least {needed} of {organisations} must co-sign a change",
    )
    fix = Text(zh="先提出变更并完成会签", en="propose the change and have it co-signed")


class BadProposal(Invalid):
    """A proposal cannot be made, answered or carried out so."""

    code = "ledger.bad-proposal"
    message = Text(zh="会签无法进行：{reason_zh}", en="This cannot be done with the proposal: {reason_en}")


class BadPolicy(Invalid):
    """A witness policy cannot be read."""

    code = "ledger.bad-policy"
    message = Text(
        zh="见证策略第 {line} 行有误：{reason}", en="The witness policy is wrong in line {line}: {reason}"
    )


class NotPublished(NotFound):
    """No checkpoint has yet the cosignatures that publish it."""

    code = "ledger.not-published"
    message = Text(zh="还没有检查点得到足够见证方的会签", en="No checkpoint has enough witnesses yet")
    fix = Text(zh="稍后再试，或查看 /ledger/witnesses", en="try again shortly, or look at /ledger/witnesses")


class BadQuestion(Invalid):
    """What was asked for cannot be read."""

    code = "ledger.bad-question"
    message = Text(zh="请求参数有误：{reason}", en="The question cannot be read: {reason}")
    fix = Text(zh="参见 /api/docs 中 /api/ledger/about", en="see /api/ledger/about in /api/docs")


class NoAlarm(NotFound):
    """There is no alarm of this witness to settle, or no reason was given."""

    code = "ledger.no-alarm"
    message = Text(
        zh="见证方 {witness} 没有待处置的报警，或未说明理由",
        en="No alarm of {witness} to settle, or no reason given",
    )
    fix = Text(zh="查看 /ledger/witnesses，并写明理由", en="look at /ledger/witnesses, and give a reason")


class NotIndexed(Unavailable):
    """The map has not taken the entries in yet."""

    code = "ledger.not-indexed"
    message = Text(zh="索引尚未建立", en="The map of the log is not made yet")
    fix = Text(
        zh="后台任务半分钟内会建立（hutong up 或 hutong work），请稍后再试",
        en="the worker makes it within half a minute (hutong up or hutong work); try again shortly",
    )


class NotPlaced(Unavailable):
    """The entry is written and waits for its place in the tree."""

    code = "ledger.not-placed"
    message = Text(zh="条目 {what} 已写入，正等待入树", en="Entry {what} is written and waits for its place")
    fix = Text(
        zh="后台任务几秒内会完成（hutong up 或 hutong work），请稍后再试",
        en="the worker gives it one within seconds (hutong up or hutong work); try again shortly",
    )


class TooManyEntries(TooLarge):
    """More entries than fit into one file of evidence."""

    code = "ledger.too-many-entries"
    message = Text(
        zh="共有 {count} 条，一个证据文件最多 {limit} 条",
        en="There are {count} entries; one file of evidence holds {limit}",
    )
    fix = Text(
        zh="跳过较早的条目，例如 skip={skip}；证明仍说明其后没有遗漏",
        en="skip the earlier ones, as skip={skip}; the proof still says that none after them is missing",
    )


class TooLong(TooLarge):
    """A private value is too large to be put away."""

    code = "ledger.private-too-large"
    message = Text(
        zh="需保密的内容有 {size} 字节，上限 {limit} 字节",
        en="The private value has {size} bytes; the limit is {limit}",
    )


class Erased(NotFound):
    """The key of a private value is gone: the value was erased and cannot be had any more."""

    code = "ledger.erased"
    status = 410
    message = Text(zh="内容已依法删除，无法读取", en="The value was erased and cannot be read any more")


class NoOpenssl(Unavailable):
    """The SM2 signature needs the system's openssl, version 3."""

    code = "ledger.no-openssl"
    message = Text(zh="国密签名不可用：{reason}", en="SM2 signatures cannot be made: {reason}")
    fix = Text(
        zh="安装 openssl 3，或关闭 HUTONG_LEDGER_SM2", en="install openssl 3, or turn HUTONG_LEDGER_SM2 off"
    )
