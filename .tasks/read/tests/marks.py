"""Prints what a reader's eye holds on to in a Python program, as JSON: [line, text] for each name of a
class or function, and for each line of a text that it prints, prompts with or sends. It reads the program
with Python's own parser, so that the pages' own reading of it can be checked against this one."""

import ast
import json
import re
import sys

MINOR = re.compile(r"utf-8|UTF-8|strict|__main__|__name__|[\d.]+|<broadcast>|usage : python|, |: ")


def texts(node, value):
    for line in value.split("\n"):
        if len(line.strip()) >= 2 and not MINOR.fullmatch(line.strip()):
            yield node.lineno, node.col_offset, line.strip()


def marks(node):
    if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and not node.name.startswith("__"):
        yield node.lineno, node.col_offset, node.name
    if isinstance(node, ast.JoinedStr):
        for part in node.values:
            if isinstance(part, ast.Constant):
                yield from texts(node, part.value)
            else:
                yield from marks(part)
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)):
        value = node.value if isinstance(node.value, str) else node.value.decode()
        yield from texts(node, value)
    for child in ast.iter_child_nodes(node):
        yield from marks(child)


found = sorted(marks(ast.parse(sys.stdin.read())), key=lambda mark: mark[:2])
print(json.dumps([[line, text] for line, _, text in found]))
