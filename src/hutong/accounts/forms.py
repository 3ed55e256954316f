"""The forms of the account pages; the design system renders their fields."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from hutong.accounts.backend import LONGEST_PASSWORD
from hutong.accounts.models import Organisation
from hutong.accounts.types import Role
from hutong.kernel import clock, deeds

_KINDS = {
    "password": "password",
    "select": "select",
    "date": "date",
    "email": "email",
    "checkbox": "checkbox",
}


class SignInForm(AuthenticationForm):
    """Login name and password; one answer for every kind of wrong."""

    error_messages = {  # noqa: RUF012 - Django's form attribute
        "invalid_login": _("The login name or the password is not right, or the account is locked."),
        "inactive": _("The login name or the password is not right, or the account is locked."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Login name")
        self.fields["password"].label = _("Password")


class PasswordForm(PasswordChangeForm):
    """The old password and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Present password")
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password2"].label = _("New password again")
        for field in self.fields.values():
            field.validators = [*field.validators, MaxLengthValidator(LONGEST_PASSWORD)]
        self.fields["new_password1"].help_text = _(
            "At least 12 characters, not only digits, not a common one, not like your name."
        )


class RoleForm(forms.Form):
    """A role in an organisation, until a day or without end."""

    role = forms.ChoiceField(label=_("Role"))
    organisation = forms.ChoiceField(label=_("Organisation"), required=False)
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (each.value, str(each.label)) for each in Role if each is not Role.PUBLIC
        ]
        self.fields["organisation"].choices = organisation_choices()  # type: ignore[attr-defined]
        if "until" in self.fields:
            self.fields["until"].help_text = _("Left empty: without end.")

    def clean(self) -> dict[str, Any] | None:
        given = self.cleaned_data
        if given.get("role") == Role.STEWARD and not given.get("organisation"):
            self.add_error("organisation", _("A department steward needs an organisation."))
        return given

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until is not None and until < clock.today():
            raise forms.ValidationError(_("The last day is in the past."))
        return until


class PersonForm(RoleForm):
    """A new person with a first role."""

    until = None  # type: ignore[assignment]
    login = forms.CharField(label=_("Login name"), max_length=40)
    name_zh = forms.CharField(label=_("Full name"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    field_order = ("login", "name_zh", "name_en", "organisation", "role")


class TrailForm(forms.Form):
    """Conditions on the audit trail."""

    actor = forms.CharField(label=_("Who"), max_length=300, required=False)
    action = forms.ChoiceField(label=_("Action"), required=False)
    subject = forms.CharField(label=_("Object"), max_length=300, required=False)
    since = forms.DateField(
        label=_("From day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(label=_("To day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, actions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            ("", str(_("All actions"))),
            *sorted(((each, deeds.title(each)) for each in actions), key=lambda one: one[1]),
        ]
        self.fields["action"].choices = choices  # type: ignore[attr-defined]


def organisation_choices() -> list[tuple[str, str]]:
    rows = Organisation.objects.filter(active=True)
    return [("", str(_("The district as a whole"))), *((each.pk, str(each.title)) for each in rows)]


def shown(form: forms.BaseForm) -> list[dict[str, Any]]:
    """The fields as options of the design system's ``field`` component."""
    return [_shown(form[name]) for name in form.fields]


def _shown(bound: forms.BoundField) -> dict[str, Any]:
    field = bound.field
    kind = _KINDS.get(
        str(field.widget.attrs.get("type") or getattr(field.widget, "input_type", "text")), "text"
    )
    options: dict[str, Any] = {
        "name": bound.html_name,
        "label": str(bound.label),
        "kind": kind,
        "value": "" if kind == "password" else bound.value(),
        "hint": str(field.help_text) or None,
        "error": " ".join(map(str, bound.errors)) or None,
        "required": field.required,
        "autocomplete": field.widget.attrs.get("autocomplete"),
    }
    if kind == "select":
        options["choices"] = [{"value": value, "label": str(label)} for value, label in field.choices]  # type: ignore[attr-defined]
    return options
