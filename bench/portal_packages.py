"""50,000 datasets through CKAN's API, and search over them: clients are ckanapi, unmodified.

``HUTONG_BENCH_PACKAGES`` asks for another number; the time is judged against its share of five minutes.
"""

import itertools
import json
import os
import random
import statistics
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench import plot
from bench.apart import measured
from bench.portal import free_port, ours, serving
from bench.result import Result

PACKAGES = int(os.environ.get("HUTONG_BENCH_PACKAGES", "50000"))
FULL = 50_000  # search is judged over so many, however many came by plain calls
CLIENTS = 8
MINUTES = 5.0
SLOWEST = 50.0
WORDS = [
    "地铁",
    "客流",
    "停车",
    "空气",
    "养老",
    "医院",
    "学校",
    "图书",
    "企业",
    "税收",
    "街道",
    "社区",
    "绿地",
    "河道",
    "供热",
    "用水",
    "用电",
    "公交",
    "路灯",
    "消防",
    "文物",
    "旅游",
    "餐饮",
    "房屋",
    "楼宇",
    "专利",
    "就业",
    "社保",
    "天气",
    "噪声",
]


def run() -> Iterable[Result]:
    """In a process of its own, over a home of its own."""
    return measured("bench.portal_packages")


def package(number: int) -> dict[str, Any]:
    """A dataset as another portal would list it."""
    dice = random.Random(number)
    words = dice.sample(WORDS, 6)
    return {
        "name": f"dataset-{number}",
        "title": f"{words[0]}{words[1]}数据（{number}）",
        "notes": f"按{words[2]}和{words[3]}统计的{words[4]}、{words[5]}情况，每月更新，来源为业务系统。" * 2,
        "owner_org": f"bureau-{number % 40}",
        "license_id": "CC-BY-4.0",
        "tags": [{"name": each} for each in words[:3]],
        "groups": [{"name": dice.choice(("economy", "culture", "health", "transport", "environment"))}],
        "resources": [
            {"url": f"https://data.example.org/{number}.csv", "format": "CSV", "mimetype": "text/csv"}
        ],
    }


def prepare() -> str:
    """Organisations and somebody of the data office; returns a key."""
    import django  # noqa: PLC0415 - the parent process must not start Django

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - after django.setup()

    from hutong.accounts import organisations, people  # noqa: PLC0415
    from hutong.accounts.organisations import Facts  # noqa: PLC0415
    from hutong.kernel.text import Text  # noqa: PLC0415
    from hutong.portal import keys  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    offices = [Facts(f"bureau-{each}", f"第{each}局", f"Bureau {each}", "bureau") for each in range(40)]
    organisations.apply("beijing-dongcheng", offices)
    people.add("office", Text("办", "Office"), "data_office", "bureau-0", "correct horse battery 蓄电池")
    return keys.make(people.find("office").urn, "bench")


def create(base: str, key: str) -> list[tuple[int, float]]:
    """All datasets by plain ``package_create`` calls of a few clients at once: how many there were, and when (s)."""
    import ckanapi  # noqa: PLC0415 - a client of its own in each thread

    failed: list[str] = []
    done = [0] * CLIENTS

    def work(first: int) -> None:
        with ckanapi.RemoteCKAN(base, apikey=key) as site:
            for number in range(first, PACKAGES, CLIENTS):
                if failed:
                    return
                try:
                    answer = site.action.package_create(**package(number))
                    if answer["name"] != f"dataset-{number}":
                        raise ckanapi.CKANAPIError(f"{answer['name']} for {number}")
                except ckanapi.CKANAPIError as error:
                    failed.append(str(error))
                    return
                done[first] += 1

    threads = [threading.Thread(target=work, args=(each,)) for each in range(CLIENTS)]
    begun = time.perf_counter()
    course = [(0, 0.0)]
    for each in threads:
        each.start()
    while any(each.is_alive() for each in threads):
        time.sleep(0.02)
        if sum(done) >= course[-1][0] + PACKAGES // 20:
            course.append((sum(done), time.perf_counter() - begun))
    if failed:
        raise RuntimeError(failed[0])
    course.append((sum(done), time.perf_counter() - begun))
    return course


