"""The whole matrix, role × action × object, against a table written by hand and not from the code."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.accounts.logic.actions import ACTIONS
from hutong.accounts.logic.policy import decide
from hutong.accounts.types import ANONYMOUS, Actor, Role, Target

OWN, BELOW, OTHER = "statistics-bureau", "survey-team", "health-bureau"

# A: anything, O: the own organisation and below, P: what has been opened to everyone, -: nothing.
# A digit bounds the grade of the data: 1 general, 2 important, 3 core. Several grants are joined with +.
# A role also has what the public has.
EXPECTED = """
action              public  steward   data_office  leader  operator  auditor  administrator     security  developer
site.open           A       -         -            -       -         -        -                 -         -
organisation.view   A       -         -            -       -         -        -                 -         -
api.docs            A       -         -            -       -         -        -                 -         -
ledger.view         A       -         -            -       -         -        -                 -         -
account.own         -       A         A            A       A         A        A                 A         A
cockpit.view        -       A         A            A       A         A        A                 A         -
figure.view         P       A         A            A       A         A        -                 -         -
map.view            P1      A2+O3     A3           A3      A2        A1       A1                -         -
plan.view           P       A         A            A       A         A        A                 -         -
plan.review         -       -         A            -       -         -        -                 -         -
plan.edit           -       -         A            -       -         -        -                 -         -
plan.report         -       O         A            -       -         -        -                 -         -
catalog.view        P       A         A            A       A         A        A                 A         -
catalog.edit        -       O         A            -       -         -        -                 -         -
catalog.hand        -       -         A            -       -         -        -                 -         -
catalog.grade       -       O         A            -       -         -        -                 A         -
catalog.cosign      -       O         O            -       -         -        -                 -         -
catalog.dock        -       -         A            -       -         A        -                 A         -
lake.view           P       A         A            A       A         A        -                 A         -
lake.sample         P1      A1+O3     A3           A2      A1        -        -                 -         -
lake.sample_clear   P1      O2        A2           -       -         -        -                 -         -
lake.load           -       O         A            -       -         -        -                 -         -
lake.quarantine     -       O3        A2           -       -         -        -                 -         -
lake.query          -       O2        A2           -       -         -        -                 -         -
posture.view        -       -         A            -       -         A        -                 A         -
posture.manage      -       -         -            -       -         -        -                 A         -
portal.view         A       -         -            -       -         -        -                 -         -
portal.ask          A       -         -            -       -         -        -                 -         -
portal.answer       -       O         A            -       -         -        -                 -         -
portal.publish      -       -         A            -       -         -        -                 -         -
market.view         A       -         -            -       -         -        -                 -         -
market.try          -       A         A            A       A         -        -                 -         A
market.subscribe    -       O         A            -       -         -        -                 -         O
market.keep         -       O         A            -       -         -        -                 -         -
market.train        -       -         A            -       -         -        -                 -         -
exchange.view       -       O         A            A       -         A        -                 A         O
exchange.request    -       O         -            -       -         -        -                 -         -
exchange.check      -       -         A            -       -         -        -                 -         -
exchange.decide     -       O         -            -       -         -        -                 -         -
exchange.sign       -       O         -            -       -         -        -                 -         -
exchange.read       -       O         -            -       -         -        -                 -         O
exchange.issue      -       O         -            -       -         -        -                 -         -
exchange.supervise  -       -         A            -       -         -        -                 -         -
exchange.arbitrate  -       -         A            -       -         -        -                 -         -
privacy.view        -       O         A            A       -         A        -                 A         O
privacy.ask         -       O         -            -       -         -        -                 -         O
ledger.alarms       -       -         A            -       A         A        A                 A         -
audit.view          -       -         -            -       -         A        -                 A         -
people.manage       -       -         -            -       -         -        A                 -         -
admin.use           -       -         -            -       -         -        A                 -         -
settings.view       -       -         -            -       A         A        A                 A         -
metrics.view        -       -         -            -       A         -        A                 -         -
jobs.view           -       -         A            -       A         A        A                 -         -
ui.gallery          -       A         A            A       A         A        A                 A         -
"""
_LINES = [line.split() for line in EXPECTED.strip().splitlines()]
TABLE = {line[0]: dict(zip(_LINES[0][1:], line[1:], strict=True)) for line in _LINES[1:]}
GRADES = {"general": 1, "general-1": 1, "general-4": 1, "important": 2, "core": 3, "": 3, "secret": 3}
OBJECTS = [
    Target(organisation=organisation, grade=grade, public=public)
    for organisation, grade, public in product(
        (OWN, f"urn:hutong:beijing-dongcheng:organisation:{OWN}", BELOW, OTHER, ""), GRADES, (True, False)
    )
]


def actor(*roles: str, reach: frozenset[tuple[str, str]] | None = None) -> Actor:
    covered = frozenset((role, each) for role in roles for each in (OWN, BELOW))
    return Actor(
        "urn:hutong:t:person:x", "x", OWN, frozenset(roles), True, covered if reach is None else reach
    )


def expected(action: str, role: str, target: Target | None) -> bool:
    cells = {TABLE[action]["public"], TABLE[action][role]}
    grants = [grant for cell in cells for grant in cell.split("+") if grant != "-"]
    if target is None:
        return bool(grants)
    return any(
        (grant[0] != "P" or target.public)
        and (grant[0] != "O" or target.organisation.endswith((OWN, BELOW)))
        and (len(grant) == 1 or GRADES[target.grade] <= int(grant[1]))
        for grant in grants
    )


def test_the_table_knows_every_action_and_role():
    assert set(TABLE) == set(ACTIONS)
    assert _LINES[0][1:] == [each.value for each in Role]


@pytest.mark.parametrize("role", [each.value for each in Role])
@pytest.mark.parametrize("action", sorted(TABLE))
def test_matrix(action: str, role: str):
    who = ANONYMOUS if role == "public" else actor(role)
    for target in (None, *OBJECTS):
        decision = decide(who, action, target)
        assert decision.allowed is expected(action, role, target), (action, role, target)
        assert decision.reason.zh, "every answer has a reason in both languages"
        assert decision.reason.en


def test_graded_actions_of_the_code_are_those_with_a_digit_in_the_table():
    graded = {
        action for action, row in TABLE.items() if any(char.isdigit() for char in "".join(row.values()))
    }
    assert graded == {each.name for each in ACTIONS.values() if each.graded}


def test_refusals_say_what_stands_in_the_way():
    steward = actor("steward")
    assert decide(ANONYMOUS, "cockpit.view").reason.en == "sign in first"
    assert "another organisation" in decide(steward, "lake.load", Target(OTHER)).reason.en
    assert "grade" in decide(steward, "lake.sample_clear", Target(OWN, "core")).reason.en
    assert "do not include" in decide(steward, "people.manage").reason.en


roles = st.frozensets(st.sampled_from([each.value for each in Role]), max_size=4)
actions = st.sampled_from(sorted(ACTIONS))
targets = st.none() | st.builds(
    Target,
    organisation=st.sampled_from([OWN, BELOW, OTHER, ""]),
    grade=st.sampled_from(sorted(GRADES)),
    public=st.booleans(),
)


def restrictions(target: Target | None) -> list[Target]:
    """The same target with one more thing known that can only stand in the way."""
    if target is None:
        return OBJECTS
    raised = [each for each, rank in GRADES.items() if rank >= GRADES[target.grade]]
    return [
        Target(target.organisation, target.grade, public=False),
        Target(OTHER if target.organisation == OTHER else "", target.grade, public=target.public),
        *(Target(target.organisation, each, public=target.public) for each in raised),
    ]


@given(roles, actions, targets)
def test_a_restriction_never_gives_more(held: frozenset[str], action: str, target: Target | None):
    who = actor(*held)
    if not decide(who, action, target):
        for narrower in restrictions(target):
            assert not decide(who, action, narrower), narrower


@given(roles, roles, actions, targets)
def test_fewer_roles_never_give_more(
    some: frozenset[str], more: frozenset[str], action: str, target: Target | None
):
    if decide(actor(*some), action, target):
        assert decide(actor(*(some | more)), action, target)


@given(roles, actions, targets)
def test_a_shorter_reach_never_gives_more(held: frozenset[str], action: str, target: Target | None):
    if decide(actor(*held, reach=frozenset()), action, target):
        assert decide(actor(*held), action, target)


@given(roles, actions, targets)
def test_roles_of_whoever_is_not_signed_in_count_for_nothing(
    held: frozenset[str], action: str, target: Target | None
):
    stranger = Actor("x", "x", OWN, held, False)
    assert decide(stranger, action, target).allowed is decide(ANONYMOUS, action, target).allowed


@given(roles, st.text(max_size=30).filter(lambda text: text not in ACTIONS), targets)
def test_an_unknown_action_is_refused(held: frozenset[str], action: str, target: Target | None):
    assert not decide(actor(*held), action, target)


def test_an_actor_without_a_reach_covers_the_home_organisation_alone():
    who = Actor("x", "x", OWN, frozenset({"steward"}), True)
    assert decide(who, "lake.load", Target(OWN))
    assert not decide(who, "lake.load", Target(BELOW))
    assert not decide(who, "lake.load", Target(""))
