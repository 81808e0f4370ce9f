"""Addresses of notices, below /notices/."""

from django.urls import path

from nayu.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notices, name="notices"),
    path("reading/", views.reading, name="reading"),
    path("wishes/", views.wishes, name="wishes"),
    path("stop/<str:token>/", views.stop, name="stop"),
    path("mails/", views.mails, name="mails"),
    path("mails/<int:pk>/resending/", views.resending, name="resending"),
    path("<int:pk>/", views.notice, name="notice"),
]
