"""The sections that capabilities have registered."""

from hutong.packs.types import Section

_sections: dict[str, Section] = {}


def register(section: Section) -> Section:
    """Make a section known; called from the ``pack.py`` of a capability when its app is ready."""
    there = _sections.get(section.name)
    if there is not None and (there.path, there.model) != (section.path, section.model):
        raise ValueError(f"two sections are called {section.name}")
    _sections[section.name] = section
    return section


def registered() -> tuple[Section, ...]:
    """Every section, in the order in which they are applied: each after those it names in ``after``."""
    done: dict[str, Section] = {}
    waiting = dict(sorted(_sections.items()))
    while waiting:
        ready = [each for each in waiting.values() if not set(each.after) & set(waiting)]
        if not ready:
            raise ValueError(f"sections wait for each other: {sorted(waiting)}")
        for section in ready:
            done[section.name] = waiting.pop(section.name)
    return tuple(done.values())
