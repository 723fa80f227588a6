from django.urls import include, path

from perron.site.strategy import views
from perron.site.strategy.writing import (
    change_driver,
    close_driver,
    new_driver,
    new_evidence,
    new_exposure,
    one_evidence,
    one_exposure,
    withdraw,
)

_REGISTER = "moteurs/registre/"
_ONE = f"{_REGISTER}<int:driver>/"

urlpatterns = [
    path("defis/", include("perron.site.strategy.challenges.urls")),
    path(_REGISTER, views.register, name="driver-register"),
    path(f"{_REGISTER}liste.<str:suffix>", views.export, name="driver-export"),
    path(f"{_REGISTER}exposition.<str:suffix>", views.exposures, name="driver-exposures"),
    path(f"{_REGISTER}ajouter/", new_driver, name="driver-add"),
    path(f"{_REGISTER}importer/", views.importing, name="driver-import"),
    path(_ONE, views.sheet, name="driver-sheet"),
    path(f"{_ONE}exposition.<str:suffix>", views.sheet_download, name="driver-sheet-download"),
    path(f"{_ONE}corriger/", change_driver, name="driver-change"),
    path(f"{_ONE}clore/", close_driver, name="driver-close"),
    path(f"{_ONE}preuves/ajouter/", new_evidence, name="evidence-add"),
    path(f"{_ONE}preuves/<int:evidence>/", one_evidence, name="evidence-change"),
    path(f"{_ONE}activites/ajouter/", new_exposure, name="exposure-add"),
    path(f"{_ONE}activites/<int:exposure>/", one_exposure, name="exposure-change"),
    path(f"{_ONE}retirer/<slug:what>/<int:thing>/", withdraw, name="driver-withdraw"),
]
