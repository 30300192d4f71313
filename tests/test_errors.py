"""The tree of errors: exit codes, codes and sentences."""

from __future__ import annotations

import inspect

import pytest

from upswell import errors
from upswell.errors import ForecasterError, InputError, Place, RefusalError, UpswellError

CLASSES = [
    value
    for name, value in vars(errors).items()
    if inspect.isclass(value) and issubclass(value, Exception)
]


def make(kind: type[UpswellError], **more: object) -> UpswellError:
    return kind("the file is empty", **({"code": "x"} if kind is RefusalError else {}), **more)


@pytest.mark.parametrize("kind", CLASSES)
def test_every_error_hangs_in_the_tree_and_is_public(kind: type[UpswellError]):
    assert issubclass(kind, UpswellError)
    assert kind.__name__ in errors.__all__
    assert kind.__name__ in (errors.__doc__ or "")


@pytest.mark.parametrize("kind", CLASSES)
def test_exit_codes_tell_bad_input_from_refusals_and_our_faults(kind: type[UpswellError]):
    expected = 2 if issubclass(kind, InputError) else 3 if kind is RefusalError else 1
    assert make(kind).exit_code == expected


@pytest.mark.parametrize("kind", CLASSES)
def test_an_error_says_what_was_wrong_where_and_what_to_do(kind: type[UpswellError]):
    error = make(kind, where=Place("v.csv", 3, "Views"), fix="export it again")
    assert str(error).splitlines() == [
        "the file is empty",
        '  where: v.csv, row 3, column "Views"',
        "  what to do: export it again",
    ]
    assert (error.what, error.fix) == ("the file is empty", "export it again")


def test_what_is_unknown_is_left_out():
    assert str(make(InputError)) == "the file is empty"
    assert str(make(InputError, where=Place())) == "the file is empty"


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place(), ""),
        (Place("a.csv"), "a.csv"),
        (Place(row=2), "row 2"),
        (Place("a.csv", column="b"), 'a.csv, column "b"'),
    ],
)
def test_a_place_shows_what_it_knows(place: Place, text: str):
    assert str(place) == text


def test_a_refusal_needs_a_code():
    with pytest.raises(TypeError):
        RefusalError("no")  # type: ignore[call-arg]
    assert RefusalError("no", code="too-short").code == "too-short"


def test_a_failed_forecaster_is_neither_bad_input_nor_a_refusal():
    assert not issubclass(ForecasterError, InputError | RefusalError)
