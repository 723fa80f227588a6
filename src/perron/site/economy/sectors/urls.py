from django.urls import path

from perron.site.economy.sectors import views

urlpatterns = [
    path("secteurs/", views.index, name="sectors"),
    path("secteurs/niveau-<int:level>.<str:suffix>", views.index_download, name="sectors-download"),
    path("secteurs/<str:code>/", views.sector, name="sector"),
    path("secteurs/<str:code>/<slug:table>.<str:suffix>", views.download, name="sector-download"),
]
