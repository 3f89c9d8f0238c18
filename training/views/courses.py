"""The catalogue of courses."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hrsuite.lib.answers import answer_form
from hrsuite.lib.errors import BadInput
from hrsuite.lib.forms import refuse
from hrsuite.lib.lists import list_page
from people.access import SignedInRequest, requires
from training.forms.sheets import CourseForm, NewCourseForm
from training.lists.records import CourseFilter, CourseTable, ParticipantTable, SheetFilter
from training.selectors.catalogue import courses_with_participants, participants_of, visible_courses
from training.selectors.policies import current_year
from training.services.courses import change_course, create_course


@require_GET
@requires("training.view_courses")
def courses(request: SignedInRequest) -> HttpResponseBase:
    rows = courses_with_participants(request.user, current_year())
    page = list_page(request, rows=rows, table=CourseTable, filters=CourseFilter, name="courses")
    return page.respond("training/courses.html")


@require_GET
@requires("training.view_courses")
def course(request: SignedInRequest, pk: int) -> HttpResponseBase:
    found = get_object_or_404(courses_with_participants(request.user, current_year()), pk=pk)
    page = list_page(
        request,
        rows=participants_of(request.user, found),
        table=ParticipantTable,
        filters=SheetFilter,
        name=f"course-{found.code}",
    )
    return page.respond("training/course.html", {"course": found, "year": current_year()})


@require_http_methods(["GET", "POST"])
@requires("training.change_courses")
def add_course(request: SignedInRequest) -> HttpResponse:
    form = NewCourseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_course(actor=request.user, **form.cleaned_data)
        except BadInput as error:
            refuse(form, error)
        else:
            messages.success(request, _("%(name)s is in the catalogue.") % {"name": made.name})
            return redirect("training:course", pk=made.pk)
    context = {
        "form": form,
        "heading": _("New course"),
        "submit": _("Add course"),
        "cancel_url": reverse("training:courses"),
    }
    return render(request, "components/_form_page.html", context)


@require_http_methods(["GET", "POST"])
@requires("training.change_courses")
def edit_course(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_courses(request.user), pk=pk)
    form = CourseForm(request.POST or None, initial={name: getattr(found, name) for name in CourseForm.base_fields})
    return answer_form(
        request,
        form,
        lambda: change_course(course=found, actor=request.user, **form.cleaned_data),
        done=_("The changes are saved."),
        to=reverse("training:course", kwargs={"pk": pk}),
        back=found.name,
        heading=_("Edit %(name)s") % {"name": found.name},
        intro=_("Records that are saved already keep their activity and duration."),
    )
