"""Durable work: a job survives kill -9 and is taken up again; its steps may run twice, so they are idempotent.

Built on DBOS over the same database. The version of a job is part of its name: after changing what a job does,
raise the version, so that a run begun by old code is not resumed by new code.
"""

import hashlib
import logging
import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import close_old_connections

from hutong.kernel import clock
from hutong.kernel.errors import HutongError, NotFound
from hutong.kernel.settings import home, value
from hutong.kernel.text import Text

if TYPE_CHECKING:
    from hutong.kernel.models import JobRun

log = logging.getLogger(__name__)
QUEUE = "hutong"
BACKGROUND = "hutong-background"
MEETINGS = "hutong-meetings"
_MEETINGS_AT_ONCE = 4
_POLL = 0.5  # seconds; the engine takes one job a turn, and a whole second between short ones is long
_lock = threading.Lock()
_launched = False
_stopping = threading.Event()
_NO_NOTE = Text(zh="", en="")
_jobs: dict[str, "Job"] = {}


Work = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Job:
    """A declared job: ``work(context, **arguments)`` with JSON arguments and a JSON result.

    ``background``: nobody waits for it, so it has a queue of its own and keeps none that somebody waits for.
    ``meets``: it waits for another, which may be a job too; several of these are at work at once, in a queue of theirs.
    """

    name: str
    version: int
    work: Work
    background: bool = False
    meets: bool = False


@dataclass(frozen=True, slots=True)
class JobStatus:
    """How far a job is. ``error`` is an error as ``HutongError.as_dict`` gives it."""

    id: str
    name: str
    state: str
    done: int
    total: int
    note: Text
    result: Any
    error: dict[str, Any] | None
    arguments: dict[str, Any] = field(default_factory=dict)

    @property
    def over(self) -> bool:
        return self.state in {"done", "failed"}


class JobContext:
    """Progress of one run, kept in the database for whoever watches."""

    def __init__(self, job_id: str) -> None:
        self.job_id = job_id

    def progress(self, done: int, total: int, note: Text = _NO_NOTE) -> None:
        _change(self.job_id, done=done, total=total, note_zh=note.zh[:300], note_en=note.en[:300])

    @property
    def stopping(self) -> bool:
        """Whether this process is to end: who waits for somebody gives up then."""
        return _stopping.is_set()


def job(
    name: str, *, version: int = 1, background: bool = False, meets: bool = False
) -> Callable[[Work], Job]:
    """Declare a job ``<capability>.<verb>``; ``background`` and ``meets`` as in ``Job``."""

    def register(work: Work) -> Job:
        found = Job(name, version, work, background, meets)
        _jobs[name] = found
        return found

    return register


def enqueue(what: Job, *, key: str | None = None, **arguments: Any) -> str:
    """Ask for work and return its id; it joins the caller's transaction. The same ``key`` is asked only once.

    The worker process hands it to the engine (``hand_over``), so that a page needs no engine of its own.
    """
    from hutong.kernel.models import JobRun  # noqa: PLC0415 - models load after the apps

    job_id = identify(what, key)
    name = f"{what.name}@{what.version}"
    JobRun.objects.get_or_create(id=job_id, defaults={"name": name, "arguments": arguments})
    return job_id


def hand_over() -> int:
    """Hand the jobs that wait to the engine of this process; safe to repeat. Returns how many."""
    from dbos import DBOS, SetWorkflowID  # noqa: PLC0415 - see launch

    from hutong.kernel.models import JobRun  # noqa: PLC0415 - models load after the apps

    waiting = list(
        JobRun.objects.filter(state=JobRun.State.WAITING, handed=False).order_by("created_at")[:100]
    )
    for run in waiting:
        with SetWorkflowID(run.id):
            DBOS.enqueue_workflow(_queue(run.name), _workflow, run.name, run.arguments)
        JobRun.objects.filter(pk=run.id).update(handed=True)
    return len(waiting)


def idle() -> bool:
    """Whether no job waits or is at work."""
    from hutong.kernel.models import JobRun  # noqa: PLC0415 - models load after the apps

    return not JobRun.objects.filter(state__in=[JobRun.State.WAITING, JobRun.State.RUNNING]).exists()


def _queue(versioned: str) -> str:
    found = _jobs.get(versioned.partition("@")[0])
    if found is None or not (found.background or found.meets):
        return QUEUE
    return MEETINGS if found.meets else BACKGROUND


def status(job_id: str) -> JobStatus:
    """How far the job is; raises ``NotFound``."""
    from hutong.kernel.models import JobRun  # noqa: PLC0415 - models load after the apps

    row = JobRun.objects.filter(pk=job_id).first()
    if row is None:
        raise NotFound(what=job_id)
    return _status(row)


