"""The way in: `compile` an expression once, evaluate it on as many resources as come.

An input is plain JSON as msgspec reads it with exact decimals. A resource says its type itself; an element is of the
type path that was given as `root`. A primitive with its `_name` sibling is passed as the tuple `(json, type, sibling)`.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from gateway.definitions.types import Types
from gateway.fhirpath.code import MAX_STEPS, Code, Context, Static
from gateway.fhirpath.compiler import ABSTRACT, build
from gateway.fhirpath.host import Host, NoHost
from gateway.fhirpath.model import Item, Model, type_of_json
from gateway.fhirpath.parser import parse
from gateway.fhirpath.site import Scope

__all__ = ["MAX_STEPS", "Expression", "Host", "NoHost", "compile"]

NO_VARIABLES: Final[Mapping[str, Any]] = MappingProxyType({})
NO_HOST: Final = NoHost()


class Expression:
    """A compiled expression. It holds no state of an evaluation: threads may share it.

    In every call `node` is the input (%context), `resource` the resource around it (%resource), `root` the outermost
    one (%rootResource); both are the node where they are left out. Every call may raise Refusal: several items where
    one is wanted, operands that do not fit, too much work (2,000,000 steps), too long a text.
    """

    __slots__ = ("_code", "_model", "_type", "text")

    def __init__(self, text: str, code: Code, model: Model, root: str) -> None:
        self.text = text
        self._code = code
        self._model = model
        self._type = root

    def evaluate(
        self,
        node: Any,
        *,
        resource: Any = None,
        root: Any = None,
        variables: Mapping[str, Any] = NO_VARIABLES,
        host: Host = NO_HOST,
    ) -> list[Any]:
        """The collection as plain values: JSON as it lies in the input, or System values the expression made.

        A primitive that has only extensions is None.
        """
        found = self.items(node, resource=resource, root=root, variables=variables, host=host)
        return [item[0] if type(item) is tuple else item for item in found]

    def items(
        self,
        node: Any,
        *,
        resource: Any = None,
        root: Any = None,
        variables: Mapping[str, Any] = NO_VARIABLES,
        host: Host = NO_HOST,
    ) -> list[Item]:
        """The collection with types: System values as they are, nodes as `(json, type, sibling)`."""
        this = self._boxed(node)
        context = self._context(this, resource, root, variables, host)
        return self._code.many(this, context)

    def truth(
        self,
        node: Any,
        *,
        resource: Any = None,
        root: Any = None,
        variables: Mapping[str, Any] = NO_VARIABLES,
        host: Host = NO_HOST,
    ) -> bool | None:
        """The answer of a condition: True, False, or None for the empty collection. For invariants."""
        this = self._boxed(node)
        return self._code.test(this, self._context(this, resource, root, variables, host))

    def _boxed(self, node: Any) -> Item:
        if type(node) is tuple:
            return node
        return (node, self._type or type_of_json(node), None)

    def _context(self, this: Item, resource: Any, root: Any, variables: Mapping[str, Any], host: Host) -> Context:
        around = this if resource is None else _boxed_resource(resource)
        outer = around if root is None else _boxed_resource(root)
        return Context(self._model, this, around, outer, variables, host)


def compile(
    expression: str, *, types: Types, root: str = "", strict: bool = True, variables: Iterable[str] | None = None
) -> Expression:
    """Compile an expression for inputs of type path `root` ("Claim", "Claim.item", "HumanName"; "": any resource).

    `strict`: an element that a known type does not have is refused, else it is empty. `variables`: the names that will
    be passed; None: any. Refusal: what is wrong, with `line:column` as path; see docs/errors/fhirpath.md.
    Compiling takes about 50 µs to 1 ms: keep the result.
    """
    model = model_of(types)
    known = None if not root or root in ABSTRACT or not types.knows(root) else (root,)
    names = None if variables is None else frozenset(variables)
    scope = Scope(model, expression, Static(known, False), strict, names)
    return Expression(expression, build(parse(expression), scope), model, "" if root in ABSTRACT else root)


@lru_cache(maxsize=16)
def model_of(types: Types) -> Model:
    """The plans of these types, made once."""
    return Model(types)


def _boxed_resource(resource: Any) -> Item:
    return resource if type(resource) is tuple else (resource, type_of_json(resource), None)
