"""The tree of organisations."""

from collections import defaultdict

from hutong.accounts.models import Organisation


def subtree(root: str) -> frozenset[str]:
    """Ids of ``root`` and everything below it; a loop in the data ends the walk."""
    children = defaultdict(list)
    for child, parent in Organisation.objects.values_list("id", "parent_id"):
        children[parent].append(child)
    found: set[str] = set()
    waiting = [root]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting.extend(children[each])
    return frozenset(found)
