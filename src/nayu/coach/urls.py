"""Addresses of the coach, below /coach/."""

from django.urls import path

from nayu.coach import views

app_name = "coach"
urlpatterns = [
    path("", views.rules, name="rules"),
    path("<int:year>/<str:code>/", views.entry, name="entry"),
    path("<int:year>/<str:code>/answers/", views.answers, name="answers"),
    path("<int:year>/<str:code>/<slug:section>/", views.part, name="part"),
]
