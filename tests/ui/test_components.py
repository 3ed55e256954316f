from html.parser import HTMLParser

import pytest
from django.utils import translation

from hutong.ui.components import Example, components, example_data, render
from hutong.ui.errors import BadComponent

EXAMPLES = [
    pytest.param(name, example, id=f"{name}-{example.name}")
    for name, spec in components().items()
    for example in spec.examples
]
VOID = {"input", "br", "img", "hr", "meta", "link", "path", "circle"}


class Balance(HTMLParser):
    """Finds elements that are closed wrongly, and inline scripts and styles, which the content policy forbids."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if "style" in names or any(name.startswith("on") for name in names):
            self.faults.append(f"inline style or handler on {tag}")
        if names.get("id"):
            self.ids.append(str(names["id"]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes another element")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_every_example_renders_to_whole_html(name: str, example: Example, language: str) -> None:
    with translation.override(language):
        html = render(
            name, example_data(example.data), str(example.content.text) if example.content else None
        )
    parser = Balance()
    parser.feed(html)
    assert parser.faults == []
    assert parser.open == []
    assert len(parser.ids) == len(set(parser.ids))
    assert "{{" not in html
    assert "None" not in html


def test_an_unknown_option_is_an_error_that_names_it() -> None:
    with pytest.raises(BadComponent, match="colour"):
        render("badge", {"text": "x", "colour": "red"})


def test_a_missing_required_option_is_an_error_that_names_it() -> None:
    with pytest.raises(BadComponent, match="url"):
        render("figure", {"title": "x"})


def test_a_choice_outside_the_list_is_an_error() -> None:
    with pytest.raises(BadComponent, match="purple"):
        render("badge", {"text": "x", "state": "purple"})


def test_an_unknown_component_is_an_error() -> None:
    with pytest.raises(BadComponent, match="nothing"):
        render("nothing", {})


def test_values_are_escaped() -> None:
    html = render(
        "table", {"caption": "t", "columns": [{"key": "a", "title": "A"}], "rows": [{"a": "<b>x</b>"}]}
    )
    assert "<b>" not in html
    assert "&lt;b&gt;x" in html


def test_a_table_sorts_by_links_and_says_how_it_is_sorted() -> None:
    columns = [{"key": "n", "title": "N", "kind": "number", "sort": True}]
    html = render(
        "table",
        {"caption": "t", "columns": columns, "rows": [{"n": 1234}], "sort": "n", "query": {"q": "企业"}},
    )
    assert 'aria-sort="ascending"' in html
    assert "sort=-n" in html
    assert "q=%E4%BC%81%E4%B8%9A" in html
    assert "1,234" in html


def test_a_figure_without_a_value_shows_a_dash_and_still_leads_somewhere() -> None:
    html = render("figure", {"title": "x", "url": "/figure/x"})
    assert "—" in html
    assert 'href="/figure/x"' in html


def test_a_chart_carries_its_numbers_as_a_table() -> None:
    data = {"id": "c", "title": "t", "labels": ["a", "b"], "series": [{"name": "s", "values": [1, None]}]}
    html = render("chart", data)
    assert '<th scope="row">a</th><td class="numeric">1</td>' in html
    assert '<td class="numeric">—</td>' in html


def test_script_data_cannot_break_out_of_its_element() -> None:
    data = {"id": "c", "title": "t", "labels": ["</script><b>"], "series": [{"name": "s", "values": [1]}]}
    assert "</script><b>" not in render("chart", data)


@pytest.mark.parametrize(
    ("rows", "columns", "first"), [(3, 4, 0), (30, 7, 8), (20, 12, 5), (7, 12, 0), (100, 40, 4), (0, 0, 0)]
)
def test_a_long_table_says_how_many_cards_a_phone_shows_first(rows: int, columns: int, first: int) -> None:
    heads = [{"key": str(each), "title": f"c{each}"} for each in range(columns)]
    html = render("table", {"caption": "x", "columns": heads, "rows": [list(range(columns))] * rows})
    assert (f'data-first="{first}"' in html) == bool(first)
    assert html.count("data-all") == bool(first)
    assert html.count("<tr>") == (rows + 1 if rows else 0)
