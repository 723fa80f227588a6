"""Addresses of accounts: signing in, people, roles, the log."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
