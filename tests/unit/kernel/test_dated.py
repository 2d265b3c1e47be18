"""A dated value holds on its first and its last day; two never hold on one day unnoticed."""

from datetime import date

from gateway.kernel.dated import FOREVER, Dated, first_overlap, on

OLD = Dated(17, date(2004, 1, 1), date(2007, 12, 31), source="17元/日")
NEW = Dated(30, date(2008, 1, 1), source="30元/日")


def test_both_ends_are_inclusive() -> None:
    assert [
        OLD.holds_on(day) for day in (date(2003, 12, 31), date(2004, 1, 1), date(2007, 12, 31), date(2008, 1, 1))
    ] == [
        False,
        True,
        True,
        False,
    ]
    assert NEW.to_on == FOREVER


def test_the_value_in_force_is_found_with_its_source() -> None:
    assert on([OLD, NEW], date(2007, 12, 31)) is OLD
    assert on([OLD, NEW], date(2008, 1, 1)) is NEW
    assert on([OLD, NEW], date(2003, 12, 31)) is None


def test_neighbours_do_not_overlap_and_a_shared_day_does() -> None:
    shared = Dated(20, date(2007, 12, 31), date(2007, 12, 31))

    assert first_overlap([NEW, OLD]) is None
    assert first_overlap([NEW, shared, OLD]) == (OLD, shared)


def test_an_overlap_is_found_under_a_long_value_that_began_earlier() -> None:
    long = Dated(1, date(2000, 1, 1), date(2020, 1, 1))
    late = Dated(2, date(2019, 1, 1), date(2019, 6, 1))

    assert first_overlap([late, long]) == (long, late)
