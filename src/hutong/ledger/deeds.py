"""What the ledger writes of itself, in words."""

from hutong.kernel.deeds import declare
from hutong.kernel.text import Text

declare(
    {
        "ledger.key-added": Text(zh="单位密钥公布", en="Key of an organisation made known"),
        "ledger.key-revoked": Text(zh="单位密钥撤销", en="Key of an organisation revoked"),
        "ledger.sm2-key": Text(zh="国密签名密钥公布", en="SM2 key made known"),
        "ledger.policy": Text(zh="见证规则公布", en="Rule of witnesses made known"),
        "ledger.alarm-settled": Text(zh="见证告警处置", en="Alarm of a witness settled"),
        "ledger.index": Text(zh="对象索引根", en="Root of the index of subjects"),
        "ledger.lock": Text(zh="设定会签规则", en="Co-signatures required from now on"),
        "ledger.unlock": Text(zh="解除会签规则", en="Co-signatures no longer required"),
        "ledger.proposed": Text(zh="提出会签事项", en="Proposed for co-signature"),
        "ledger.propose": Text(zh="提出会签事项", en="Proposed for co-signature"),
        "ledger.cosigned": Text(zh="会签同意", en="Co-signed"),
        "ledger.refused": Text(zh="会签不同意", en="Co-signature refused"),
        "ledger.withdrawn": Text(zh="撤回会签事项", en="Proposal withdrawn"),
        "ledger.carried-out": Text(zh="会签事项执行", en="Proposal carried out"),
        "ledger.carry-out": Text(zh="会签事项执行", en="Proposal carried out"),
        "ledger.erased": Text(zh="擦除私密内容", en="Private parts erased"),
        "ledger.erase": Text(zh="擦除私密内容", en="Private parts erased"),
    }
)
