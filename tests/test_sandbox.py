"""Templates of one's own are text, not code: nothing in one runs a program, reads a file, or hangs.

Every attack ends in one line that names the template and the line of it. The program's work is
counted, not timed: what a template may cost is a number, and the tests make it small.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from derive.cli import cli
from derive.errors import InputError
from derive.networks.sources import read
from derive.notes.compose import compose
from derive.render import render as rendering
from derive.render import sandbox
from derive.render.formats import FORMATS
from derive.render.render import filled, render

RUN = "__init__.__globals__.os.popen('touch ran').read()"

CODE = {
    "a global's globals": f"cycler.{RUN}",
    "another global": f"joiner.{RUN}",
    "filler text": f"lipsum.{RUN.removeprefix('__init__.')}",
    "a space of names": f"namespace.{RUN}",
    "numbers": "range.__class__.__base__",
    "the template itself": f"self.{RUN}",
    "its context": "self._TemplateReference__context.environment",
    "a text's class": "''.__class__.__mro__[1].__subclasses__()",
    "by index": "''['__class__']",
    "by filter": "''|attr('__class__')",
    "by map": "[''] | map(attribute='__class__') | list | join",
    "by sort": "[''] | sort(attribute='__class__.__mro__') | join",
    "a format": "'{0.__class__.__init__}'.format(notes)",
    "a format by index": "'{0[__class__]}'.format(notes)",
    "a format taken by index": "''['format']('{0.__class__}')",
    "a format of a mapping": "'{a.__class__}'.format_map({'a': notes})",
    "a format taken from a list": "(['{0.__class__}'.format] | first)(notes)",
    "a format by filter": "'%s' | format(notes)",
    "an old format": "'%s' % notes",
    "a macro": "f.start.__globals__",
    "a macro's function": "f.start._func.__globals__",
    "a module": "f.__class__",
    "a function of the program": "m.__globals__",
    "a function's closure": "m.__closure__",
    "a method that reads files": "notes.network.from_file('/etc/passwd')",
    "another one": "notes.network.read('2-2')",
    "a method of the model": "notes.model.of('2-2')",
    "a class": "notes.network.__class__",
    "what is no data": "notes.sections[0].blocks.__class__",
    "a generator's frame": "([1] | map('abs')).gi_frame",
    "an error's traceback": "nosuch.__traceback__",
    "an undefined thing's globals": "nosuch.__init__.__globals__",
    "a list that is changed": "notes.facts.clear()",
    "debugging": "notes | pprint",
}

ENDLESS = {
    "a long text": "{{ 'x' * 10**9 }}",
    "a text times a text's length": "{% set x = 'x' * 90000 %}{{ x * (x | length) }}",
    "a power": "{{ 9 ** 9 ** 9 }}",
    "powers in a row": "{{ 9 ** 64 ** 64 }}",
    "a list": "{{ ([0] * 10**9) | length }}",
    "numbers that grow": "{% set n = namespace(x=9) %}{% for i in range(40) %}{% set n.x = n.x * n.x %}{% endfor %}",
    "a width": "{{ 'x' | center(10**9) }}",
    "a width of a format": "{{ '{:>999999999}'.format(1) }}",
    "a width by name": "{{ '{:>{}}'.format(1, 999999999) }}",
    "digits": "{{ '{:.999999999f}'.format(0.5) }}",
    "an old width": "{{ '%999999999d' % 1 }}",
    "a method's width": "{{ 'x'.ljust(10**9) }}",
    "an indent": "{{ ('x\n' * 1000) | indent(10**9) }}",
    "digits to round to": "{{ 2 | round(10**9) }}",
    "a replacement": "{% set x = 'x' * 90000 %}{{ x | replace('x', x) }}",
    "a replacement by method": "{% set x = 'x' * 90000 %}{{ x.replace('x', x) }}",
    "joined with itself": "{% set x = 'x' * 90000 %}{{ x | join(x) }}",
    "numbers": "{% for i in range(10**12) %}{% endfor %}",
    "numbers written": "{% for i in range(10**12) %}x{% endfor %}",
    "numbers in a list": "{{ range(10**12) | list | length }}",
    "loops in loops": "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
    "doubling": "{% set n = namespace(x='x') %}{% for i in range(60) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
    "doubling by +": "{% set n = namespace(x='x') %}{% for i in range(60) %}{% set n.x = n.x + n.x %}{% endfor %}",
    "doubling a list": "{% set n = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = n.x + n.x %}{% endfor %}",
    "doubling by nesting": "{% set n = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x }}",
    "doubling pairs": "{% set n = namespace(x=(1,)) %}{% for i in range(60) %}{% set n.x = (n.x, n.x) %}{% endfor %}{{ n.x == n.x }}",
    "doubling by writing": "{% set n = namespace(x='x') %}{% for i in range(60) %}{% set y %}{{ n.x }}{{ n.x }}{% endset %}{% set n.x = y %}{% endfor %}",
    "comparing": "{% set x = 'x' * 9000 %}{% for i in range(999) %}{% if x == x ~ '' %}{% endif %}{% endfor %}",
    "searching": "{% set x = 'x' * 9000 %}{% for i in range(999) %}{% if 'y' in x %}{% endif %}{% endfor %}",
    "cutting": "{% set x = 'x' * 9000 %}{% for i in range(999) %}{% set y = x[1:] %}{% endfor %}",
    "a macro of itself": "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    "a macro that branches": "{% macro a(n) %}{% if n %}{{ a(n - 1) }}{{ a(n - 1) }}{% endif %}{% endmacro %}{{ a(99) }}",
    "a loop of itself": "{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    "including itself": "{% include 'notes.jinja' %}",
    "including itself twice": "{% include 'notes.jinja' %}{% include 'notes.jinja' %}",
    "importing itself": "{% import 'notes.jinja' as x %}",
    "extending itself": "{% extends 'notes.jinja' %}",
    "brackets": "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    "conditions": "{% if 1 %}" * 400 + "{% endif %}" * 400,
    "loops": "{% for i in [1] %}" * 400 + "{% endfor %}" * 400,
    "a number": "{{ " + "9" * 5000 + " }}",
    "filler text": "{{ lipsum(n=10**9) }}",
}

OUTSIDE = (
    "../secret.jinja",
    "/etc/passwd",
    "sub/notes.jinja",
    "./words.jinja",
    "link.jinja",
    "pipe.jinja",
    "folder.jinja",
    "",
    "words.jinja\0",
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of templates of one's own, in the current one."""
    monkeypatch.chdir(tmp_path)
    mine = tmp_path / "mine"
    mine.mkdir()
    return mine


