from hutong.ui.sparkline import sparkline


def test_the_line_spans_its_box_and_ends_in_the_last_value() -> None:
    line = sparkline([1, 2, 3], width=106, height=26)
    assert line.paths == ("M3.0 23.0 L53.0 13.0 L103.0 3.0",)
    assert line.last == (103.0, 3.0)


def test_a_missing_value_leaves_a_gap() -> None:
    line = sparkline([1, 2, None, 2, 1])
    assert len(line.paths) == 2


def test_equal_values_lie_in_the_middle() -> None:
    line = sparkline([5, 5], width=106, height=26)
    assert line.paths == ("M3.0 13.0 L103.0 13.0",)


def test_nothing_known_draws_nothing() -> None:
    assert sparkline([None, None]).paths == ()
