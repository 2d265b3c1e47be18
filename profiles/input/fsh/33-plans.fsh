// What is covered, and by which agreement.

Profile: CnInsurancePlan
Parent: InsurancePlan
Id: cn-insurance-plan
Title: "Policy of an area"
Description: "A policy as it is published: benefits by kind of claim, their steps, and every figure by day with the words it comes from. Written by the gateway only."
* insert Zh(地方政策, 公布的政策：各类待遇、计算步骤，以及按生效日列出并注明原文的数值；仅由网关生成。)
* identifier ^slicing.discriminator.type = #value
* identifier ^slicing.discriminator.path = "system"
* identifier ^slicing.rules = #open
* identifier contains
    policy 1..1 and
    version 1..1
* identifier[policy].system = "https://gateway.example/fhir/sid/policy"
* identifier[policy].system 1..1
* identifier[policy].value 1..1
* identifier[policy] ^short = "政策编号 / id of the policy"
* identifier[version].system = "https://gateway.example/fhir/sid/policy-version"
* identifier[version].system 1..1
* identifier[version].value 1..1
* identifier[version] ^short = "内容散列 / hash of the content"
* status 1..1
* type 1..1
* type from Schemes (required)
* name 1..1
* period 1..1
* ownedBy 1..1
* ownedBy obeys cn-ref-agency
* administeredBy 1..1
* administeredBy obeys cn-ref-agency
* coverage ^short = "待遇及适用类别 / benefits and the kinds of claim they are for"
* plan ^short = "待遇步骤与数值 / steps of each benefit, and figures by day"
* plan.specificCost.benefit.extension contains
    InForce named inForce 0..1 and
    SourceWords named source 0..1 and
    Reading named reading 0..1

Profile: CnContract
Parent: Contract
Id: cn-contract
Title: "Agreement with an institution"
Description: "The yearly agreement of the agency with a designated institution."
* insert Zh(定点服务协议, 经办机构与定点医药机构的年度协议。)
* identifier 1..*
* identifier.system 1..1
* identifier.value 1..1
* status 1..1
* applies 1..1
* applies.start 1..1
* subject 1..*
* subject only Reference(CnOrganization)
* authority 1..1
* authority only Reference(CnOrganization)
* authority obeys cn-ref-agency
* title 1..1
* scope ^short = "协议范围 / what the agreement is about"

Profile: CnCatalogue
Parent: CodeSystem
Id: cn-catalogue
Title: "Catalogue in force"
Description: "The catalogue as it is published: each code with class, first payment, unit and price ceilings. Written by the gateway only."
* insert Zh(现行医保目录, 公布的目录：每个编码的类别、先行自付比例、计价单位和限价；仅由网关生成。)
* url 1..1
* url = $catalogue
* version 1..1
* caseSensitive 1..1
* caseSensitive = true
* content = #complete
* count 1..1
* concept 1..*
* concept.display 1..1
* concept.property 1..*