def refused(folder: Path, text: str) -> str:
    """What is said of a body of the document like `text`."""
    (folder / "notes.jinja").write_text(text, encoding="utf-8")
    arguments = ["show", "2-2", "w11", "--templates", "mine"]
    result = CliRunner().invoke(cli, arguments)
    assert isinstance(result.exception, SystemExit), repr(result.exception)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert not Path("ran").exists()
    return result.stderr


@pytest.mark.parametrize("attack", CODE.values(), ids=CODE)
def test_no_template_reaches_what_it_is_not_given(attack: str, folder: Path) -> None:
    """Attributes of classes, functions and methods, by every way Jinja has to ask for them."""
    imports = '{% import form ~ ".jinja" as f with context %}\n'
    message = refused(folder, imports + "{{ " + attack + " }}")
    assert message.startswith(f"error: {Path('mine/notes.jinja')}:2: ")
    assert "root:" not in message


def test_what_a_template_is_given_is_written(folder: Path) -> None:
    """The same body with an attribute that is data is a document: the attacks fail as attacks."""
    (folder / "notes.jinja").write_text("{{ notes.network.name }}", encoding="utf-8")
    result = CliRunner().invoke(cli, ["show", "2-2", "w11", "--templates", "mine"])
    assert result.output == "2-2\n"


@pytest.mark.parametrize("attack", ENDLESS.values(), ids=ENDLESS)
def test_no_template_works_without_end(
    attack: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What grows, nests or repeats itself is stopped when it has cost what a document may cost."""
    monkeypatch.setattr(sandbox, "BASE", 1_000_000)
    monkeypatch.setattr(sandbox, "EACH", 0)
    assert refused(folder, attack).startswith(f"error: {Path('mine/notes.jinja')}")


@pytest.mark.parametrize("name", OUTSIDE)
def test_no_template_leaves_its_folder(name: str, folder: Path) -> None:
    """A name with a path in it, and a link that leads out, are no templates."""
    secret = folder.parent / "secret.jinja"
    secret.write_text("a secret", encoding="utf-8")
    (folder / "sub").mkdir()
    (folder / "sub/notes.jinja").write_text("a secret", encoding="utf-8")
    (folder / "link.jinja").symlink_to(secret)
    (folder / "folder.jinja").mkdir()
    os.mkfifo(folder / "pipe.jinja")
    message = refused(folder, f"{{% include {name!r} %}}")
    assert "mine" in message
    assert "a secret" not in message


@pytest.mark.parametrize("form", ["markdown", "latex"])
@pytest.mark.parametrize(
    ("network", "every"),
    [
        ("2-4-3-2", False),
        ("lstm", True),
        pytest.param("2-4-3-2", True, marks=pytest.mark.slow),
        pytest.param("784-30-10", False, marks=pytest.mark.slow),
    ],
)
def test_a_document_costs_a_twentieth_of_what_it_may(network: str, every: bool, form: str) -> None:
    """Nobody meets the limit by writing, for it grows with the parts of a document."""
    notes = compose(read(network), every=every)
    folders = rendering.folders_of(None)
    environment = rendering._environment(folders, notes, FORMATS[form], 0)
    filled(environment, folders, "notes.jinja", notes=notes, form=form)
    assert environment.most_work - environment.left < environment.most_work / 20


def test_one_s_own_words_may_count_join_and_format(folder: Path) -> None:
    """The allow-list has what a document needs: loops, lists, texts put together, numbers."""
    text = (
        "{% set names = ['a', 'b'] %}{% for n in range(3) %}{{ loop.index ~ names[n % 2] }} "
        "{{ '{:,}'.format(1000 * n) }} {% endfor %}{{ names | join(', ') | upper }}"
        "{{ ' yes' if 'a' in names and names | length == 2 }} {{ 2.345 | round(1) }}"
    )
    (folder / "notes.jinja").write_text(text, encoding="utf-8")
    written = render(compose(read("2-2")), "text", folder, 80)
    assert written == "1a 0 2b 1,000 3a 2,000 A, B yes 2.3\n"


def test_an_unknown_name_is_an_error_of_the_template(folder: Path) -> None:
    """With the API, the same line as an InputError."""
    (folder / "notes.jinja").write_text("{{ nosuch }}", encoding="utf-8")
    with pytest.raises(InputError, match=r"notes\.jinja:1: 'nosuch' is undefined"):
        render(compose(read("2-2")), "text", folder)
