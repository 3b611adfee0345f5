"""What each name in an expression is worth, for people who ask why it holds or does not."""

from hubagent.rules.expression.bad import BadExpression
from hubagent.rules.expression.compile import compile_expression
from hubagent.rules.expression.scope import Scope
from hubagent.rules.expression.template import value_text
from hubagent.rules.expression.tree import Expression, Name, walk


def values_in(expression: Expression, scope: Scope) -> dict[str, str]:
    """By the name as it stands there, once each; of one that nobody goes by, what is wrong with it."""
    found: dict[str, str] = {}
    for node in walk(expression.root):
        if isinstance(node, Name) and node.text not in found:
            try:
                compiled = compile_expression(Expression(node.text, node), scope)
            except BadExpression as bad:
                found[node.text] = str(bad)
            else:
                found[node.text] = value_text(compiled.evaluate(), compiled.type)
    return found
