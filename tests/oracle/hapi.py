"""HL7's validation engine, as HAPI FHIR packs it, in a Java machine inside this process.

Terminology that neither side has is not judged by either: a value set or code system that is in no package makes a
warning there as here. Jars come from `pom.xml` and must be those of `jars.sha256`.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

import jpype
import msgspec

HERE: Final = Path(__file__).parent
JARS: Final = HERE.parent.parent / "var" / "oracle" / "jars"
_DEFINITIONS: Final = {
    "StructureDefinition": "addStructureDefinition",
    "ValueSet": "addValueSet",
    "CodeSystem": "addCodeSystem",
}
_SUPPORT: Final = "org.hl7.fhir.common.hapi.validation.support."


class Told(NamedTuple):
    """One message of the engine. `id`: its name for the sort of message, '' where it says none."""

    severity: str
    id: str
    location: str
    text: str


class Engine:
    """Owns the engine with its definitions; one thread."""

    def __init__(self, definitions: Iterable[dict[str, Any]], not_asked: Iterable[str] = ()) -> None:
        """`definitions`: what is known beyond R4 core; `not_asked`: messages that the engine shall leave out."""
        _start()
        context = jpype.JClass("ca.uhn.fhir.context.FhirContext").forR4()
        parser = context.newJsonParser()
        given = jpype.JClass(_SUPPORT + "PrePopulatedValidationSupport")(context)
        for each in definitions:
            adder = _DEFINITIONS.get(each.get("resourceType", ""))
            if adder is not None and each.get("url"):
                getattr(given, adder)(parser.parseResource(_text(each)))
        self._not_asked = frozenset(not_asked)
        self._validator = context.newValidator()
        self._validator.registerValidatorModule(_module(context, given, sorted(self._not_asked)))
        self._options = jpype.JClass("ca.uhn.fhir.validation.ValidationOptions")

    def validate(self, resource: str, profiles: Sequence[str] = ()) -> list[Told]:
        """What the engine says of a JSON text; one that makes it fail is an error as well."""
        options = self._options()
        for url in profiles:
            options.addProfile(url)
        try:
            result = self._validator.validateWithResult(resource, options)
        except jpype.JException as error:
            return [Told("error", "failed", "", str(error))]
        return [
            Told(
                str(each.getSeverity().getCode()),
                str(each.getMessageId() or ""),
                str(each.getLocationString() or ""),
                str(each.getMessage()),
            )
            for each in result.getMessages()
            if str(each.getMessageId()) not in self._not_asked
        ]


def _module(context: Any, given: Any, not_asked: list[str]) -> Any:
    unknown = jpype.JClass(_SUPPORT + "UnknownCodeSystemWarningValidationSupport")(context)
    severity = jpype.JClass("ca.uhn.fhir.context.support.IValidationSupport$IssueSeverity")
    unknown.setNonExistentCodeSystemSeverity(severity.WARNING)
    chain = jpype.JClass(_SUPPORT + "ValidationSupportChain")(
        given,
        jpype.JClass("ca.uhn.fhir.context.support.DefaultProfileValidationSupport")(context),
        jpype.JClass(_SUPPORT + "CommonCodeSystemsTerminologyService")(context),
        jpype.JClass(_SUPPORT + "InMemoryTerminologyServerValidationSupport")(context),
        jpype.JClass(_SUPPORT + "SnapshotGeneratingValidationSupport")(context),
        unknown,
    )
    chain.setCodeableConceptValidationSuccessfulIfNotAllCodingsAreValid(True)
    module = jpype.JClass("org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator")(chain)
    module.setAnyExtensionsAllowed(True)
    module.setErrorForUnknownProfiles(False)
    module.setAssumeValidRestReferences(True)
    level = jpype.JClass("org.hl7.fhir.r5.utils.validation.constants.BestPracticeWarningLevel")
    module.setBestPracticeWarningLevel(level.Ignore)
    advisor = jpype.JClass("org.hl7.fhir.validation.instance.advisor.JsonDrivenPolicyAdvisor")
    module.setValidatorPolicyAdvisor(
        advisor(module.getValidatorPolicyAdvisor(), "not-asked", _text({"suppress": not_asked}))
    )
    return module


def _text(value: Any) -> str:
    return msgspec.json.Encoder(decimal_format="number").encode(value).decode()


def _start() -> None:
    if not jpype.isJVMStarted():
        check_jars(JARS, HERE / "jars.sha256")
        jpype.startJVM("-Xmx4g", "-Xss8m", classpath=[str(each) for each in sorted(JARS.glob("*.jar"))])
        # What makes the engine fail it also gives as a message; the stack traces it prints besides tell nothing more.
        nothing = jpype.JClass("java.io.OutputStream").nullOutputStream()
        jpype.JClass("java.lang.System").setErr(jpype.JClass("java.io.PrintStream")(nothing))


def check_jars(folder: Path, sums: Path) -> None:
    """Ends the run unless the folder holds exactly the jars that are listed with their SHA-256."""
    wanted = dict(line.split()[::-1] for line in sums.read_text("utf-8").splitlines())
    here = {each.name: sha256(each.read_bytes()).hexdigest() for each in folder.glob("*.jar")}
    wrong = sorted({name for name, _ in wanted.items() ^ here.items()})
    if wrong:
        raise SystemExit(f"jars that are missing, unknown or other than listed in {sums.name}: {', '.join(wrong)}")
