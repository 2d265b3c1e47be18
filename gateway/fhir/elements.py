"""The elements of the R4 (4.0.1) resources that clients may send, and of the data types inside them, as one table.

One word per element: `name:type`, where `name!` is required, `name*` a list, `name+` a list of at least one, and
`name[x]:a,b` a choice. `code(a|b)` is a required binding, `Reference(A|B)` the allowed targets. Backbone elements are
named after their path: `ClaimItemDetail` is Claim.item.detail. Types that are not here (only reachable through
extensions) are read as any object.
"""

from typing import Final

RESOURCE_ELEMENTS: Final = """
    id:id meta:Meta implicitRules:uri language:code text:Narrative contained*:Resource extension*:Extension
    modifierExtension*:Extension
"""
"""What every resource has."""

ELEMENTS: Final = "id:string extension*:Extension"
"""What every data type has."""

BACKBONE_ELEMENTS: Final = "id:string extension*:Extension modifierExtension*:Extension"

RESOURCES: Final = ("Patient", "Coverage", "Organization", "Encounter", "Claim")

ALIASES: Final = {"Age": "Quantity", "Count": "Quantity", "Distance": "Quantity", "Duration": "Quantity"}

TYPES: Final[dict[str, str]] = {
    "Address": """
        city:string country:string district:string line*:string period:Period postalCode:string state:string
        text:string type:code(postal|physical|both) use:code(home|work|temp|old|billing)
    """,
    "Attachment": """
        contentType:code creation:dateTime data:base64Binary hash:base64Binary language:code size:unsignedInt
        title:string url:url
    """,
    "Claim": """
        accident:ClaimAccident billablePeriod:Period careTeam*:ClaimCareTeam created!:dateTime
        diagnosis*:ClaimDiagnosis enterer:Reference(Practitioner|PractitionerRole) facility:Reference(Location)
        fundsReserve:CodeableConcept identifier*:Identifier insurance+:ClaimInsurance
        insurer:Reference(Organization) item*:ClaimItem
        originalPrescription:Reference(DeviceRequest|MedicationRequest|VisionPrescription)
        patient!:Reference(Patient) payee:ClaimPayee
        prescription:Reference(DeviceRequest|MedicationRequest|VisionPrescription) priority!:CodeableConcept
        procedure*:ClaimProcedure provider!:Reference(Practitioner|PractitionerRole|Organization)
        referral:Reference(ServiceRequest) related*:ClaimRelated
        status!:code(active|cancelled|draft|entered-in-error) subType:CodeableConcept
        supportingInfo*:ClaimSupportingInfo total:Money type!:CodeableConcept
        use!:code(claim|preauthorization|predetermination)
    """,
    "ClaimAccident": """
        date!:date location[x]:Address,Reference(Location) type:CodeableConcept
    """,
    "ClaimCareTeam": """
        provider!:Reference(Practitioner|PractitionerRole|Organization) qualification:CodeableConcept
        responsible:boolean role:CodeableConcept sequence!:positiveInt
    """,
    "ClaimDiagnosis": """
        diagnosis[x]!:CodeableConcept,Reference(Condition) onAdmission:CodeableConcept packageCode:CodeableConcept
        sequence!:positiveInt type*:CodeableConcept
    """,
    "ClaimInsurance": """
        businessArrangement:string claimResponse:Reference(ClaimResponse) coverage!:Reference(Coverage)
        focal!:boolean identifier:Identifier preAuthRef*:string sequence!:positiveInt
    """,
    "ClaimItem": """
        bodySite:CodeableConcept careTeamSequence*:positiveInt category:CodeableConcept detail*:ClaimItemDetail
        diagnosisSequence*:positiveInt encounter*:Reference(Encounter) factor:decimal
        informationSequence*:positiveInt location[x]:Address,CodeableConcept,Reference(Location)
        modifier*:CodeableConcept net:Money procedureSequence*:positiveInt productOrService!:CodeableConcept
        programCode*:CodeableConcept quantity:Quantity revenue:CodeableConcept sequence!:positiveInt
        serviced[x]:date,Period subSite*:CodeableConcept udi*:Reference(Device) unitPrice:Money
    """,
    "ClaimItemDetail": """
        category:CodeableConcept factor:decimal modifier*:CodeableConcept net:Money
        productOrService!:CodeableConcept programCode*:CodeableConcept quantity:Quantity revenue:CodeableConcept
        sequence!:positiveInt subDetail*:ClaimItemDetailSubDetail udi*:Reference(Device) unitPrice:Money
    """,
    "ClaimItemDetailSubDetail": """
        category:CodeableConcept factor:decimal modifier*:CodeableConcept net:Money
        productOrService!:CodeableConcept programCode*:CodeableConcept quantity:Quantity revenue:CodeableConcept
        sequence!:positiveInt udi*:Reference(Device) unitPrice:Money
    """,
    "ClaimPayee": """
        party:Reference(Practitioner|PractitionerRole|Organization|Patient|RelatedPerson) type!:CodeableConcept
    """,
    "ClaimProcedure": """
        date:dateTime procedure[x]!:CodeableConcept,Reference(Procedure) sequence!:positiveInt type*:CodeableConcept
        udi*:Reference(Device)
    """,
    "ClaimRelated": """
        claim:Reference(Claim) reference:Identifier relationship:CodeableConcept
    """,
    "ClaimSupportingInfo": """
        category!:CodeableConcept code:CodeableConcept reason:CodeableConcept sequence!:positiveInt
        timing[x]:date,Period value[x]:Attachment,boolean,Quantity,Reference,string
    """,
    "CodeableConcept": """
        coding*:Coding text:string
    """,
    "Coding": """
        code:code display:string system:uri userSelected:boolean version:string
    """,
    "ContactPoint": """
        period:Period rank:positiveInt system:code(phone|fax|email|pager|url|sms|other)
        use:code(home|work|temp|old|mobile) value:string
    """,
    "Coverage": """
        beneficiary!:Reference(Patient) class*:CoverageClass contract*:Reference(Contract)
        costToBeneficiary*:CoverageCostToBeneficiary dependent:string identifier*:Identifier network:string
        order:positiveInt payor+:Reference(Organization|Patient|RelatedPerson) period:Period
        policyHolder:Reference(Patient|RelatedPerson|Organization) relationship:CodeableConcept
        status!:code(active|cancelled|draft|entered-in-error) subrogation:boolean
        subscriber:Reference(Patient|RelatedPerson) subscriberId:string type:CodeableConcept
    """,
    "CoverageClass": """
        name:string type!:CodeableConcept value!:string
    """,
    "CoverageCostToBeneficiary": """
        exception*:CoverageCostToBeneficiaryException type:CodeableConcept value[x]!:Money,Quantity
    """,
    "CoverageCostToBeneficiaryException": """
        period:Period type!:CodeableConcept
    """,
    "Element": "",
    "Encounter": """
        account*:Reference(Account) appointment*:Reference(Appointment) basedOn*:Reference(ServiceRequest)
        class!:Coding classHistory*:EncounterClassHistory diagnosis*:EncounterDiagnosis
        episodeOfCare*:Reference(EpisodeOfCare) hospitalization:EncounterHospitalization identifier*:Identifier
        length:Duration location*:EncounterLocation partOf:Reference(Encounter) participant*:EncounterParticipant
        period:Period priority:CodeableConcept reasonCode*:CodeableConcept
        reasonReference*:Reference(Condition|Procedure|Observation|ImmunizationRecommendation)
        serviceProvider:Reference(Organization) serviceType:CodeableConcept
        status!:code(planned|arrived|triaged|in-progress|onleave|finished|cancelled|entered-in-error|unknown)
        statusHistory*:EncounterStatusHistory subject:Reference(Patient|Group) type*:CodeableConcept
    """,
    "EncounterClassHistory": """
        class!:Coding period!:Period
    """,
    "EncounterDiagnosis": """
        condition!:Reference(Condition|Procedure) rank:positiveInt use:CodeableConcept
    """,
    "EncounterHospitalization": """
        admitSource:CodeableConcept destination:Reference(Location|Organization) dietPreference*:CodeableConcept
        dischargeDisposition:CodeableConcept origin:Reference(Location|Organization)
        preAdmissionIdentifier:Identifier reAdmission:CodeableConcept specialArrangement*:CodeableConcept
        specialCourtesy*:CodeableConcept
    """,
    "EncounterLocation": """
        location!:Reference(Location) period:Period physicalType:CodeableConcept
        status:code(planned|active|reserved|completed)
    """,
    "EncounterParticipant": """
        individual:Reference(Practitioner|PractitionerRole|RelatedPerson) period:Period type*:CodeableConcept
    """,
    "EncounterStatusHistory": """
        period!:Period
        status!:code(planned|arrived|triaged|in-progress|onleave|finished|cancelled|entered-in-error|unknown)
    """,
    "Extension": """
        url!:uri
        value[x]:Address,Age,Annotation,Attachment,base64Binary,boolean,canonical,code,CodeableConcept,\
Coding,ContactDetail,ContactPoint,Contributor,Count,DataRequirement,date,dateTime,decimal,Distance,Dosage,\
Duration,Expression,HumanName,id,Identifier,instant,integer,markdown,Money,oid,ParameterDefinition,Period,\
positiveInt,Quantity,Range,Ratio,Reference,RelatedArtifact,SampledData,Signature,string,time,Timing,\
TriggerDefinition,unsignedInt,uri,url,UsageContext,uuid
    """,
    "HumanName": """
        family:string given*:string period:Period prefix*:string suffix*:string text:string
        use:code(usual|official|temp|nickname|anonymous|old|maiden)
    """,
    "Identifier": """
        assigner:Reference(Organization) period:Period system:uri type:CodeableConcept
        use:code(usual|official|temp|secondary|old) value:string
    """,
    "Meta": """
        lastUpdated:instant profile*:canonical security*:Coding source:uri tag*:Coding versionId:id
    """,
    "Money": """
        currency:code value:decimal
    """,
    "Narrative": """
        div!:xhtml status!:code(generated|extensions|additional|empty)
    """,
    "Organization": """
        active:boolean address*:Address alias*:string contact*:OrganizationContact endpoint*:Reference(Endpoint)
        identifier*:Identifier name:string partOf:Reference(Organization) telecom*:ContactPoint
        type*:CodeableConcept
    """,
    "OrganizationContact": """
        address:Address name:HumanName purpose:CodeableConcept telecom*:ContactPoint
    """,
    "Patient": """
        active:boolean address*:Address birthDate:date communication*:PatientCommunication contact*:PatientContact
        deceased[x]:boolean,dateTime gender:code(male|female|other|unknown)
        generalPractitioner*:Reference(Organization|Practitioner|PractitionerRole) identifier*:Identifier
        link*:PatientLink managingOrganization:Reference(Organization) maritalStatus:CodeableConcept
        multipleBirth[x]:boolean,integer name*:HumanName photo*:Attachment telecom*:ContactPoint
    """,
    "PatientCommunication": """
        language!:CodeableConcept preferred:boolean
    """,
    "PatientContact": """
        address:Address gender:code(male|female|other|unknown) name:HumanName organization:Reference(Organization)
        period:Period relationship*:CodeableConcept telecom*:ContactPoint
    """,
    "PatientLink": """
        other!:Reference(Patient|RelatedPerson) type!:code(replaced-by|replaces|refer|seealso)
    """,
    "Period": """
        end:dateTime start:dateTime
    """,
    "Quantity": """
        code:code comparator:code(<|<=|>=|>) system:uri unit:string value:decimal
    """,
    "Range": """
        high:Quantity low:Quantity
    """,
    "Ratio": """
        denominator:Quantity numerator:Quantity
    """,
    "Reference": """
        display:string identifier:Identifier reference:string type:uri
    """,
}
