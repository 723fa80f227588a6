from django.urls import path

from perron.site.economy.options import views

urlpatterns = [
    path("options/", views.options, name="options"),
    path("options/<slug:table>.<str:suffix>", views.download, name="options-download"),
]