def unfinished(what: Job) -> list[JobStatus]:
    """Runs of the job that wait or are at work."""
    from hutong.kernel.models import JobRun  # noqa: PLC0415 - models load after the apps

    open_states = (JobRun.State.WAITING, JobRun.State.RUNNING)
    found = JobRun.objects.filter(state__in=open_states, name__startswith=f"{what.name}@")
    return [_status(each) for each in found]


def _status(row: "JobRun") -> JobStatus:
    return JobStatus(
        row.id,
        row.name,
        row.state,
        row.done,
        row.total,
        Text(row.note_zh, row.note_en),
        row.result,
        row.error,
        dict(row.arguments),
    )


def forget(ids: Sequence[str]) -> None:
    """Forget runs that are over, here and in the engine, so that their keys may be asked again."""
    from dbos import DBOSClient  # noqa: PLC0415 - see launch

    from hutong.kernel.models import JobRun  # noqa: PLC0415 - models load after the apps

    over = JobRun.objects.filter(pk__in=ids, state__in=(JobRun.State.DONE, JobRun.State.FAILED))
    handed = list(over.filter(handed=True).values_list("pk", flat=True))
    if handed:
        client = DBOSClient(system_database_url=_url())
        try:
            client.delete_workflows(handed)
        finally:
            client.destroy()
    over.delete()


def launch() -> None:
    """Start taking work in this process, first what an earlier one left unfinished."""
    global _launched, _workflow  # noqa: PLW0603 - one engine a process
    from dbos import DBOS, DBOSConfig  # noqa: PLC0415 - half a second of imports that pages do not need

    with _lock:
        if _launched:
            return
        DBOS(
            config=DBOSConfig(
                name="hutong",
                system_database_url=_url(),
                application_version="hutong",
                executor_id="local",
                log_level="WARNING",
                use_listen_notify=False,
            )
        )
        _workflow = DBOS.workflow(name="hutong.kernel.jobs.run")(_run)
        DBOS.launch()
        for queue, at_once in ((QUEUE, 1), (BACKGROUND, 1), (MEETINGS, _MEETINGS_AT_ONCE)):
            DBOS.register_queue(queue, worker_concurrency=at_once, polling_interval_sec=_POLL)
        _stopping.clear()
        _launched = True


def stop() -> None:
    """Let the running step end and stop taking work."""
    global _launched  # noqa: PLW0603 - one engine a process
    from dbos import DBOS  # noqa: PLC0415 - see launch

    with _lock:
        if _launched:
            _stopping.set()
            DBOS.destroy(destroy_registry=True)
            _launched = False


def _run(name: str, arguments: dict[str, Any]) -> None:
    from dbos import DBOS  # noqa: PLC0415 - see launch

    job_id = DBOS.workflow_id or ""
    DBOS.run_step({"name": name}, _step, job_id, name, arguments)


_workflow: Callable[..., None] = _run


def _step(job_id: str, versioned: str, arguments: dict[str, Any]) -> None:
    close_old_connections()
    try:
        perform(job_id, versioned, arguments)
    finally:
        close_old_connections()


def perform(job_id: str, versioned: str, arguments: dict[str, Any]) -> None:
    """Do the work of one job in this process and keep its outcome."""
    name, _, version = versioned.partition("@")
    found = _jobs.get(name)
    _change(job_id, state="running")
    try:
        if found is None or str(found.version) != version:
            raise NotFound(what=versioned)
        result = found.work(JobContext(job_id), **arguments)
        _change(job_id, state="done", result=result)
    except HutongError as error:
        _change(job_id, state="failed", error=error.as_dict())
    except Exception as error:  # the edge of a process: the failure is kept for whoever watches
        log.exception("job %s failed", job_id)
        _change(job_id, state="failed", error=HutongError(reason=repr(error)).as_dict())


def _change(job_id: str, **fields: Any) -> None:
    from hutong.kernel.models import JobRun  # noqa: PLC0415 - models load after the apps

    JobRun.objects.filter(pk=job_id).update(changed_at=clock.now(), **fields)


def identify(what: Job, key: str | None) -> str:
    """The id under which work is known; without a key a new one each time."""
    tail = hashlib.sha256(key.encode()).hexdigest()[:20] if key else uuid.uuid4().hex
    return f"{what.name}-{what.version}-{tail}"


def _url() -> str:
    address = value("HUTONG_DATABASE_URL")
    if address:
        return str(address).replace("postgresql://", "postgresql+psycopg://", 1)
    return f"sqlite:///{home() / 'hutong.db'}"
