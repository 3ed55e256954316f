"""What accounts write on the audit trail, in words."""

from hutong.accounts.types import Role
from hutong.kernel import details
from hutong.kernel.deeds import declare
from hutong.kernel.text import Text

declare(
    {
        "account.sign-in": Text(zh="登录", en="Signed in"),
        "account.sign-out": Text(zh="退出登录", en="Signed out"),
        "account.sign-in-failed": Text(zh="登录失败", en="Sign-in failed"),
        "account.locked-out": Text(zh="多次登录失败，账号锁定", en="Locked out after failed sign-ins"),
        "account.end-session": Text(zh="结束会话", en="Sessions ended"),
        "account.password": Text(zh="修改本人密码", en="Own password changed"),
        "person.add": Text(zh="新增人员", en="Person added"),
        "person.grant": Text(zh="授予角色", en="Role granted"),
        "person.revoke": Text(zh="撤销角色", en="Role revoked"),
        "person.lock": Text(zh="锁定账号", en="Account locked"),
        "person.unlock": Text(zh="解锁账号", en="Account unlocked"),
        "person.reset-password": Text(zh="重置密码", en="Password reset"),
        "organisation.added": Text(zh="新增单位", en="Organisation added"),
        "organisation.changed": Text(zh="单位信息变更", en="Organisation changed"),
        "organisation.closed": Text(zh="单位停用", en="Organisation closed"),
        "audit.export": Text(zh="导出审计日志", en="Audit trail exported"),
    }
)
details.declare({"role": lambda said: str(Role(said).label) if said in set(Role) else said})
