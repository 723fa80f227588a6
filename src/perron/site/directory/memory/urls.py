"""Addresses of the agency's memory."""

from django.urls import path

from perron.site.directory.memory import views

urlpatterns = [
    path("", views.memories, name="memories"),
    path("inscrire/", views.new_memory, name="memory-add"),
    path("<int:memory>/", views.memory, name="memory"),
    path("<int:memory>/corriger/", views.change_memory, name="memory-change"),
]
