from django.urls import path

from perron.site.operations import views

urlpatterns = [
    path("exploitation/", views.operations, name="operations"),
    path("exploitation/relancer/<uuid:job>/", views.retry, name="operations_retry"),
]
