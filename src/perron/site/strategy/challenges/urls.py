from django.urls import path

from perron.site.strategy.challenges import views

urlpatterns = [
    path("", views.register, name="challenges"),
    path("liste.<str:suffix>", views.export, name="challenges-export"),
    path("ajouter/", views.new, name="challenge-add"),
    path("<int:challenge>/", views.sheet, name="challenge"),
    path("<int:challenge>/corriger/", views.change, name="challenge-change"),
    path("<int:challenge>/clore/", views.close, name="challenge-close"),
    path("<int:challenge>/preuves/ajouter/", views.new_evidence, name="challenge-evidence-add"),
    path(
        "<int:challenge>/preuves/<int:evidence>/retirer/",
        views.withdraw_evidence,
        name="challenge-evidence-withdraw",
    ),
]
