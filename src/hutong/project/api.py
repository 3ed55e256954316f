"""The machine interface: one OpenAPI document at ``/api/openapi.json``, made of the capabilities' routers."""

import json
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.module_loading import module_has_submodule
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.docs import Swagger
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.renderers import JSONRenderer

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

_GROUPS: Final = {
    "indicators": "指标与规划：数值、构成、由来 · Indicators and plans: figures, their parts and where they come from",
    "posture": "安全态势 · Security posture",
    "portal": "开放数据 · Open data",
    "market": "应用超市：模块、订阅、调用 · Supermarket: modules, subscriptions, calls",
    "privacy": "可用不可见：联合计算 · Usable, not visible: joint computation",
    "exchange": "共享交换：申请、合同、数据行 · Exchange: requests, contracts, rows",
    "docking": "市区目录对接 · Docking with the city's catalog",
    "catalog": "目录：职责、数据、系统 · Catalog: duties, data, systems",
    "lake": "数据湖：库表、装载、快照 · Data lake: tables, loads, snapshots",
    "ledger": "存证日志与证明 · Ledger and proofs",
}
_KEYED: Final = {"market", "exchange"}  # groups that take a key where nobody is signed in
_KEY: Final[dict[str, Any]] = {
    "type": "http",
    "scheme": "bearer",
    "description": "订阅的密钥 hm_… 或合同的密钥 hx_… · The key of a subscription, hm_…, or of a contract, hx_…",
}


class Readable(JSONRenderer):
    """Answers in which Chinese can be read; half a character is escaped, for UTF-8 has none."""

    json_dumps_params: Mapping[str, Any] = MappingProxyType({"ensure_ascii": False})

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        text: str = super().render(request, data, response_status=response_status)
        return text.encode("utf-8", "backslashreplace")


class Docs(Swagger):
    """The description as a page: groups folded, as wide as the screen, and what is tried bears the form's token.

    Ninja's own page sends no token, since it does not know that whoever is signed in calls by their session.
    """

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        told = {**self.settings, "docExpansion": "none", "url": self.get_openapi_url(api, kwargs)}
        return render(request, "project/api_docs.html", {"api": api, "settings": json.dumps(told)})


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
        schema["components"]["securitySchemes"] = {"key": _KEY}
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation["responses"] = {**_ERRORS, **operation["responses"]}
                if _KEYED & set(operation["tags"]):
                    operation["security"] = [{}, {"key": []}]
        schema["tags"] = [{"name": name, "description": said} for name, said in _GROUPS.items()]
        return schema


api = Described(
    title="Hutong 胡同",
    version=__version__,
    urls_namespace="api",
    docs=Docs(),
    docs_url="/docs",
    openapi_url="/openapi.json",
    docs_decorator=requires("api.docs"),
    parser=Keepable(),
    renderer=Readable(),
    description=(
        "数据一次入湖，每个数值都能追溯到原始数据和证明。已登录者以本人身份调用；程序以密钥调用。[返回首页](/)\n\n"
        "Records come in once; every figure walks back to them and to its proof. Whoever is signed in calls as "
        "themselves, a program with a key. [Back to the pages](/)"
    ),
)


@api.exception_handler(HutongError)
def _told(_request: HttpRequest, error: HutongError) -> HttpResponse:
    return _problem(error.as_dict(), error.status)


@api.exception_handler(ValidationError)
def _invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    told = Invalid(reason="; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors))
    return _problem(told.as_dict(), told.status)


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What Ninja itself refuses: a body that is no JSON, or that the parser does not take."""
    if isinstance(error.__cause__, HutongError):
        return _told(request, error.__cause__)
    told = Unreadable(reason=str(error)[:200]).as_dict() | {"status": error.status_code}
    return _problem(told, error.status_code)


def _problem(said: dict[str, Any], status: int) -> HttpResponse:
    body = json.dumps(said, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return HttpResponse(body, status=status, content_type="application/problem+json")


for _name in settings.CAPABILITIES:
    _package = import_module(f"hutong.{_name}")
    if module_has_submodule(_package, "endpoints"):
        _endpoints = import_module(f"hutong.{_name}.endpoints")
        if hasattr(_endpoints, "router"):
            api.add_router(f"/{_name}", _endpoints.router, tags=[_name])
