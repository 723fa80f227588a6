"""The documents that the apps describe: each app's `renderers.py` is found, none is named here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import module_has_submodule

from perron.site.components.sheets import Renderer

MODULE = "renderers"


@lru_cache(maxsize=1)
def renderers() -> Mapping[str, Renderer]:
    """Every document by the name in its address. Two apps may not give one name."""
    found: dict[str, Renderer] = {}
    for app in apps.get_app_configs():
        if app.module is None or not module_has_submodule(app.module, MODULE):
            continue
        module = import_module(f"{app.name}.{MODULE}")
        # A library may have a module of that name that means something else.
        for name, renderer in getattr(module, "RENDERERS", {}).items():
            if name in found:
                raise ImproperlyConfigured(f"{app.name}: another app renders {name!r} already")
            found[name] = renderer
    return found
