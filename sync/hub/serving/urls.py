"""What Django answers of the hub: enrolment and the sign of life."""

from django.urls import path

from sync.hub.serving import views

urlpatterns = [
    path("api/v1/enrol", views.enrol_device),
    path("api/v1/enrol/<str:device>", views.enrol_state),
    path("health", views.health),
]

handler404 = views.not_found
