from django.urls import path

from perron.site.economy.compare import views

urlpatterns = [
    path("comparer/", views.compare, name="compare"),
    path("comparer/<slug:table>.<str:suffix>", views.download, name="compare-download"),
]
