"""Addresses of files in and the agency's workbook out."""

from django.urls import path

from nayu.workbooks import views

app_name = "workbooks"
urlpatterns = [
    path("", views.files_in, name="files_in"),
    path("<int:year>/template/<str:code>.xlsx", views.template, name="template"),
]
