"""What would fill the gaps of requirements that say more than a minimum of a category."""

from __future__ import annotations

from people.services.attributes import declare_attribute
from tests.training.test_my_points import book_all, enter, page
from training.models import Course


def test_requirements_with_conditions_and_activities_are_gaps_too(world, sign_in):
    """Bob: a workshop (5 points) online. Of courses 40 are asked, 10 of the workshops online, 30 of two activities."""
    declare_attribute(owner="record", code="mode", type="text", actor=None)
    make = Course.objects.create
    law = make(code="LAW", name="Law", activity=world.activities["online"], minutes=1200, skill="ethics")
    make(code="TAX", name="Tax", activity=world.activities["online"], minutes=1200)
    target = world.target
    target.requirements.all().delete()
    online, alternatives = (
        {"mode": "online"},
        [{"category": "exam", "minimum": 90}, {"category": "sharing", "minimum": 90}],
    )
    target.total = 50
    target.terms = {
        "requirements": [
            {"category": "course", "when": {"skill": "ethics"}, "minimum": 40},
            {"name": "Live", "category": "workshop", "when": online, "minimum": 10},
            {
                "activity": ["lecture", "mentoring"],
                "minimum": 30,
                "requirements": [{"activity": "lecture", "minimum": 10}],
            },
            {"activity": "exam", "measure": "times", "minimum": 2},
            {"any": alternatives},
            {"category": "workshop", "minimum": 5},
        ]
    }
    target.save()
    enter(world, "bob", "workshop", attributes=online)
    enter(world, "bob", "workshop", attributes={"mode": "room"})
    book_all(world)
    gaps = page(sign_in("bob")).context["gaps"]

    said = [(gap.name, gap.missing) for gap in gaps]
    assert said == [
        ("Courses where skill is ethics", 40),
        ("Live: Workshops where mode is online", 5),
        ("Internal lecture, Mentoring", 30),
        ("Internal lecture", 10),
    ]
    assert [option.course for option in gaps[0].options] == [law]
    assert [(option.activity.code, option.points) for option in gaps[1].options] == [("workshop", 5)]
    assert {option.activity.code for option in gaps[2].options} == {"lecture", "mentoring"}
