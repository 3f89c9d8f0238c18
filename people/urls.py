"""Routes of people."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from people.views import attributes, employees, leaves, notifications, organisation, signing

app_name = "people"
urlpatterns = [
    path("sign-in/", signing.sign_in, name="sign_in"),
    path("sign-out/", signing.sign_out, name="sign_out"),
    path("account/language/", signing.set_language, name="set_language"),
    path("account/password/forgotten/", signing.forgotten, name="forgotten"),
    path("account/password/<uidb64>/<token>/", login_not_required(signing.SetPassword.as_view()), name="set_password"),
    path("account/password/", signing.change_password, name="change_password"),
    path("account/", signing.account, name="account"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/read/", notifications.read_all, name="read_all"),
    path("notifications/<int:pk>/", notifications.open_notification, name="open_notification"),
    path("people/", employees.people, name="people"),
    path("people/new/", employees.add_employee, name="add_employee"),
    path("people/<int:pk>/", employees.profile, name="profile"),
    path("people/<int:pk>/history/", employees.history, name="history"),
    path("people/<int:pk>/edit/", employees.change_employee, name="change_employee"),
    path("people/<int:pk>/transfer/", employees.transfer, name="transfer"),
    path("people/<int:pk>/departure/", employees.departure, name="departure"),
    path("people/<int:pk>/departure/undo/", employees.undo_departure, name="undo_departure"),
    path("people/<int:pk>/account/open/", employees.open_account, name="open_account"),
    path("people/<int:pk>/account/close/", employees.close_account, name="close_account"),
    path("people/<int:pk>/roles/", employees.roles, name="roles"),
    path("people/<int:pk>/leaves/new/", leaves.add_leave, name="add_leave"),
    path("people/leaves/<int:pk>/", leaves.change_leave, name="change_leave"),
    path("people/leaves/<int:pk>/delete/", leaves.delete_leave, name="delete_leave"),
    path("people/attributes/", attributes.attributes, name="attributes"),
    path("people/attributes/new/", attributes.declare, name="declare_attribute"),
    path("people/attributes/<int:pk>/", attributes.change, name="change_attribute"),
    path("people/attributes/<int:pk>/retire/", attributes.retire, name="retire_attribute"),
    path("people/departments/", organisation.organisation, name="organisation"),
    path("people/departments/new/", organisation.add_department, name="add_department"),
    path("people/departments/<int:pk>/", organisation.change_department, name="change_department"),
    path("people/departments/<int:pk>/move/", organisation.move_department, name="move_department"),
    path("people/departments/<int:pk>/delete/", organisation.delete_department, name="delete_department"),
    path("people/places/", organisation.places, name="places"),
    path("people/positions/new/", organisation.position, name="add_position"),
    path("people/positions/<int:pk>/", organisation.position, name="change_position"),
    path("people/levels/new/", organisation.level, name="add_level"),
    path("people/levels/<int:pk>/", organisation.level, name="change_level"),
]
