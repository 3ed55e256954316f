"""The portal for programs: its own interface at ``/api/portal``, CKAN's at ``/api/3/action``, DCAT at ``/dcat``."""

from hutong.portal.rows import router

__all__ = ["router"]
