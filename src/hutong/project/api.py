"""The machine interface: one OpenAPI document at ``/api/openapi.json``, made of the capabilities' routers."""

from importlib import import_module
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.module_loading import module_has_submodule
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from hutong import __version__
from hutong.accounts.api import requires
from hutong.kernel import given
from hutong.kernel.errors import HutongError, Invalid
from hutong.project.errors import Unreadable

_PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "title": "Problem",
    "description": "What is wrong, with a stable code, and how to mend it, in Chinese and English.",
    "required": ["code", "status", "message", "fix", "place", "facts"],
    "properties": {
        "code": {"type": "string", "examples": ["kernel.invalid"]},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "message": {"$ref": "#/components/schemas/ProblemText"},
        "fix": {"$ref": "#/components/schemas/ProblemText"},
        "place": {"type": ["object", "null"]},
        "facts": {"type": "object"},
    },
}
_TEXT: Final[dict[str, Any]] = {
    "type": "object",
    "title": "ProblemText",
    "required": ["zh", "en"],
    "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
}
_ERRORS: Final[dict[str, Any]] = {
    status: {
        "description": said,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status, said in {"4XX": "It cannot be done as asked", "503": "It cannot be done now"}.items()
}


class Keepable(Parser):
    """Bodies whose every value can be kept."""

    def parse_body(self, request: HttpRequest) -> Any:
        return given.read_json(request.body)


class Described(NinjaAPI):
    """An API whose description says of every operation what an error looks like."""

    def get_openapi_schema(self, **asked: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**asked)
        schema.setdefault("components", {}).setdefault("schemas", {}).update(
            Problem=_PROBLEM, ProblemText=_TEXT
        )
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation["responses"] = {**_ERRORS, **operation["responses"]}
        return schema


api = Described(
    title="Hutong 胡同",
    version=__version__,
    urls_namespace="api",
    docs_url="/docs",
    openapi_url="/openapi.json",
    docs_decorator=requires("api.docs"),
    parser=Keepable(),
    description="Records come in once; every figure walks back to them and to its proof.",
)


@api.exception_handler(HutongError)
def _told(_request: HttpRequest, error: HutongError) -> HttpResponse:
    return JsonResponse(error.as_dict(), status=error.status, content_type="application/problem+json")


@api.exception_handler(ValidationError)
def _invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    told = Invalid(reason="; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors))
    return JsonResponse(told.as_dict(), status=told.status, content_type="application/problem+json")


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What Ninja itself refuses: a body that is no JSON, or that the parser does not take."""
    if isinstance(error.__cause__, HutongError):
        return _told(request, error.__cause__)
    told = Unreadable(reason=str(error)[:200]).as_dict() | {"status": error.status_code}
    return JsonResponse(told, status=error.status_code, content_type="application/problem+json")


for _name in settings.CAPABILITIES:
    _package = import_module(f"hutong.{_name}")
    if module_has_submodule(_package, "endpoints"):
        _endpoints = import_module(f"hutong.{_name}.endpoints")
        if hasattr(_endpoints, "router"):
            api.add_router(f"/{_name}", _endpoints.router, tags=[_name])
