"""Adding people, giving and ending roles, locking: each checked, and recorded with the change."""

import secrets
from datetime import date, timedelta

from axes.models import AccessAttempt
from axes.utils import reset as forget_failures
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import translation

from hutong.accounts.backend import normal_login
from hutong.accounts.errors import BadPerson, LastAdministrator, NoPerson
from hutong.accounts.lockout import FAILURES, PAUSE
from hutong.accounts.models import LOGIN, Membership, Organisation, Person
from hutong.accounts.types import PersonRef, Role
from hutong.kernel import audit, clock
from hutong.kernel.db import alone, atomic
from hutong.kernel.settings import value
from hutong.kernel.text import Text
from hutong.kernel.urn import Urn


def add(
    login: str,
    name: Text,
    role: str,
    organisation: str = "",
    password: str | None = None,
    *,
    demo: bool = False,
) -> PersonRef:
    """Make a person with a first role; without a password nobody can sign in as them yet."""
    login = normal_login(login)
    _check_login(login)
    role, home = _post(role, organisation)
    person = Person(
        urn=str(Urn(str(value("HUTONG_PACK")), "person", login)),
        login=login,
        name_zh=name.zh or name.en,
        name_en=name.en,
        organisation=home,
        demo=demo,
    )
    _set_password(person, password)
    with atomic():
        person.save()
        _grant(person, role, home, clock.today(), None)
        audit.record("person.add", person.urn, role=role, within=organisation)
    return ref(person)


def grant(login: str, role: str, organisation: str = "", until: date | None = None) -> PersonRef:
    """Give a role from today on; giving it again only moves its end."""
    role, home = _post(role, organisation)
    today = clock.today()
    if until is not None and until < today:
        raise BadPerson(reason_zh="截止日期早于今天", reason_en="the last day is in the past")
    with atomic():
        person = find(login)
        _grant(person, role, home, today, until)
        audit.record(
            "person.grant",
            person.urn,
            role=role,
            within=organisation,
            until=until.isoformat() if until else None,
        )
    return ref(person)


def revoke(login: str, role: str, organisation: str = "") -> PersonRef:
    """End a role now."""
    role, home = _role(role), _organisation(organisation)
    with atomic():
        person = find(login)
        held = person.memberships.in_force(clock.today()).filter(role=role, organisation=home)
        if role == Role.ADMINISTRATOR:
            _another_administrator(person, losing=held)
        for each in held:
            yesterday = clock.today() - timedelta(days=1)
            if each.since > yesterday:
                each.delete()
            else:
                each.until = yesterday
                each.save(update_fields=["until"])
        audit.record("person.revoke", person.urn, role=role, within=organisation)
    return ref(person)


def lock(login: str, reason: str = "") -> PersonRef:
    """Let them in no more, and end their sessions."""
    with atomic():
        person = find(login)
        _another_administrator(person)
        person.is_active = False
        person.save(update_fields=["is_active"])
        person.sessions.all().delete()
        audit.record("person.lock", person.urn, reason=reason)
    return ref(person)


def unlock(login: str) -> PersonRef:
    """Let them in again, and forget failed attempts."""
    with atomic():
        person = find(login)
        person.is_active = True
        person.save(update_fields=["is_active"])
        forget_failures(username=person.login)
        audit.record("person.unlock", person.urn)
    return ref(person)


def reset_password(login: str, password: str | None = None) -> str:
    """Set a password to be changed at the next sign-in, made here when none is given; ends their sessions."""
    made = password or secrets.token_urlsafe(12)
    with atomic():
        person = find(login)
        if person.demo:
            raise BadPerson(
                reason_zh="演示人员没有自己的密码", reason_en="demo people have no password of their own"
            )
        _set_password(person, made)
        person.must_change_password = True
        person.save(update_fields=["password", "must_change_password"])
        person.sessions.all().delete()
        audit.record("person.reset-password", person.urn)
    return made


def find(login: str) -> Person:
    """The person of a login name; raises ``NoPerson``."""
    person = Person.objects.select_related("organisation").filter(login=normal_login(login)).first()
    if person is None:
        raise NoPerson(login=login)
    return person


