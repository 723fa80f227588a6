from django.urls import path

from perron.site.economy.drivers import views

urlpatterns = [
    path("moteurs/", views.drivers, name="drivers"),
    path("moteurs/<slug:table>.<str:suffix>", views.download, name="drivers-download"),
]
