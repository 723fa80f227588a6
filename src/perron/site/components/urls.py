"""The internal page of components."""

from django.urls import path

from perron.site.components import views

urlpatterns = [
    path("composants/", views.components, name="components"),
    path("composants/reseau/", views.network, name="components-network"),
]
