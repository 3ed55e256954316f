"""The machine interface: one OpenAPI document at ``/api/openapi.json``, made of the capabilities' routers."""

from importlib import import_module

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.module_loading import module_has_submodule
from ninja import NinjaAPI
from ninja.errors import ValidationError

from hutong import __version__
from hutong.accounts.api import requires
from hutong.kernel.errors import HutongError, Invalid

api = NinjaAPI(
    title="Hutong 胡同",
    version=__version__,
    urls_namespace="api",
    docs_url="/docs",
    openapi_url="/openapi.json",
    docs_decorator=requires("api.docs"),
    description="Records come in once; every figure walks back to them and to its proof.",
)


@api.exception_handler(HutongError)
def _told(_request: HttpRequest, error: HutongError) -> HttpResponse:
    return JsonResponse(error.as_dict(), status=error.status, content_type="application/problem+json")


@api.exception_handler(ValidationError)
def _invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    told = Invalid(reason="; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors))
    return JsonResponse(told.as_dict(), status=told.status, content_type="application/problem+json")


for _name in settings.CAPABILITIES:
    _package = import_module(f"hutong.{_name}")
    if module_has_submodule(_package, "endpoints"):
        _endpoints = import_module(f"hutong.{_name}.endpoints")
        if hasattr(_endpoints, "router"):
            api.add_router(f"/{_name}", _endpoints.router, tags=[_name])