def processor_seconds() -> float:
    """What the processes started from this one have used of the processors so far."""
    used, above = {}, {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        number = int(place.parent.name)
        above[number] = int(fields[1])
        used[number] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    ours, waiting = set(), {os.getpid()}
    while waiting:
        waiting = {number for number, parent in above.items() if parent in waiting} - ours
        ours |= waiting
    return sum(used[each] for each in ours)


def lost(base: str) -> int:
    """How many of those that were acknowledged are not there."""
    with urllib.request.urlopen(f"{base}/api/3/action/package_list", timeout=120) as answer:
        there = set(json.load(answer)["result"])
    return sum(f"dataset-{number}" not in there for number in range(PACKAGES))


def bulk(base: str, key: str, number: int) -> float:
    """Seconds for ``number`` more datasets in batches of 500."""
    begun = time.perf_counter()
    for first in range(0, number, 500):
        packages = [{**package(PACKAGES + each)} for each in range(first, min(first + 500, number))]
        asked = urllib.request.Request(
            f"{base}/api/3/action/package_create_many",
            json.dumps({"packages": packages}).encode(),
            {"Authorization": key, "Content-Type": "application/json"},
        )
        urllib.request.urlopen(asked, timeout=120).read()
    return time.perf_counter() - begun


def searches(base: str) -> list[float]:
    """Milliseconds of 400 different searches, one after the other: words, facets, pages, orders."""
    dice = random.Random(7)
    facets = '["organization","groups","res_format","tags"]'
    took = []
    for number in range(400):
        asked: dict[str, Any] = {
            "q": "".join(dice.sample(WORDS, dice.choice((1, 1, 2)))),
            "rows": 20,
            "facet.field": facets,
        }
        if number % 4 == 0:
            asked["q"] = " ".join(dice.sample(WORDS, 2))
        if number % 5 == 0:
            asked["fq"] = f"organization:bureau-{dice.randrange(40)}"
        if number % 7 == 0:
            asked |= {"q": "*:*", "start": dice.randrange(FULL), "sort": "metadata_modified desc"}
        address = f"{base}/api/3/action/package_search?{urllib.parse.urlencode(asked)}"
        begun = time.perf_counter()
        urllib.request.urlopen(address, timeout=60).read()
        took.append((time.perf_counter() - begun) * 1000)
    return took


def measure() -> Iterator[Result]:
    key, port = prepare(), free_port()
    with serving(ours(port), port, "/api/3/action/site_read") as base:
        before = processor_seconds()
        course = create(base, key)
        burden = (processor_seconds() - before) / PACKAGES
    keep(course)
    seconds = course[-1][1]
    allowed = MINUTES * 60 * PACKAGES / FULL
    yield Result(
        f"{PACKAGES:,} datasets by package_create of {CLIENTS} ckanapi clients", seconds / 60, "min",
        f"≤ {allowed / 60:g}", seconds <= allowed,
        f"{PACKAGES / seconds:,.0f}/s, {burden * 1000:.1f} ms of a core each on our side; clients share the cores",
    )  # fmt: skip
    port = free_port()
    with serving(ours(port), port, "/api/3/action/site_read") as base:
        missing = lost(base)
        yield Result("acknowledged datasets that are gone after a restart", missing, "", "0", missing == 0)
        more = max(500, FULL - PACKAGES)
        if PACKAGES < FULL:
            seconds = bulk(base, key, more)
            yield Result("datasets by package_create_many, 500 a call", more / seconds, "datasets/s")
        for _ in range(6):  # both processes read the index once
            urllib.request.urlopen(f"{base}/api/3/action/package_search?q=x", timeout=60).read()
        took = sorted(searches(base))
        p95 = took[int(len(took) * 0.95)]
        yield Result(
            f"search over {max(FULL, PACKAGES):,} datasets with four facets, 95th percentile", p95, "ms",
            f"< {SLOWEST:g}", p95 < SLOWEST,
            f"median {statistics.median(took):.1f} ms, slowest {took[-1]:.0f} ms; every search another",
        )  # fmt: skip
        if PACKAGES >= FULL:
            seconds = bulk(base, key, more)
            yield Result("datasets by package_create_many, 500 a call", more / seconds, "datasets/s")


def keep(course: list[tuple[int, float]]) -> None:
    """Draw the rate against how many there are already, into the file that ``HUTONG_BENCH_RATES`` names."""
    if place := os.environ.get("HUTONG_BENCH_RATES"):
        points = [
            (after, (after - before) / (until - since))
            for (before, since), (after, until) in itertools.pairwise(course)
            if until > since
        ]
        Path(place).write_text(plot.rates(points, FULL / MINUTES / 60), "utf8")


if __name__ == "__main__":
    for result in measure():
        print(json.dumps(asdict(result), ensure_ascii=False), flush=True)
