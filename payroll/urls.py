"""Routes of payroll."""

from django.urls import path

from payroll.views import pay, raises, reviews, simulated

app_name = "payroll"
urlpatterns = [
    path("my/", pay.my_pay, name="my_pay"),
    path("salaries/", pay.salaries, name="salaries"),
    path("salaries/<int:pk>/", pay.salary_history, name="salary_history"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/new/", reviews.add_review, name="add_review"),
    path("reviews/<int:pk>/", reviews.review, name="review"),
    path("reviews/<int:pk>/approve/", reviews.approve_all, name="approve_all"),
    path("reviews/<int:pk>/close/", reviews.close_review, name="close_review"),
    path("reviews/<int:pk>/population/", reviews.rebuild_population, name="rebuild_population"),
    path("simulations/<int:pk>/", simulated.simulated_raises, name="simulated_raises"),
    path("raises/<int:pk>/", raises.recommendation, name="recommendation"),
    path("raises/<int:pk>/approve/", raises.approve, name="approve"),
    path("raises/<int:pk>/change/", raises.change, name="change"),
    path("raises/<int:pk>/reject/", raises.reject, name="reject"),
    path("raises/<int:pk>/reopen/", raises.reopen, name="reopen"),
]
