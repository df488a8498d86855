"""Routing rules: read from data, checked, compiled once."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeGuard

from integrations.routing.case import Case
from integrations.routing.conditions import CONDITIONS, Predicate
from integrations.routing.operands import choices_problem, read_texts, texts_problem
from integrations.routing.rank import CRITERIA, Ranking


class Rule(NamedTuple):
    """One compiled rule. Empty actions do nothing."""

    n: int
    when: tuple[Predicate, ...]
    allow: frozenset[str]
    exclude: frozenset[str]
    flags: tuple[str, ...]
    force: str
    ranking: Ranking | None


class Rules(NamedTuple):
    """Compiled rules in their order."""

    rules: tuple[Rule, ...]

    def matching(self, case: Case) -> list[Rule]:
        return [rule for rule in self.rules if all(holds(case) for holds in rule.when)]


def _force_problem(value: object) -> str:
    return "" if isinstance(value, str) and value.strip() else "must be one site code"


def _rank_problem(value: object) -> str:
    if not isinstance(value, list):
        return "must be a list of criteria"
    if wrong := choices_problem(value, choices=CRITERIA):
        return wrong
    return "names a criterion twice" if len(set(value)) < len(value) else ""


def _split_problem(value: object) -> str:
    return "" if value == "never" else 'only "never" is supported: an order ships from one site'


ACTIONS: dict[str, Callable[[object], str]] = {
    "allow": texts_problem,
    "exclude": texts_problem,
    "require_site_flag": texts_problem,
    "force": _force_problem,
    "rank": _rank_problem,
    "split": _split_problem,
}


def check_rules(rules: object) -> list[str]:
    """Everything wrong with a rule list as it came from JSON, each naming the rule and the key.

    Empty: `compile_rules` will take it. Unknown keys are refused, because a misspelt condition
    would otherwise match every order.
    """
    if not isinstance(rules, list):
        return ["rules: must be a list of rules"]
    problems: list[str] = []
    highest = 0
    for position, rule in enumerate(rules, start=1):
        n = rule.get("n") if isinstance(rule, dict) else None
        name = f"rule {n}" if _is_number(n) else f"rule at position {position}"
        problems += [f"{name}: {problem}" for problem in _rule_problems(rule, after=highest)]
        if _is_number(n):
            highest = max(highest, n)
    return problems


def compile_rules(rules: Sequence[Mapping[str, Any]]) -> Rules:
    """Rules ready for `decide`; keep the result as long as the version of the rules holds.

    Raises ValueError with every problem of `check_rules`.
    """
    if problems := check_rules(rules):
        raise ValueError("; ".join(problems))
    return Rules(tuple(_compile(rule) for rule in rules))


def _rule_problems(rule: object, *, after: int) -> list[str]:
    if not isinstance(rule, dict):
        return ['must be {"n", "if", "then"}']
    problems = [f"{key}: unknown key" for key in rule.keys() - {"n", "if", "then"}]
    if not _is_number(rule.get("n")):
        problems.append("n: must be a whole number above zero")
    elif rule["n"] <= after:
        problems.append(f"n: must be above {after}, rules stand in the order of their numbers")
    conditions = {key: condition.problem for key, condition in CONDITIONS.items()}
    problems += _part_problems("if", rule.get("if"), known=conditions)
    problems += _part_problems("then", rule.get("then"), known=ACTIONS)
    if rule.get("then") == {}:
        problems.append("then: needs at least one action")
    return sorted(problems)


def _part_problems(
    part: str, value: object, *, known: Mapping[str, Callable[[object], str]]
) -> list[str]:
    if not isinstance(value, dict):
        return [f"{part}: must be an object"]
    refuse = partial(_unknown, known=known)
    checked = ((key, known.get(key, refuse)(operand)) for key, operand in value.items())
    return [f"{part}.{key}: {problem}" for key, problem in checked if problem]


def _unknown(_value: object, *, known: Mapping[str, object]) -> str:
    return f"unknown key, use {', '.join(known)}"


def _is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _compile(rule: Mapping[str, Any]) -> Rule:
    then = rule["then"]
    return Rule(
        n=rule["n"],
        when=tuple(CONDITIONS[key].build(value) for key, value in rule["if"].items()),
        allow=frozenset(read_texts(then.get("allow", []))),
        exclude=frozenset(read_texts(then.get("exclude", []))),
        flags=tuple(read_texts(then.get("require_site_flag", []))),
        force=then.get("force", ""),
        ranking=Ranking(then["rank"]) if "rank" in then else None,
    )
