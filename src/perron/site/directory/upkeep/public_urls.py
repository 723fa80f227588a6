"""The address that an organisation gets by e-mail: no account is asked for."""

from django.urls import path

from perron.site.directory.upkeep.views import answer

urlpatterns = [path("<str:token>/", answer, name="confirmation")]
