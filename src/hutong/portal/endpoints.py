"""The portal for programs: its own interface at ``/api/portal``, CKAN's at ``/api/3/action``, DCAT at ``/dcat``."""

from hutong.portal import dcat
from hutong.portal.ckan import dump
from hutong.portal.ckan import views as ckan
from hutong.portal.rows import router

urlpatterns = [*ckan.urlpatterns, *dump.urlpatterns, *dcat.urlpatterns]

__all__ = ["router", "urlpatterns"]
