"""Every page of field 1 that rests on the economy's methods, one package a page."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
