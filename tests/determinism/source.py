"""The project's source as trees: every module with what its names stand for, its classes and its functions."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

Function = ast.FunctionDef | ast.AsyncFunctionDef
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)
COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(eq=False)
class Module:
    """`path` is relative to the project, with slashes."""

    path: str
    tree: ast.Module
    nodes: list[ast.AST] = field(init=False)
    """All of the tree, from the outside in: found once, since every rule goes through them."""
    parents: dict[ast.AST, ast.AST] = field(init=False)
    imports: dict[str, str] = field(init=False)
    """By the name here: what it stands for, with dots."""

    def __post_init__(self) -> None:
        self.nodes, self.parents = [self.tree], {}
        for node in self.nodes:  # and those that it adds
            for child in ast.iter_child_nodes(node):
                self.parents[child] = node
                self.nodes.append(child)
        self.imports = dict(_imports(self.nodes))

    @classmethod
    def of(cls, path: str, text: str) -> "Module":
        return cls(path, ast.parse(text))

    @cached_property
    def name(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @cached_property
    def top(self) -> Mapping[str, ast.stmt]:
        """What is defined at the top of it, by name."""
        defined: dict[str, ast.stmt] = {}
        for statement in self.tree.body:
            if isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                defined[statement.name] = statement
            elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                defined[statement.target.id] = statement
            elif isinstance(statement, ast.Assign):
                for target in statement.targets:
                    if isinstance(target, ast.Name):
                        defined[target.id] = statement
        return defined

    def dotted(self, node: ast.AST) -> str:
        """What a name or a chain of attributes stands for, as `asyncio.tasks.sleep`; empty for anything else.

        A name that is neither imported nor defined at the top is itself: a variable, or one of Python's.
        """
        if isinstance(node, ast.Name):
            if node.id in self.imports:
                return self.imports[node.id]
            return f"{self.name}.{node.id}" if node.id in self.top else node.id
        if isinstance(node, ast.Attribute):
            owner = self.dotted(node.value)
            return f"{owner}.{node.attr}" if owner else ""
        return ""

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """What it is in, from the inside out."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def function_around(self, node: ast.AST) -> Function | ast.Lambda | None:
        return next((it for it in self.around(node) if isinstance(it, (*FUNCTIONS, ast.Lambda))), None)

    def class_around(self, node: ast.AST) -> ast.ClassDef | None:
        return next((it for it in self.around(node) if isinstance(it, ast.ClassDef)), None)


def read_modules(root: Path, *packages: str) -> list[Module]:
    """Every module of theirs."""
    paths = sorted(path for package in packages for path in (root / package).rglob("*.py"))
    return [Module.of(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")) for path in paths]


def _imports(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                yield (alias.asname, alias.name) if alias.asname else (first, first)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"
