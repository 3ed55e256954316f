"""Where datasets that are registered in the portal are shown."""

from hutong.kernel.urn import Urn, resolver


@resolver("portal")
def _portal(_urn: Urn) -> str | None:
    return "/open"


@resolver("package")
def _page_of(urn: Urn) -> str | None:
    from hutong.portal.models import Package  # noqa: PLC0415 - models load after the apps

    name = Package.objects.filter(uuid=urn.local, listed=True).values_list("name", flat=True).first()
    return f"/open/{name}" if name else None
