from django.urls import path

from perron.site.directory import views

urlpatterns = [
    path("territoire/", views.territory, name="territory"),
    path("territoire/<str:code>/", views.territory, name="place"),
    path(
        "territoire/<str:code>/<slug:table>.<str:suffix>", views.download, name="territory-download"
    ),
]
