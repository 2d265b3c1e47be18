"""The catalogue 医保目录: what each national code is, and on which terms it is payable at a level on a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from gateway.kernel.dated import Dated
from gateway.kernel.money import Rate
from gateway.kernel.quantity import MicroYuan
from gateway.settlement.claim import ItemClass, Terms
from gateway.settlement.rule import Rule

ANY_LEVEL = "*"

CHARGES = (
    *("bed", "consultation", "exam", "high_tech_exam", "lab", "treatment", "surgery", "nursing", "material"),
    *("drug", "patent_medicine", "herb", "registration", "other"),
)
"""What a line may be charged for 收费项目类别."""


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """One entry. `ceilings`: unit price ceiling by level key, or under '*' for all levels."""

    code: str
    zh: str
    en: str
    list_type: str
    item_class: ItemClass
    charge: str
    unit: str
    first_payment: Rate
    ceilings: Mapping[str, MicroYuan]
    rule: Rule
    terms: dict[str, Terms] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        for level in {ANY_LEVEL, *self.ceilings}:
            ceiling = self.ceilings.get(level, self.ceilings.get(ANY_LEVEL))
            self.terms[level] = Terms(self.item_class, self.first_payment, ceiling, self.charge, self.rule)


@dataclass(frozen=True, eq=False)
class Catalogue:
    """All entries by code, each dated. `version`: hash of the content."""

    version: str
    items: Mapping[str, tuple[Dated[CatalogueItem], ...]]

    def item(self, code: str, day: date) -> CatalogueItem | None:
        """The entry of a code on a day, or None when it is off the catalogue 目录外."""
        for dated in self.items.get(code, ()):
            if dated.from_on <= day <= dated.to_on:
                return dated.value
        return None

    def terms(self, code: str, *, level: str, day: date) -> Terms | None:
        """The terms of a code at a level on a day, or None when it is off the catalogue."""
        item = self.item(code, day)
        if item is None:
            return None
        return item.terms.get(level) or item.terms[ANY_LEVEL]
