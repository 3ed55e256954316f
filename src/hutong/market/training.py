"""A module trained on the district's own handled cases: asked for, learnt by a job, entered in the log, put to use.

What is kept is a file of pieces and weights, never a text. Whichever model is in use, the shipped module stays and can
be gone back to.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.db.models import Max

from hutong.accounts.api import Actor, Target, allow
from hutong.kernel import audit, clock, jobs
from hutong.kernel.db import alone, atomic
from hutong.kernel.errors import Invalid
from hutong.kernel.settings import home, value
from hutong.kernel.text import Text
from hutong.kernel.urn import Urn
from hutong.ledger import api as ledger
from hutong.market import cases, shelf
from hutong.market.errors import NoLearning, NoSuchTraining, NotReady
from hutong.market.models import TrainingRow
from hutong.market.running import MODEL
from hutong.market.types import Asked, Manifest, Module, Training

LEARNT: Final = "market.model"
IN_USE: Final = "market.model.in-use"
SHIPPED: Final = 0
_MOST_SEED: Final = 2**31 - 1
_NO_NOTE: Final = Text(zh="", en="")


def ask(actor: Actor, name: str, asked: Asked) -> Training:
    """Train a module: by whoever may train it and may read the rows of the table. Its number is the next one."""
    module = _learner(actor, name)
    cases.check(actor, asked)
    if not 0 <= asked.seed <= _MOST_SEED:
        raise Invalid(reason=f"seed: 0–{_MOST_SEED}")
    with atomic():
        alone(f"market.training {name}")
        last = TrainingRow.objects.filter(module=name).aggregate(last=Max("number"))["last"] or 0
        row = TrainingRow.objects.create(
            module=name, number=last + 1, table=asked.table, text=asked.text, label=asked.label, seed=asked.seed,
            asked_at=clock.now(), person=actor.urn, organisation=actor.organisation,
        )  # fmt: skip
        row.job = jobs.enqueue(work, key=f"{name}/{row.number}", module=name, number=row.number)
        row.save(update_fields=["job"])
        audit.record(
            "market.train", urn(name, row.number), table=asked.table, seed=asked.seed, title=module.id
        )
    return _ref(row)


@jobs.job("market.train")
def work(context: jobs.JobContext, *, module: str, number: int) -> dict[str, Any]:
    """Read, learn, measure and keep; a second run of the same makes the same file and changes nothing."""
    row = _row(module, number)
    if row.sha256:
        return {"sha256": row.sha256}
    context.progress(
        0, 100, Text(zh="读取案例并去除个人信息", en="reading cases and taking personal data out")
    )
    read = cases.read(_asked(row), row.asked_at)
    told = cases.learnt(module, read, row.seed, lambda share: context.progress(*share, _LEARNING))
    return keep(row, read, told)


def train_here(actor: Actor, name: str, asked: Asked) -> Training:
    """Ask and train in this process."""
    return work_here(name, ask(actor, name, asked).number)


def work_here(module: str, number: int) -> Training:
    """Train in this process, as the command line does; should the engine take the job too, it finds it done."""
    arguments = {"module": module, "number": number}
    jobs.perform(_row(module, number).job, f"{work.name}@{work.version}", arguments)
    return training(module, number)


_LEARNING: Final = Text(zh="训练并以未见过的案例检验", en="learning, and testing on cases not seen")


def keep(row: TrainingRow, read: cases.Read, told: cases.Learnt) -> dict[str, Any]:
    """Write the file, and say in one transaction what it is, what it was learnt from and how well it does."""
    from hutong.market import model_files  # noqa: PLC0415 - numpy is for those who learn

    file = model_files.write(folder(row.module), told.body)
    measured = ledger.measure_file(file, file.name)
    with atomic():
        if TrainingRow.objects.select_for_update().get(pk=row.pk).sha256:  # another run was faster
            return {"sha256": measured.manifest.sha256}
        manifest = ledger.commit_file(measured)
        entry = ledger.append(
            LEARNT,
            urn(row.module, row.number),
            {
                "module": row.module, "version": shelf.module(row.module).manifest.version, "table": row.table,
                "columns": [row.text, row.label], "snapshots": list(read.snapshots), "seed": row.seed,
                "cases": len(read.cases), "held_out": {name: f"{one:.4f}" for name, one in told.figures.items()},
                "file": manifest.as_dict(),
            },
            organisation=row.organisation,
        )  # fmt: skip
        row.snapshots, row.cases, row.sha256 = list(read.snapshots), len(read.cases), manifest.sha256
        row.size, row.entry, row.trained_at = manifest.size, entry.id, clock.now()
        row.told = {
            "figures": told.figures, "beside": told.beside, "labels": told.labels, "left_out": dict(read.left_out)
        }  # fmt: skip
        row.save()
        audit.record(
            "market.model", urn(row.module, row.number), actor=row.person, organisation=row.organisation,
            sha256=row.sha256, cases=row.cases,
        )  # fmt: skip
    return {"sha256": row.sha256, "cases": row.cases, **told.figures}


def use(actor: Actor, name: str, number: int) -> Training | None:
    """Put a model to use from the next call on; ``SHIPPED`` goes back to the module as it ships."""
    _learner(actor, name)
    row = _row(name, number) if number != SHIPPED else None
    if row is not None and not row.sha256:
        raise NotReady(number=number)
    with atomic():
        alone(f"market.training {name}")
        before = TrainingRow.objects.filter(module=name, active=True).first()
        if (before.number if before else SHIPPED) == number:
            return _ref(row) if row else None
        TrainingRow.objects.filter(module=name, active=True).update(active=False, active_since=None)
        told = {"module": name, "number": number, "before": before.number if before else SHIPPED}
        if row is not None:
            row.active, row.active_since = True, clock.now()
            row.save(update_fields=["active", "active_since"])
            told["sha256"] = row.sha256
        ledger.append(IN_USE, shelf.module(name).urn, told, organisation=actor.organisation)
        audit.record("market.use-model", shelf.module(name).urn, number=number, before=told["before"])
    return _ref(row) if row else None


def trainings(name: str) -> list[Training]:
    """Every model of a module, the newest first."""
    return [_ref(row) for row in TrainingRow.objects.filter(module=name)[:200]]


def training(name: str, number: int) -> Training:
    """One model; raises ``NoSuchTraining``."""
    return _ref(_row(name, number))


def active(name: str) -> Training | None:
    """The model in use; None where the module works as shipped."""
    row = TrainingRow.objects.filter(module=name, active=True).first()
    return _ref(row) if row else None


def needed(manifest: Manifest) -> dict[str, tuple[str, Any]]:
    """Where the process of a module finds the model in use, with a mark that changes when another is put to use."""
    if not manifest.learns:
        return {}
    row = TrainingRow.objects.filter(module=manifest.id, active=True).first()
    if row is None:
        return {MODEL: ("shipped", None)}
    path = str(folder(row.module) / f"{row.sha256}.model")
    return {MODEL: (row.sha256, {"path": path, "sha256": row.sha256, "number": row.number})}


def version(manifest: Manifest, needs: Mapping[str, tuple[str, Any]]) -> str:
    """The version that answers: the module's, and after a plus the number of the model in use."""
    held = needs.get(MODEL, ("", None))[1]
    return f"{manifest.version}+{held['number']}" if held else manifest.version


