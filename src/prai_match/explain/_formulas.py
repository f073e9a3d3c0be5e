"""How each figure that rules read was computed: its formula, and the values of the names in it."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from prai_match.explain._why import Why, stops_of
from prai_match.model import Lang, RelayPartner, Trainer
from prai_match.offers import AssessedOffer
from prai_match.policy import TERRITORY, Column, expressions, fill, weight
from prai_match.recommend import Answers
from prai_match.text import messages

_DECIMALS: Final = 4
_SESSION_COST: Final = "session_cost"  # no rule reads it, but a formula does
_WORD: Final = re.compile(r"[a-z_]+")


@dataclass(frozen=True, slots=True)
class AppliedFormula:
    """The formula of a figure that the rules read, with its values.

    Attributes:
        column: Its name, as rules write it.
        value: Its value; if it differs between the sessions examined, each session with its value.
        formula: How it is computed or, for a column defined by the programme or the service, what it means.
        inputs: The names in the formula, each with its value: other columns, settings of the programme, limits of the
            relay or of the trainer.

    Example:
        >>> from prai_match import Programme
        >>> notice = Programme.example().recommend("2007-09-03")["200066231"].notice("en")
        >>> (cost,) = [each for each in notice.formulas if each.column == "cost"]
        >>> cost.value, cost.inputs
        ('1,289.35', ('fee = 900', 'distance_km = 99.0712', 'euros_per_km = 0.35', 'session_cost = 320'))
    """

    column: str
    value: str
    formula: str
    inputs: tuple[str, ...]


class _Case(NamedTuple):
    """The values that the applied rules read, for the offer, a refused session, or the territory."""

    name: str
    rules: tuple[str, ...]
    columns: Mapping[str, object]
    numbers: Mapping[str, object]  # other values that formulas name
    names: Collection[str]  # of the columns and numbers that a formula may name here

    def value(self, name: str) -> object:
        return self.numbers[name] if name in self.numbers else self.columns[name]


def applied_formulas(
    answers: Answers, territory: str, reasons: Why, lang: Lang
) -> tuple[dict[str, str], tuple[AppliedFormula, ...]]:
    """Return the expression of each rule applied to a territory, and the figures that these rules read."""
    words = messages("prai_match.explain", "notice", lang)
    every = {column.name: column for column in answers.policy.vocabulary.all}
    written = {rule.id: expression for rule, expression in expressions(answers.policy)}
    cases = list(_cases(answers, territory, reasons, lang))

    def value(name: str, own: Iterable[_Case]) -> str:
        texts: dict[str, list[str]] = {}
        for case in own:
            text = _text(case.value(name), name, every, lang)
            texts.setdefault(text, []).append(case.name)
        one = len(texts) == 1
        return str(words["other"]).join(text if one else f"{text} ({', '.join(own)})" for text, own in texts.items())

    def formulas() -> Iterator[AppliedFormula]:
        for column in every.values():
            if own := [case for case in cases if any(column.name in written[rule].columns for rule in case.rules)]:
                named = [name for name in _named(column) if all(name in case.names for case in own)]
                text = column.formula.get(lang) if column.formula else column.meaning(lang)
                inputs = tuple(f"{name} = {value(name, own)}" for name in named)
                yield AppliedFormula(column.name, value(column.name, own), text, inputs)

    return {rule: written[rule].sql for case in cases for rule in case.rules}, tuple(formulas())


def _cases(answers: Answers, territory: str, reasons: Why, lang: Lang) -> Iterator[_Case]:
    place, names = answers.number(territory), answers.names[lang]
    offer = answers.candidate(place)
    if offer is not None:
        rules = (*(each.rule for each in reasons.conditions), *(each.rule for each in reasons.details))
        yield _case(names[str(offer["session"])], rules, offer, answers)
    else:
        for session, stops in stops_of(answers, place, lang):
            yield _case(names[str(session["session"])], tuple(each.rule for each in stops), session, answers)
    about, first = messages("prai_match.explain", "notice", lang)["territory"], answers.priorities[answers.rows[place]]
    of_territory = tuple(each.rule for each in reasons.priority)
    yield _Case(str(about), of_territory, first, {}, answers.policy.columns[TERRITORY])


def _case(name: str, rules: tuple[str, ...], offer: AssessedOffer, answers: Answers) -> _Case:
    """Return a case whose formulas can name settings of the programme and limits of the relay and the trainer."""
    columns = [column.name for column in answers.policy.vocabulary.all if column.type != "text"]
    programme, who = answers.programme, {offer["partner"], offer["trainer"]}
    actors: Iterable[RelayPartner | Trainer] = (*programme.partners, *programme.trainers)
    numbers = {
        key: value
        for model in (programme, *(each for each in actors if each.id in who))
        for key in type(model).model_fields
        if key not in columns and isinstance(value := getattr(model, key), int | float | Decimal)
    }
    return _Case(name, rules, offer, numbers, (*columns, *numbers, _SESSION_COST))


def _named(column: Column) -> list[str]:
    """Return the names in a formula: the words that are the same in both languages."""
    if column.formula is None:
        return []
    english = {*_WORD.findall(column.formula.en)} - {column.name}
    return [word for word in dict.fromkeys(_WORD.findall(column.formula.fr)) if word in english]


def _text(value: object, name: str, columns: Mapping[str, Column], lang: Lang) -> str:
    """Write a value as in expressions, with as many decimals as computing with it needs."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return weight(round(float(value), _DECIMALS), lang)
    return value if isinstance(value, str) else fill(f"{{{name}}}", {name: value}, columns, lang)
