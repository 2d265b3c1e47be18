// People, covers, institutions and visits.

Invariant: cn-citizen-id
Description: "公民身份号码为18位（末位可为X）或15位 / a citizen ID has 18 characters, the last may be X, or 15 digits"
Expression: "value.matches('^([1-9][0-9]{16}[0-9Xx]|[1-9][0-9]{14})$')"
Severity: #error

Invariant: cn-patient-one-id
Description: "有效的公民身份号码至多一个，其余标为 old / at most one citizen ID is in use, the others are old"
Expression: "identifier.where(system = 'https://gateway.example/fhir/sid/citizen-id' and (use.empty() or use != 'old')).count() <= 1"
Severity: #error

Invariant: cn-patient-days
Description: "死亡日期不早于出生日期 / nobody dies before being born"
Expression: "birthDate.empty() or deceased.ofType(dateTime).empty() or birthDate.toString() <= deceased.ofType(dateTime).toString()"
Severity: #error

Invariant: cn-complete-day
Description: "日期须精确到日 / a complete day is needed"
Expression: "$this.toString().length() >= 10"
Severity: #error

Profile: CnPatient
Parent: Patient
Id: cn-patient
Title: "Insured person"
Description: "A person as police and agency know them. A replaced citizen ID stays with use old."
* insert Zh(参保人, 公安和经办机构所知的人员；变更前的身份证号以 old 保留。)
* obeys cn-patient-one-id and cn-patient-days
* extension contains
    Household named household 0..1 and
    HouseholdRelation named householdRelation 0..1 and
    PopulationStatusOf named populationStatus 0..1 and
    IdentityHeld named identity 0..*
* identifier ^slicing.discriminator.type = #value
* identifier ^slicing.discriminator.path = "system"
* identifier ^slicing.rules = #open
* identifier contains citizenId 0..*
* identifier[citizenId] ^short = "公民身份号码 / citizen ID"
* identifier[citizenId] obeys cn-citizen-id
* identifier[citizenId].system 1..1
* identifier[citizenId].system = $citizen
* identifier[citizenId].value 1..1
* identifier[citizenId].period ^short = "变更前号码的截止日 / end of a replaced number"
* name ^short = "姓名，写在 text / the name, as text"
* gender ^short = "性别 / sex"
* birthDate obeys cn-complete-day
* birthDate ^short = "出生日期 / day of birth"
* deceased[x] only dateTime
* deceased[x] ^short = "死亡日期 / day of death"
* deceased[x] obeys cn-complete-day
* address ^short = "住址，写在 text / address, as text"

Profile: CnCoverage
Parent: Coverage
Id: cn-coverage
Title: "Cover"
Description: "A spell of cover of one person in one scheme, as the agency of an area grants it. Without a last day it is open."
* insert Zh(参保关系, 一人在一个险种的一段参保关系，由当地经办机构确认；无截止日即长期有效。)
* extension contains
    CoverageFlagOf named flag 0..1 and
    FlagSince named flagSince 0..1 and
    InArrearsSince named inArrearsSince 0..1
* status from CoverageStatuses (required)
* status ^short = "active 有效；cancelled 终止 / active or cancelled"
* type 1..1
* type from Schemes (required)
* type ^short = "险种 / scheme"
* beneficiary only Reference(CnPatient)
* beneficiary.reference 1..1
* beneficiary ^short = "参保人 / insured person"
* period 1..1
* period.start 1..1
* period.start obeys cn-complete-day
* period.end obeys cn-complete-day
* payor ^short = "经办机构 Organization/agency-区划 / agency of the area"
* class ^slicing.discriminator.type = #value
* class ^slicing.discriminator.path = "type"
* class ^slicing.rules = #open
* class contains
    group 0..1 and
    plan 0..1
* class[group].type = $coverage-class#group
* class[group].value ^short = "人员类别 / category"
* class[plan].type = $coverage-class#plan
* class[plan].value ^short = "政策编号 / id of the policy"

Invariant: cn-institution-code
Description: "机构编码为 H 或 P 加十一位数字 / an institution code is H or P and eleven digits"
Expression: "value.matches('^[HP][1-9][0-9]{10}$')"
Severity: #error

Invariant: cn-organization-known
Description: "机构有机构编码，经办机构的 id 为 agency-区划 / an institution has its code, an agency the id agency-<area>"
Expression: "id.empty() or id.matches('^agency-[1-9][0-9]{5}$') or identifier.where(system = 'https://gateway.example/fhir/sid/institution').exists()"
Severity: #error

Profile: CnOrganization
Parent: Organization
Id: cn-organization
Title: "Institution or agency"
Description: "A hospital, centre or pharmacy by its national code, or the agency of an area."
* insert Zh(机构, 以国家编码标识的医院、中心、药店，或当地经办机构。)
* obeys cn-organization-known
* identifier ^slicing.discriminator.type = #value
* identifier ^slicing.discriminator.path = "system"
* identifier ^slicing.rules = #open
* identifier contains institution 0..1
* identifier[institution] obeys cn-institution-code
* identifier[institution].system 1..1
* identifier[institution].system = $institution
* identifier[institution].value 1..1
* identifier[institution] ^short = "定点医药机构编码 / institution code"
* type from InstitutionLevels (preferred)
* type ^short = "机构等级 / level in the area's policy"
* name 1..1
* name ^short = "机构名称 / name"

Profile: CnLocation
Parent: Location
Id: cn-location
Title: "Site of an institution"
Description: "A place where an institution treats people: a branch, an outpatient building. It bears the code of its institution."
* insert Zh(机构地点, 机构的诊疗地点，如分院、门诊部，使用所属机构的编码。)
* identifier ^slicing.discriminator.type = #value
* identifier ^slicing.discriminator.path = "system"
* identifier ^slicing.rules = #open
* identifier contains institution 1..1
* identifier[institution] obeys cn-institution-code
* identifier[institution].system 1..1
* identifier[institution].system = $institution
* identifier[institution].value 1..1
* status 1..1
* name 1..1
* managingOrganization 1..1
* managingOrganization only Reference(CnOrganization)

Profile: CnEncounter
Parent: Encounter
Id: cn-encounter
Title: "Visit"
Description: "A visit or stay that was opened over the NHSA interface, from registration or admission to discharge."
* insert Zh(就诊, 通过医保接口登记的就诊或住院，自挂号或入院至结束。)
* identifier ^slicing.discriminator.type = #value
* identifier ^slicing.discriminator.path = "system"
* identifier ^slicing.rules = #open
* identifier contains visit 0..1
* identifier[visit].system 1..1
* identifier[visit].system = $visit
* identifier[visit].value 1..1
* identifier[visit] ^short = "住院/门诊号 / visit number of the institution"
* status from VisitStatuses (required)
* class from VisitClasses (required)
* type from ClaimKinds (required)
* type ^short = "结算类别 / kind of claim"
* subject only Reference(CnPatient)
* reasonCode ^short = "诊断（主诊断在前）及慢特病种 / diagnoses, the main one first, and the special disease"
* serviceProvider only Reference(CnOrganization)
