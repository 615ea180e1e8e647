"""junit.xml: a case for each clause and provider, for the servers that show such files."""

from xml.etree import ElementTree as Xml

from contract_tests.reports.characters import safe
from contract_tests.verdicts import Proof, Run, Verdict


def junit_of(run: Run) -> str:
    """The text of the file."""
    root = Xml.Element("testsuites", name="contract-tests", time=f"{run.seconds:.3f}")
    for provider in run.scope.providers:
        suite = Xml.SubElement(root, "testsuite", name=provider, timestamp=run.started)
        for verdict in (each for each in run.verdicts if each.provider == provider):
            _add_clause(suite, verdict)
    _add_troubles(root, run)
    if run.proof:
        _add_faults(root, run.proof)
    for suite in root:
        _count(suite)
    Xml.indent(root)
    return Xml.tostring(root, "unicode", xml_declaration=True) + "\n"


def _add_clause(suite: Xml.Element, verdict: Verdict) -> None:
    case = _case(suite, f"contract.{verdict.provider}", verdict.clause.id)
    if verdict.outcome == "broken":
        first = verdict.sightings[0]
        lines = [f"promised: {verdict.clause.promise}", *(each.says for each in verdict.sightings)]
        if first.exchange:
            lines.append(first.exchange["curl"])
        _add(case, "failure", first.says, "\n".join(lines))
    elif verdict.outcome != "kept":
        seen = "; ".join(each.says for each in verdict.sightings)
        told = ": ".join(filter(None, (verdict.outcome, verdict.reason, seen)))
        _add(case, "skipped", told)


def _add_troubles(root: Xml.Element, run: Run) -> None:
    suite = Xml.SubElement(root, "testsuite", name="tests") if run.troubles else root
    for trouble in run.troubles:
        _add(_case(suite, "tests", trouble.test), "error", trouble.says)


def _add_faults(root: Xml.Element, proof: Proof) -> None:
    suite = Xml.SubElement(root, "testsuite", name="faults")
    for fault in proof.faults:
        case = _case(suite, "faults", fault.fault)
        if not fault.caught:
            _add(case, "failure", f"{fault.breaks} was not found broken")


def _case(suite: Xml.Element, group: str, name: str) -> Xml.Element:
    return Xml.SubElement(suite, "testcase", classname=safe(group), name=safe(name))


def _add(case: Xml.Element, kind: str, message: str, text: str = "") -> None:
    node = Xml.SubElement(case, kind, message=safe(message))
    node.text = safe(text) or None


def _count(suite: Xml.Element) -> None:
    suite.set("tests", str(len(suite)))
    for name, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(len(suite.findall(f"testcase/{kind}"))))