def listed(words: str = "", role: str = "") -> list[PersonRef]:
    """People by login name; ``words`` is looked for in login and names."""
    rows: QuerySet[Person] = Person.objects.all()
    found = [ref(each) for each in rows.prefetch_related("memberships")]
    words = words.strip().lower()
    return [
        each
        for each in found
        if (not role or role in each.roles)
        and (not words or words in f"{each.login} {each.name.zh} {each.name.en}".lower())
    ]


def locked_out() -> frozenset[str]:
    """Login names that failed too often just now, from wherever it was."""
    since = clock.now() - PAUSE
    found = AccessAttempt.objects.filter(failures_since_start__gte=FAILURES, attempt_time__gt=since)
    return frozenset(found.values_list("username", flat=True))


def ref(person: Person) -> PersonRef:
    today = clock.today()
    roles = {
        each.role
        for each in person.memberships.all()
        if each.since <= today and (not each.until or each.until >= today)
    }
    return PersonRef(
        person.login,
        person.urn,
        person.name,
        person.organisation_id or "",
        frozenset(roles),
        person.is_active,
        person.demo,
    )


def _grant(person: Person, role: str, home: Organisation | None, since: date, until: date | None) -> None:
    held = person.memberships.in_force(since).filter(role=role, organisation=home).first()
    if held is not None:
        held.until = until
        held.save(update_fields=["until"])
        return
    Membership.objects.create(
        person=person, organisation=home, role=role, since=since, until=until, granted_by=audit.origin().actor
    )


def _another_administrator(person: Person, losing: QuerySet[Membership] | None = None) -> None:
    """Raise ``LastAdministrator`` when, without this, nobody could manage people."""
    alone("accounts.administrators")
    others = Membership.objects.in_force(clock.today()).filter(
        role=Role.ADMINISTRATOR, person__is_active=True
    )
    own = others.filter(person=person)
    if not own.exists():
        return
    left = others.exclude(pk__in=(losing if losing is not None else own).values("pk"))
    if not left.exists():
        raise LastAdministrator(login=person.login)


def _set_password(person: Person, password: str | None) -> None:
    if password is None:
        person.set_unusable_password()
        return
    faults = [_faults(password, person, language) for language in ("zh-hans", "en")]
    if any(faults):
        raise BadPerson(reason_zh=faults[0], reason_en=faults[1])
    person.set_password(password)


def _faults(password: str, person: Person, language: str) -> str:
    """What is wrong with a password; the validators say it in the language of the moment."""
    with translation.override(language):
        try:
            validate_password(password, person)
        except ValidationError as error:
            return " ".join(error.messages)
    return ""


def _check_login(login: str) -> None:
    if not LOGIN.match(login):
        raise BadPerson(
            reason_zh=f"登录名“{login[:60]}”须为 2-40 位小写字母、数字、点、横线或下划线，以字母开头",
            reason_en=f"the login name “{login[:60]}” must be 2-40 lower-case letters, digits, dots, dashes "
            "or underscores, starting with a letter",
        )
    if Person.objects.filter(login=login).exists():
        raise BadPerson(
            reason_zh=f"登录名“{login}”已有人使用", reason_en=f"the login name “{login}” is taken"
        )


def _post(role: str, organisation: str) -> tuple[str, Organisation | None]:
    """A role in an organisation that makes sense together."""
    known, home = _role(role), _organisation(organisation)
    if known == Role.STEWARD and home is None:
        raise BadPerson(
            reason_zh="部门数据管理员须属于一个单位", reason_en="a department steward needs an organisation"
        )
    return known, home


def _role(role: str) -> str:
    known = [each.value for each in Role if each is not Role.PUBLIC]
    if role not in known:
        raise BadPerson(
            reason_zh=f"没有角色“{role}”，可选：{'、'.join(known)}",
            reason_en=f"there is no role “{role}”; choose one of {', '.join(known)}",
        )
    return role


def _organisation(name: str) -> Organisation | None:
    if not name:
        return None
    found = Organisation.objects.filter(pk=name).first()
    if found is None:
        raise BadPerson(reason_zh=f"没有机构“{name}”", reason_en=f"there is no organisation “{name}”")
    return found
