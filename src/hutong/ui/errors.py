"""Errors of the design system, and the pages and answers that tell any error.

HutongError
├── BadComponent (500)     a page uses a component in a way it does not know
├── BadRequest (400)       the request cannot be read
├── Broken (500)           anything that no one foresaw
├── NotFound
│   ├── NoComponent        the gallery has no such component
│   └── NoPage
└── Forbidden
    ├── NotAllowed
    └── StaleForm          the form's token is old or foreign
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from hutong.kernel.errors import Forbidden, HutongError, NotFound
from hutong.kernel.text import Text


class BadComponent(HutongError):
    """A page uses a component in a way it does not know."""

    code = "ui.bad-component"
    message = Text(
        zh="界面组件 {component} 用法有误：{reason}", en="The component {component} is used wrongly: {reason}"
    )
    fix = Text(
        zh="对照 /ui/{component} 上的选项改正模板",
        en="compare the template with the options shown at /ui/{component}",
    )


class NoComponent(NotFound):
    """The gallery has no such component."""

    code = "ui.no-component"
    message = Text(zh="没有名为 {component} 的界面组件", en="There is no component called {component}")
    fix = Text(zh="到 /ui 查看全部组件", en="see all components at /ui")


class BadRequest(HutongError):
    """The request cannot be read."""

    code = "ui.bad-request"
    status = 400
    message = Text(zh="请求无法识别", en="The request cannot be read")
    fix = Text(zh="返回上一页重试", en="go back and try again")


class NoPage(NotFound):
    """There is no such page."""

    code = "ui.no-page"
    message = Text(zh="没有这个页面：{path}", en="There is no such page: {path}")
    fix = Text(zh="核对地址，或从上方导航进入", en="check the address, or use the navigation above")


class NotAllowed(Forbidden):
    """The reader may not open this page."""

    code = "ui.not-allowed"
    message = Text(zh="您没有打开此页的权限", en="You may not open this page")
    fix = Text(
        zh="用有权限的账号登录，或向数据主管部门申请",
        en="sign in with an account that may, or ask the data office",
    )


class StaleForm(Forbidden):
    """The form is too old or came from elsewhere."""

    code = "ui.stale-form"
    message = Text(zh="表单已过期，或并非来自本站", en="The form is too old, or did not come from this site")
    fix = Text(zh="返回上一页，刷新后重新提交", en="go back, reload the page and send it again")


class Broken(HutongError):
    """Something went wrong on our side."""

    code = "ui.broken"
    message = Text(zh="系统内部出错，已记录", en="Something went wrong on our side; it was recorded")
    fix = Text(
        zh="请稍后再试；若仍出错，请告知管理员", en="try again later; if it persists, tell an administrator"
    )


def error_page(request: HttpRequest, error: HutongError) -> HttpResponse:
    """The answer that tells ``error``: a page for people, JSON for machines."""
    if _is_machine(request):
        return JsonResponse(
            error.as_dict(),
            status=error.status,
            content_type="application/problem+json",
            json_dumps_params={"ensure_ascii": False},
        )
    template = "ui/error_fragment.html" if request.headers.get("HX-Request") == "true" else "ui/error.html"
    return HttpResponse(render_to_string(template, {"error": error}, request), status=error.status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django hands it by name
    return error_page(request, BadRequest())


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django hands it by name
    return error_page(request, NotAllowed())


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django hands it by name
    return error_page(request, NoPage(path=request.path[:200]))


def broken(request: HttpRequest) -> HttpResponse:
    return error_page(request, Broken())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    del reason  # told to developers by Django's log, not to readers
    return error_page(request, StaleForm())


def _is_machine(request: HttpRequest) -> bool:
    """Whoever does not ask for HTML; one who asks for nothing in particular reads pages."""
    programs = request.path.startswith(("/api/", "/ogc/", "/ngsi-ld/", "/open311/"))
    return programs or "html" not in request.headers.get("Accept", "*/*html")
