"""How a request moves. What is not written here cannot happen."""

from collections.abc import Mapping
from typing import Final

from hutong.exchange.types import Event, Sharing, State

_S, _E = State, Event
MOVES: Final[Mapping[tuple[State, Event], State]] = {
    (_S.CHECKING, _E.PASS): _S.DECIDING,
    (_S.CHECKING, _E.RETURN): _S.RETURNED,
    (_S.CHECKING, _E.REFUSE): _S.REFUSED,
    (_S.CHECKING, _E.AGREE): _S.AGREED,  # unconditional sharing asks nobody
    (_S.CHECKING, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.DECIDING, _E.AGREE): _S.AGREED,
    (_S.DECIDING, _E.REFUSE): _S.REFUSED,
    (_S.DECIDING, _E.RETURN): _S.RETURNED,
    (_S.DECIDING, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.RETURNED, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.AGREED, _E.FULFIL): _S.FULFILLED,
    (_S.AGREED, _E.WITHDRAW): _S.WITHDRAWN,
}
OVER: Final = frozenset({_S.FULFILLED, _S.REFUSED, _S.WITHDRAWN})
RUNNING: Final = frozenset({_S.CHECKING, _S.DECIDING, _S.AGREED})


def move(state: State, happened: Event, returned_from: State | None = None) -> State | None:
    """The state after; None where this cannot happen. A completed request goes back to the stage that returned it."""
    if (state, happened) == (State.RETURNED, Event.COMPLETE):
        return returned_from if returned_from in {State.CHECKING, State.DECIDING} else None
    return MOVES.get((state, happened))


def possible(state: State) -> tuple[Event, ...]:
    """What may happen next."""
    found = [event for at, event in MOVES if at is state]
    return tuple([*found, Event.COMPLETE] if state is State.RETURNED else found)


def first(sharing: Sharing) -> tuple[State, ...]:
    """The states a new request goes through at once, by the sharing type of what it asks for."""
    match sharing:
        case Sharing.UNCONDITIONAL:
            return (State.CHECKING, State.AGREED)
        case Sharing.NONE:
            return (State.CHECKING, State.REFUSED)
        case Sharing.CONDITIONAL:
            return (State.CHECKING,)
