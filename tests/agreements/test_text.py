"""The Markdown of a version becomes clauses, or is refused with what to mend; nothing in it becomes live HTML."""

import pytest

from app.agreements.text import BadText, read_clauses

GOOD = """# T

intro

## Why

### 1 One {#one}

1.1 **First.** Text of *it*:

- (a) x;
- (b) y.

1.2 **Second.** More.
"""


def test_a_list_belongs_to_the_point_above_it() -> None:
    (clause,) = read_clauses(GOOD)
    assert [(point.number, point.title) for point in clause.points] == [("1.1", "First"), ("1.2", "Second")]
    assert "<li>(a) x;</li>" in clause.points[0].html
    assert clause.points[0].text == "1.1 First. Text of it:\n(a) x;\n(b) y."


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("## Why\n\n### One\n\n1.1 x\n", "slug"),
        ("### 1 One {#one}\n\n1.1 x\n", "under a group"),
        ("## Why\n\n### 1 One {#one}\n\nno number\n", "needs a number"),
        ("## Why\n\n### 1 One {#one}\n\n- a list\n", "begin the clause"),
        ("## Why\n\n### 1 One {#one}\n\n1.2 x\n", "in order"),
        ("## Why\n\n### 2 One {#one}\n\n2.1 x\n", "Number the clauses"),
        ("## Why\n\n### 1 A {#one}\n\n1.1 x\n\n### 2 B {#one}\n\n2.1 x\n", "slug of its own"),
    ],
)
def test_a_text_out_of_shape_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadText, match=why):
        read_clauses(text)


def test_html_in_the_text_is_shown_and_not_run() -> None:
    (clause,) = read_clauses(
        "## Why\n\n### 1 One {#one}\n\n1.1 **A.** <script>alert(1)</script> [x](javascript:alert(1)) ![i](http://a/b)\n"
    )
    assert "<script" not in clause.html
    assert 'href="javascript' not in clause.html
    assert "<img" not in clause.html
