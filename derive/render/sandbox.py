"""Templates are somebody's text, not code: they reach what is given, and their work is counted.

A template sees the data it is handed, the few functions it is handed, and an allow-list of filters,
tests and methods of text; everything else, and every other method of the program's own objects, is
refused. Whatever a template does is paid for from one budget: each pass through a loop or a macro,
each character that is written, put together or looked through. That bounds time and memory, however
the template is written.
"""

from __future__ import annotations

import contextlib
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

import jinja2
import jinja2.bccache
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.runtime import BlockReference, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace

from derive.errors import InputError
from derive.files import cache_folder
from derive.render.folders import Folders
from derive.suggest import did_you_mean

BASE, EACH = 20_000_000, 100_000
"""What a text may cost: so much, and so much more for each of the parts that it is made of."""
A_PASS = 100
"""What a pass through a loop or a macro costs, besides what it writes."""
OWN_LINES = 100_000
"""What is added to the lines of the program's own macros in a template of the user's."""
MOST_BITS = 4_096
MOST_ARGUMENT = 1_000
"""The largest number that may be handed to a filter or to a format: a width, or digits."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FILTERS = _words(
    "abs capitalize count d default first float indent int items join last length list lower map"
    " max min reject rejectattr replace reverse round select selectattr sort string title trim"
    " unique upper wordcount wordwrap"
)
_TESTS = _words(
    "boolean defined divisibleby eq equalto even false float ge gt in integer iterable le lower lt"
    " mapping ne none number odd sequence string true undefined upper"
)
_METHODS = {
    str: _words(
        "capitalize count endswith find index isalnum isalpha isdecimal isdigit islower"
        " isnumeric isspace istitle isupper join lower lstrip partition removeprefix removesuffix"
        " replace rfind rindex rpartition rsplit rstrip split splitlines startswith strip swapcase"
        " title upper"
    ),
    dict: _words("get items keys values"),
    list: _words("count index"),
    tuple: _words("count index"),
    LoopContext: _words("changed cycle"),
}
_CALLED = (Macro, BlockReference, LoopContext)
_SHORT = r"(?::(?:[^{}\d]|(?<!\d)\d{1,3}(?!\d))*+)?"
_FORMAT = re.compile(rf"(?:[^{{}}]|\{{\{{|\}}\}}|\{{\w*{_SHORT}\}})*+")
"""A text for `format`: fields by number or name, without attributes, and no width above 999."""


class _Compiler(CodeGenerator):
    """Calls the sandbox's own functions as they are; what a template calls is looked at first."""

    def visit_Call(  # noqa: N802  Jinja's name
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        if not isinstance(node.node, nodes.EnvironmentAttribute):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        for place, argument in enumerate(node.args):
            self.write(", " if place else "(")
            self.visit(argument, frame)
        self.write(")")


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja with nothing in it that reaches further than the document, or works without end."""

    code_generator_class = _Compiler
    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, folders: Sequence[Path], parts: int) -> None:
        self.most_work = self.left = BASE + parts * EACH
        self._data: dict[tuple[type, str], bool] = {}
        self.folders = Folders(folders)
        super().__init__(
            loader=self.folders,
            undefined=jinja2.StrictUndefined,
            finalize=self.text,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=_cache(),
            autoescape=False,
        )
        self.globals = {"range": self.numbers, "namespace": Namespace}
        self.filters = {name: self._counted(self.filters[name]) for name in _FILTERS}
        self.tests = {name: self._counted(self.tests[name]) for name in _TESTS}

    def refuse_unknown(self) -> None:
        """A template of the user's with a name that nothing asks for; :class:`InputError`.

        One that another template has asked for by its name has been loaded.
        """
        folder, own = self.folders.folders[0], self.folders.folders[-1]
        known = sorted(path.name for path in own.glob("*.jinja"))
        found: list[Path] = []
        with contextlib.suppress(OSError):  # a folder may give its files without a list of them
            found = sorted(folder.iterdir())
        for path in found:
            named = any(part in (".jinja", ".jinja2", ".j2") for part in path.suffixes)
            if named and path.name not in known and path.name not in self.folders.loaded:
                raise InputError(
                    f"{path}: no template is called {path.name}"
                    f"{did_you_mean(path.name, known)}; there are {', '.join(known)}"
                )

    # What is paid for.

    def spend(self, cost: int) -> None:
        """Pay for work. Raises :class:`SecurityError` when there has been too much."""
        self.left -= cost
        if self.left < 0:
            raise SecurityError(
                f"more work than a document may cost, {self.most_work:,} characters"
            )

    def numbers(self, *limits: int) -> range:
        """``range``, paid for by its length before anything counts through it."""
        found = range(*limits)
        self.spend(max(0, (found.stop - found.start) // found.step))
        return found

    def afford(self, cost: int) -> None:
        """Refuse what could become larger than all that is left, before it is made."""
        if cost > self.left:
            self.spend(cost)

    def text(self, value: Any) -> str:
        """What is written for a value; only lists have no such text."""
        if isinstance(value, list | tuple | dict | set | frozenset):
            raise TypeError("a list cannot be written; say how with 'join'")
        text = str(value)
        self.spend(len(text))
        return text

    def joined(self, *values: Any) -> str:
        """``a ~ b``."""
        return "".join(map(self.text, values))

    def flat(self, values: Any) -> Any:
        """A list that a template writes: one of lists could double its size at every step."""
        inner = values.values() if isinstance(values, dict) else values
        if any(isinstance(value, list | tuple | dict) for value in inner):
            raise TypeError("a list in a template holds no lists")
        self.spend(len(values))
        return values

    def looked_through(self, value: Any) -> Any:
        """What is compared or cut out of."""
        self.spend(_size(value))
        return value

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic, as far as the result is not too large."""
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if operator == "%" and not numbers:
            raise SecurityError("'%' is for numbers; put texts together with '~'")
        if operator == "**" and not (numbers and abs(right) <= 64 and abs(left) <= 1_000_000):
            raise SecurityError("a power too large")
        if numbers:
            if _bits(left) + _bits(right) > MOST_BITS:
                raise SecurityError("a number too large")
        elif operator == "*":
            times, many = (left, right) if isinstance(left, int) else (right, left)
            self.spend(max(0, times) * _size(many) if isinstance(times, int) else 0)
        else:
            self.spend(_size(left) + _size(right))
        return super().call_binop(context, operator, left, right)

    def call(self, context: Any, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """A call from a template, of what may be called."""
        owner = getattr(obj, "__self__", None)
        if isinstance(owner, str):
            self._refuse_growth(owner, args)
        self.spend(sum(map(_size, (owner, *args, *kwargs.values()))))
        found = super().call(context, obj, *args, **kwargs)
        self.spend(_size(found))
        return found

    def _counted(self, function: Any) -> Callable[..., Any]:
        """A filter or test whose argument and result are paid for."""
        skipped = 1 if hasattr(function, "jinja_pass_arg") else 0

        @wraps(function)
        def counted(*args: Any, **kwargs: Any) -> Any:
            value, *more = args[skipped:] or (None,)
            self._refuse_growth(value, (*more, *kwargs.values()))
            self.spend(_size(value))
            found = function(*args, **kwargs)
            self.spend(_size(found))
            return found

        return counted

    def _refuse_growth(self, value: Any, arguments: Sequence[Any]) -> None:
        """A width or a text to be put in may not make more of `value` than can be paid for."""
        for argument in arguments:
            if isinstance(argument, int) and abs(argument) > MOST_ARGUMENT:
                raise SecurityError(f"a number above {MOST_ARGUMENT:,} as an argument")
            factor = abs(argument) if isinstance(argument, int) else _size(argument)
            self.afford(_size(value) * factor)

    # What may be reached.

    def getattr(self, obj: Any, attribute: str) -> Any:
        """An attribute; the method `format` of a text is the sandbox's own."""
        if attribute == "format" and isinstance(obj, str):
            return _Format(obj)
        return super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Data, and the methods of the allow-list; whether a name is that depends on the kind."""
        key = type(obj), attr
        if key not in self._data:
            self._data[key] = super().is_safe_attribute(obj, attr, value)
        return self._data[key] and (
            not callable(value) or isinstance(value, _CALLED) or attr in _methods(obj)
        )

    def is_safe_callable(self, obj: Any) -> bool:
        """Macros, methods of the allow-list, and functions that the program hands over."""
        owner = getattr(obj, "__self__", None)
        return (
            isinstance(obj, (*_CALLED, _Format))
            or obj in self.globals.values()
            or getattr(obj, "__name__", "") in _methods(owner)
        )

    # How the counting gets into a template.

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        self._complete(tree, name, filename)
        repeated: Any = (nodes.For, nodes.Macro, nodes.CallBlock)
        for node in tree.find_all(repeated):
            cost = A_PASS + sum(1 + _constant(each) for each in _inside(node))
            node.body.insert(0, nodes.ExprStmt(_own("spend", node, nodes.Const(cost))))
            if isinstance(node, nodes.For) and node.test is not None:
                # What a test leaves out is paid for, too; paying is no answer, and so the test is.
                paid = _own("spend", node, nodes.Const(A_PASS))
                node.test = nodes.Or(paid, node.test, lineno=node.lineno)
        _replace(tree)
        tree.set_environment(self)
        return tree

    def _complete(self, tree: nodes.Template, name: str | None, filename: str | None) -> None:
        """Add the program's own macros to a template of the user's that lacks some of them."""
        own = self.folders.own(Path(filename or "."))
        if own:
            there = {node.name for node in tree.body if isinstance(node, nodes.Macro)}
            for node in super()._parse(own, name, filename).body:
                if isinstance(node, nodes.Macro) and node.name not in there:
                    for inner in (node, *_inside(node)):
                        inner.lineno = OWN_LINES + (inner.lineno or 0)
                    tree.body.append(node)


class _Format:
    """``"{:,}".format``, for fields by number or name and widths up to 999."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __call__(self, *args: Any, **kwargs: Any) -> str:
        if not _FORMAT.fullmatch(self._text):
            raise SecurityError("a format with attributes or widths above 999")
        return self._text.format(*args, **kwargs)


def _methods(owner: Any) -> frozenset[str]:
    return _METHODS.get(type(owner), frozenset())


def _size(value: Any) -> int:
    """How long it takes to look through a value of a template's: texts in a list count as well."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, list | tuple):
        return sum(len(each) if isinstance(each, str) else 1 for each in value)
    return 1


def _bits(value: float) -> int:
    return value.bit_length() if isinstance(value, int) else 1


def _own(name: str, at: nodes.Node, *arguments: nodes.Expr) -> nodes.Call:
    """A call of one of the sandbox's own functions."""
    function = nodes.EnvironmentAttribute(name)
    return nodes.Call(function, list(arguments), [], None, None).set_lineno(at.lineno)  # type: ignore[return-value]


def _inside(node: nodes.Node) -> Iterator[nodes.Node]:
    for child in node.iter_child_nodes():
        yield child
        yield from _inside(child)


def _constant(node: nodes.Node) -> int:
    return len(node.data) if isinstance(node, nodes.TemplateData) else 0


def _replace(node: nodes.Node) -> None:
    """Whatever puts together, compares or cuts goes through the sandbox."""
    for key, value in node.iter_fields():
        if isinstance(value, list):
            value[:] = [_replaced(each) if isinstance(each, nodes.Node) else each for each in value]
        elif isinstance(value, nodes.Node):
            setattr(node, key, _replaced(value))


def _replaced(node: nodes.Node) -> nodes.Node:
    _replace(node)
    if isinstance(node, nodes.Concat):
        return _own("joined", node, *node.nodes)
    if isinstance(node, nodes.List | nodes.Dict) or (
        isinstance(node, nodes.Tuple) and node.ctx == "load"
    ):
        return _own("flat", node, node)
    if isinstance(node, nodes.Compare):
        node.expr = _own("looked_through", node, node.expr)
        for operand in node.ops:
            operand.expr = _own("looked_through", node, operand.expr)
    elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Slice):
        node.node = _own("looked_through", node, node.node)
    return node


class _Cache(jinja2.FileSystemBytecodeCache):
    """Compiled templates, kept between runs; a cache that cannot be written is no error."""

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        with contextlib.suppress(OSError):
            super().load_bytecode(bucket)


def _cache() -> _Cache | None:
    """Where compiled templates are kept, if there is a place.

    What was compiled without this sandbox, or with another state of it, is not taken.
    """
    folder = cache_folder()
    state = zlib.crc32(Path(__file__).read_bytes() + jinja2.__version__.encode())
    return _Cache(str(folder), f"{state:08x}_%s.template") if folder else None
