"""Routes of training."""

from django.urls import path

from training.views import activities, completion, policies, rules, targets

app_name = "training"
urlpatterns = [
    path("completion/", completion.completion, name="completion"),
    path("completion/<int:pk>/", completion.completion_branch, name="completion_branch"),
    path("completion/remind/", completion.send_reminders, name="remind"),
    path("policies/", policies.policies, name="policies"),
    path("policies/new/", policies.add_policy, name="add_policy"),
    path("policies/import/", policies.import_file, name="import_policy"),
    path("policies/<int:pk>/", policies.policy, name="policy"),
    path("policies/<int:pk>/edit/", policies.change_policy, name="change_policy"),
    path("policies/<int:pk>/activate/", policies.activate_policy, name="activate_policy"),
    path("policies/<int:pk>/stop/", policies.stop_policy, name="stop_policy"),
    path("policies/<int:pk>/export/", policies.export, name="export_policy"),
    path("policies/<int:pk>/rules/new/", rules.add_rule, name="add_rule"),
    path("policies/<int:pk>/rules/preview/", rules.preview_rule, name="preview_rule"),
    path("policies/<int:pk>/targets/new/", targets.add_target, name="add_target"),
    path("rules/<int:pk>/", rules.rule, name="rule"),
    path("rules/<int:pk>/change/", rules.add_version, name="add_version"),
    path("rules/<int:pk>/change/preview/", rules.preview_version, name="preview_version"),
    path("rules/<int:pk>/end/", rules.end_rule, name="end_rule"),
    path("targets/<int:pk>/", targets.change_target, name="change_target"),
    path("targets/<int:pk>/remove/", targets.remove_target, name="remove_target"),
    path("targets/line/", targets.target_line, name="target_line"),
    path("years/new/", policies.add_year, name="add_year"),
    path("years/<int:pk>/status/", policies.year_status, name="year_status"),
    path("activities/", activities.activities, name="activities"),
    path("activities/new/", activities.add_activity, name="add_activity"),
    path("activities/<int:pk>/", activities.change_activity, name="change_activity"),
    path("categories/new/", activities.add_category, name="add_category"),
    path("categories/<int:pk>/", activities.change_category, name="change_category"),
]
