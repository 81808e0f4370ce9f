"""All addresses. A fiscal year is part of the address of whatever belongs to one."""

from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("language/", set_language, name="set_language"),
    path("documents/", include("nayu.documents.urls")),
    path("opinions/", include("nayu.consultation.urls")),
    path("coach/", include("nayu.coach.urls")),
    path("notices/", include("nayu.notices.urls")),
    path("files-in/", include("nayu.workbooks.urls")),
    path("allocation/", include("nayu.allocation.urls")),
    path("", include("nayu.portal.urls")),
]
