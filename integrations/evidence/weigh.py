"""From the differences of many documents to evidence."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import Any, Final

from integrations.canonical.problem import shorten
from integrations.evidence import sentences
from integrations.evidence.changes import DocumentChange
from integrations.evidence.documents import Finding, judge_documents
from integrations.evidence.evidence import Concern, Counts, Evidence, FieldEvidence, Sample
from integrations.evidence.judge import judge
from integrations.evidence.population import Changed, judge_together
from integrations.evidence.roles import Role, role_of
from integrations.evidence.sums import broken_sums
from integrations.evidence.verdict import RANK, Verdict, note

_SAMPLES: Final = 5


def weigh(changes: Sequence[DocumentChange], *, noun: str = "document") -> Evidence:
    """What the differences mean, in words; `noun` is what the sentences call a document.

    The same changes give the same evidence. Fields are judged in documents that both versions
    find valid; one that only the new version finds valid cannot be harmed.
    """
    settled = [change for change in changes if change.validity == "valid"]
    by_path: dict[str, list[Changed]] = defaultdict(list)
    for change in settled:
        for field in change.fields:
            by_path[field.path].append(Changed(change, field))
    warnings = _document_warnings(judge_documents(changes), noun)
    fields: list[FieldEvidence] = []
    for path, changed in by_path.items():
        found = _field_warnings(path, changed, settled, noun)
        worst = found[0]
        count = _documents(changed)
        samples = worst.samples
        sentence = sentences.field(found, count=count, noun=noun)
        fields.append(FieldEvidence(path, count, worst.code, worst.severity, samples, sentence))
        warnings += found
    fields.sort(key=_worst_first)
    warnings.sort(key=_worst_first)
    counts = _count(changes)
    summary = sentences.summary(changes, counts=counts, warnings=warnings, noun=noun)
    return Evidence(counts, tuple(fields), tuple(warnings), summary)


def _worst_first(found: FieldEvidence | Concern) -> tuple[Any, ...]:
    code = found.kind if isinstance(found, FieldEvidence) else found.code
    return found.severity != "alarm", RANK[code], -found.count, found.path


def _field_warnings(
    path: str, changed: Sequence[Changed], settled: Sequence[DocumentChange], noun: str
) -> list[Concern]:
    """The verdicts on one field, worst first; never none."""
    groups: dict[tuple[str, str], list[tuple[Verdict, Changed]]] = defaultdict(list)
    for one in changed:
        verdict = _repaired(judge(one.change), path, one.document)
        groups[verdict.code, verdict.severity].append((verdict, one))
    found = [_field_warning(path, judged, noun) for judged in groups.values()]
    if (together := judge_together(path, changed, settled)) is not None:
        texts = [(together, one) for one in changed if one.change.kind == "changed"]
        found = [w for w in found if w.code != together.code]
        found.append(_field_warning(path, texts, noun))
    return sorted(found, key=_worst_first)


def _repaired(verdict: Verdict, path: str, change: DocumentChange) -> Verdict:
    """An amount that changes so that its document adds up at last is no alarm."""
    old, new = change.old.body, change.new.body
    if verdict.severity == "note" or role_of(path) is not Role.MONEY or not old or not new:
        return verdict
    return note("sums_repaired") if broken_sums(old) > broken_sums(new) else verdict


def _field_warning(path: str, judged: Sequence[tuple[Verdict, Changed]], noun: str) -> Concern:
    details = {verdict.detail for verdict, _ in judged}
    verdict = judged[0][0]._replace(detail=details.pop() if len(details) == 1 else "")
    changed = [one for _, one in judged]
    count = _documents(changed)
    samples = _distinct(((one.change.before, one.change.after), _sample(one)) for one in changed)
    sentence = sentences.warning(verdict, path=path, count=count, noun=noun, samples=samples)
    return Concern(verdict.code, verdict.severity, path, count, sentence, samples)


def _sample(one: Changed) -> Sample:
    change = one.change
    return Sample(one.document.name, change.at, _shown(change.before), _shown(change.after))


def _shown(value: Any) -> str:
    """For people: the start of an entry as `sku TENT-2P, quantity 2`, blanks at the ends as ␣."""
    if isinstance(value, dict):
        return shorten(", ".join(f"{name} {shorten(inner)}" for name, inner in value.items()))
    if not isinstance(value, str):
        return "" if value is None else shorten(value)
    inner = value.strip(" ")
    before = len(value) - len(value.lstrip(" ")) if inner else 0
    after = len(value) - len(inner) - before
    return shorten("␣" * min(before, 9) + inner + "␣" * min(after, 9))


def _distinct(samples: Iterable[tuple[Any, Sample]]) -> tuple[Sample, ...]:
    """The first few that show something new."""
    kept: dict[Hashable, Sample] = {}
    for values, sample in samples:
        kept.setdefault(repr(values), sample)
        if len(kept) == _SAMPLES:
            break
    return tuple(kept.values())


def _documents(changed: Sequence[Changed]) -> int:
    return len({id(one.document) for one in changed})


def _document_warnings(findings: Iterable[Finding], noun: str) -> list[Concern]:
    groups: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[finding.verdict.code, finding.path].append(finding)
    warnings = []
    for (code, path), found in groups.items():
        samples = _distinct(
            (
                (f.before, f.after),
                Sample(f.document.name, path, shorten(f.before), shorten(f.after)),
            )
            for f in found
        )
        verdict, count = found[0].verdict, len({id(f.document) for f in found})
        sentence = sentences.warning(verdict, path=path, count=count, noun=noun, samples=samples)
        warnings.append(Concern(code, verdict.severity, path, count, sentence, samples))
    return warnings


def _count(changes: Sequence[DocumentChange]) -> Counts:
    validity = Counter(change.validity for change in changes)
    refused = [change.new.problems for change in changes if change.validity == "newly_invalid"]
    routes = Counter(
        (change.old.target, change.new.target)
        for change in changes
        if change.old.target != change.new.target and change.validity == "valid"
    )
    changed = sum(change.changed for change in changes)
    return Counts(
        documents=len(changes),
        changed=changed,
        unchanged=len(changes) - changed,
        newly_valid=validity["newly_valid"],
        newly_invalid=validity["newly_invalid"],
        rerouted=routes.total(),
        refused=Counter(problems[0].code if problems else "no_body" for problems in refused),
        routes=routes,
    )
