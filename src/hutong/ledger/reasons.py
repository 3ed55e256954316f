"""Why a proof does not hold, in both languages, by what the checks of the program and of the browser call it."""

from collections.abc import Mapping
from typing import Final

from hutong.kernel.text import Text

IN_BROWSER: Final[Mapping[str, Text]] = {
    "root differs": Text(zh="内容通不到已签名的根", en="the content does not lead to the signed root"),
    "the signature does not hold": Text(
        zh="检查点的签名不成立", en="the signature of the checkpoint does not hold"
    ),
    "size differs from the checkpoint": Text(
        zh="证明所说的大小与检查点不同", en="the proof is for another size than the checkpoint"
    ),
    "origin differs from the key name": Text(
        zh="检查点与公钥不属于同一日志", en="the checkpoint is of another log than the key"
    ),
    "index outside the tree": Text(zh="序号不在树内", en="the place lies outside the tree"),
    "proof too long": Text(zh="证明中的散列过多", en="the proof has too many hashes"),
    "proof too short": Text(zh="证明中的散列不足", en="the proof has too few hashes"),
    "a hash is not 32 bytes": Text(zh="证明中有散列格式不对", en="a hash of the proof is malformed"),
    "malformed base64": Text(zh="散列或签名格式不对", en="a hash or signature is malformed"),
    "malformed checkpoint": Text(zh="检查点格式不对", en="the checkpoint is malformed"),
    "malformed signature line": Text(zh="签名行格式不对", en="a signature line is malformed"),
    "no signature block": Text(zh="检查点没有签名", en="the checkpoint is not signed"),
    "not an Ed25519 key": Text(zh="验证公钥格式不对", en="the verifier key is malformed"),
    "key hash does not match": Text(zh="验证公钥格式不对", en="the verifier key is malformed"),
}
REASONS: Final[Mapping[str, Text]] = {
    **IN_BROWSER,
    "a proof from size 0 is empty": Text(zh="从空日志出发的证明应为空", en="a proof from size 0 is empty"),
    "an empty subtree has the empty root and no proof": Text(
        zh="空子树只有空根，没有证明",
        en="an empty subtree has the empty root and no proof",
    ),
    "entry {number} does not belong here": Text(
        zh="第 {number} 条不应在此",
        en="entry {number} does not belong here",
    ),
    "malformed leaf of the map": Text(zh="索引的叶格式有误", en="a leaf of the map is malformed"),
    "malformed way through the map": Text(zh="索引路径格式有误", en="the way through the map is malformed"),
    "not a subtree": Text(zh="不是子树", en="it is not a subtree"),
    "not a subtree of the tree": Text(zh="不是该树的子树", en="it is not a subtree of the tree"),
    "not the entry of an earlier key": Text(
        zh="不是此前登记密钥的条目",
        en="it is not the entry of an earlier key",
    ),
    "not the entry that commits to the map": Text(
        zh="不是承诺索引的条目",
        en="it is not the entry that commits to the map",
    ),
    "nothing can be shown from an empty tree": Text(
        zh="从空树无法证明任何内容",
        en="nothing can be shown from an empty tree",
    ),
    "the cosignature of {name} does not hold": Text(
        zh="{name} 的见证签名不成立",
        en="the cosignature of {name} does not hold",
    ),
    "the map counts {count} entries, the file shows others or fewer": Text(
        zh="索引记有 {count} 条，文件所列不同或较少",
        en="the map counts {count} entries, the file shows others or fewer",
    ),
    "the map is not empty": Text(zh="索引不为空", en="the map is not empty"),
    "the sealed value cannot be opened": Text(zh="密封值无法打开", en="the sealed value cannot be opened"),
    "the sealed value is not the one committed to": Text(
        zh="密封值不是所承诺的值",
        en="the sealed value is not the one committed to",
    ),
    "the signature of {name} does not hold": Text(
        zh="{name} 的签名不成立",
        en="the signature of {name} does not hold",
    ),
    "the way does not lead to the root of the map": Text(
        zh="路径通不到索引的根",
        en="the way does not lead to the root of the map",
    ),
    "the way leaves that of the label": Text(zh="路径偏离所查对象", en="the way leaves that of the label"),
    "too few of the witnesses you trust have cosigned the checkpoint": Text(
        zh="为检查点见证的、您信任的见证方不足",
        en="too few of the witnesses you trust have cosigned the checkpoint",
    ),
    "two logs": Text(zh="两份证据来自不同的日志", en="they are of two logs"),
}
