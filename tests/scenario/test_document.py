import pytest

from skyforge.errors import InputError
from skyforge.scenario.document import read_document, read_value


def complaint(text):
    with pytest.raises(InputError) as caught:
        read_document(text, "my.yaml")
    return str(caught.value)


def test_every_value_knows_its_line():
    document = read_document("a: 1\nb:\n  c: [2, 3]\n  d:\n    - {e: 4}\n", "my.yaml")
    assert document.data == {"a": 1, "b": {"c": [2, 3], "d": [{"e": 4}]}}
    assert str(document.mark(("b", "c", 1))) == "my.yaml:3"
    assert str(document.mark(("b", "d", 0, "e"))) == "my.yaml:5"
    assert str(document.mark(("b", "d", 0, "absent"))) == "my.yaml:5"
    assert str(document.mark(("absent",))) == "my.yaml:1"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("-0x1F", -31),
        ("010", 10),
        ("1e3", 1000.0),
        ("2.5", 2.5),
        (".inf", float("inf")),
        ("true", True),
        ("yes", "yes"),
        ("null", None),
        ("", None),
        ("2030-03-01T00:00:00Z", "2030-03-01T00:00:00Z"),
        ("12:30:00", "12:30:00"),
        ("'1'", "1"),
        ("30 cm", "30 cm"),
        ("[1, a]", [1, "a"]),
    ],
)
def test_values_are_read_as_yaml_1_2_means_them(text, value):
    found = read_value(text, "option")
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "my.yaml: the file is empty"),
        ("# only a comment\n", "my.yaml: the file is empty"),
        ("- a\n", "my.yaml:1: found a list at the top level"),
        ("just words\n", "my.yaml:1: found 'just words' at the top level"),
        ("a: 1\nb: 2\na: 3\n", "my.yaml:3: found the key 'a' a second time; the first is in line 1"),
        ("a:\n\tb: 1\n", "my.yaml:2: this is not YAML: a tab where spaces are needed"),
        ("a: [1, 2\n", "my.yaml:2: this is not YAML"),
        ("x: 1\na: b: c\n", "my.yaml:2: this is not YAML"),
        ("a: *nothing\n", "my.yaml:1: this is not YAML: found undefined alias"),
        ("a: 1\n---\nb: 2\n", "my.yaml:2: this is not YAML"),
        ("a: \x01\n", "my.yaml: this is not YAML"),
        ("a: !!python/object/apply:os.system ['true']\n", "my.yaml:1: found the tag"),
        ("? [a]\n: 1\n", "my.yaml:1: found a list or mapping as a key"),
        ("a: &a [*a]\n", "my.yaml:1: its aliases and lists grow without end"),
        ("[" * 5000, "my.yaml: nested too deeply"),
    ],
)
def test_what_is_no_mapping_in_yaml_is_refused_with_its_line(text, words):
    message = complaint(text)
    assert message.startswith(words)
    assert "\n" not in message


def test_an_alias_repeats_what_its_anchor_says():
    assert read_document("a: &sphere {diameter: 4 m}\nb: *sphere\n", "my.yaml").data["b"] == {
        "diameter": "4 m"
    }


def test_aliases_that_multiply_are_stopped():
    lines = ["a: &a [" + ", ".join(["x"] * 10) + "]"]
    for before, after in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{after}: &{after} [{', '.join(['*' + before] * 10)}]")
    assert "grow without end" in complaint("\n".join(lines))


def test_an_endless_file_is_refused():
    assert "characters" in complaint("a: " + "x" * 3_000_000)