def folder(name: str) -> Path:
    return home() / "market" / "models" / name


def urn(name: str, number: int) -> str:
    return str(Urn(str(value("HUTONG_PACK")), "market-model", f"{name}/{number}"))


def _learner(actor: Actor, name: str) -> Module:
    found = shelf.module(name)
    allow(actor, "market.train", Target(found.offer.owner))
    if not found.manifest.learns:
        raise NoLearning(name=str(found.title))
    return found


def _row(name: str, number: int) -> TrainingRow:
    row = TrainingRow.objects.filter(module=name[:41], number=number).first() if number > 0 else None
    if row is None:
        raise NoSuchTraining(name=name[:41], number=number)
    return row


def _asked(row: TrainingRow) -> Asked:
    return Asked(row.table, row.text, row.label, row.seed)


def _ref(row: TrainingRow) -> Training:
    state, done, total, note, error = "active" if row.active else "ready", 1, 1, _NO_NOTE, None
    if not row.sha256:
        job = jobs.status(row.job)
        state, done, total, note, error = job.state, job.done, job.total, job.note, job.error
        state = "failed" if state == "done" else state
    told = row.told
    return Training(
        urn(row.module, row.number), row.module, row.number, _asked(row), row.asked_at, row.person, row.organisation,
        state, done, total, note, error, tuple(row.snapshots), row.cases, told.get("figures", {}),
        told.get("beside", {}), tuple(told.get("labels", ())), told.get("left_out", {}), row.sha256, row.size,
        row.entry, row.trained_at, row.active_since,
    )  # fmt: skip
