"""What packs write on the audit trail, in words."""

from hutong.kernel.deeds import declare
from hutong.kernel.text import Text

declare({"packs.apply": Text(zh="应用区包", en="Pack applied")})
