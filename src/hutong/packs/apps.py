import pkgutil
from importlib import import_module

from django.apps import AppConfig, apps


class PacksConfig(AppConfig):
    name = "hutong.packs"
    label = "packs"
    verbose_name = "Packs"

    def ready(self) -> None:
        import_module("hutong.packs.deeds")
        import_module("hutong.packs.frame")
        self._read_sections()

    def _read_sections(self) -> None:
        """Let every capability register its sections: they are in its ``pack`` and ``pack_*`` modules."""
        import_module("hutong.packs.health")  # its doctor check
        for config in apps.get_app_configs():
            if not config.name.startswith("hutong."):
                continue
            for module in pkgutil.iter_modules([config.path]):
                if module.name == "pack" or module.name.startswith("pack_"):
                    import_module(f"{config.name}.{module.name}")
