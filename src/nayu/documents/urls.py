"""Addresses of documents."""

from django.urls import path

from nayu.documents import views

app_name = "documents"
urlpatterns = [
    path("", views.shelf, name="shelf"),
    path("orders/", views.orders, name="orders"),
    path("orders/<uuid:job_id>/", views.order, name="order"),
    path("orders/<uuid:job_id>/cancellation/", views.cancellation, name="cancellation"),
    path("orders/<uuid:job_id>/file/", views.order_file, name="order_file"),
    path("<int:fiscal_year_be>/", views.shelf, name="shelf_of_year"),
    path(
        "<int:fiscal_year_be>/<slug:kind>/<slug:code>.<slug:file_format>",
        views.direct,
        name="direct",
    ),
]
