"""The door of the supermarket: the shelf, subscriptions and calls for the floors above (and the demo)."""

from hutong.market.areas import tables
from hutong.market.calling import call, holder
from hutong.market.metering import book
from hutong.market.refusals import REFUSED, noted
from hutong.market.shelf import module, modules
from hutong.market.subscriptions import decide, end, holder_of, live_keys, make_key, of_modules, subscribe
from hutong.market.training import ask as train
from hutong.market.training import train_here, trainings, use
from hutong.market.usage import by_day, rate, scores, service, trace

__all__ = [
    "REFUSED",
    "book",
    "by_day",
    "call",
    "decide",
    "end",
    "holder",
    "holder_of",
    "live_keys",
    "make_key",
    "module",
    "modules",
    "noted",
    "of_modules",
    "rate",
    "scores",
    "service",
    "subscribe",
    "tables",
    "trace",
    "train",
    "train_here",
    "trainings",
    "use",
]
