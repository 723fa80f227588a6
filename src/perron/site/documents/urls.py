from django.urls import path

from perron.site.documents import views

urlpatterns = [
    path("<slug:name>/<path:key>.<slug:suffix>", views.document, name="document"),
]
