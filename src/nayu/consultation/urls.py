"""Addresses of consultation, below /opinions/."""

from django.urls import path

from nayu.consultation import views

app_name = "consultation"
urlpatterns = [
    path("", views.opinions, name="opinions"),
    path("desk/", views.desk, name="desk"),
    path("new/", views.new_consultation, name="new_consultation"),
    path("consultations/", views.consultations, name="consultations"),
    path("<int:year>/", views.year, name="year"),
    path("<int:year>/new/", views.new, name="new"),
    path("<int:year>/opinions/", views.opinion_left, name="opinion_left"),
    path("<int:year>/<int:pk>/", views.opinion, name="opinion"),
    path("<int:year>/<int:pk>/moderation/", views.moderation, name="moderation"),
    path("<int:year>/<int:pk>/answer/", views.answer, name="answer"),
]
