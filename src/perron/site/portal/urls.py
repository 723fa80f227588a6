from django.urls import path

from perron.site.portal import views

urlpatterns = [
    path("", views.home, name="home"),
    path("donnees/", views.sources, name="sources"),
    path("recherche/", views.search, name="search"),
    path("recherche/vite.json", views.quick_search, name="quick-search"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("favicon.ico", views.favicon, name="favicon"),
]
