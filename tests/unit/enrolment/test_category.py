"""The category by age, in completed years on the day."""

from datetime import date

import pytest

from gateway.enrolment.category import Ages, category_on

AGES = {"pupil": Ages(from_age=3, below_age=18)}


@pytest.mark.parametrize(
    ("born_on", "category"),
    [
        (date(2012, 1, 2), "resident"),  # turns 3 tomorrow
        (date(2012, 1, 1), "pupil"),  # 3 today
        (date(1997, 1, 2), "pupil"),  # 17, turns 18 tomorrow
        (date(1997, 1, 1), "resident"),  # 18 today
        (date(1950, 1, 1), "resident"),
    ],
)
def test_the_category_is_that_of_the_age_on_the_day(born_on: date, category: str) -> None:
    assert category_on(AGES, born_on=born_on, day=date(2015, 1, 1), otherwise="resident") == category


def test_who_was_born_on_29_february_completes_a_year_on_1_march() -> None:
    ages = {"pupil": Ages(3, 18)}
    days = (date(2015, 2, 28), date(2015, 3, 1))

    assert [category_on(ages, born_on=date(2012, 2, 29), day=day, otherwise="resident") for day in days] == [
        "resident",
        "pupil",
    ]
