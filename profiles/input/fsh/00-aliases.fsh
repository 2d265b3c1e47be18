// Names used everywhere, and the rule sets that say things in both languages.

Alias: $citizen = https://gateway.example/fhir/sid/citizen-id
Alias: $institution = https://gateway.example/fhir/sid/institution
Alias: $visit = https://gateway.example/fhir/sid/visit
Alias: $settlement = https://gateway.example/fhir/sid/settlement
Alias: $adjudication = https://gateway.example/fhir/CodeSystem/adjudication
Alias: $claim-kind = https://gateway.example/fhir/CodeSystem/claim-kind
Alias: $scheme = https://gateway.example/fhir/CodeSystem/scheme
Alias: $level = https://gateway.example/fhir/CodeSystem/institution-level
Alias: $catalogue = https://gateway.example/fhir/CodeSystem/catalogue
Alias: $diagnosis = https://gateway.example/fhir/CodeSystem/diagnosis
Alias: $special-disease = https://gateway.example/fhir/CodeSystem/special-disease
Alias: $item-class = https://gateway.example/fhir/CodeSystem/item-class
Alias: $charge = https://gateway.example/fhir/CodeSystem/charge
Alias: $population-status = https://gateway.example/fhir/CodeSystem/population-status
Alias: $coverage-flag = https://gateway.example/fhir/CodeSystem/coverage-flag
Alias: $payment-line = https://gateway.example/fhir/CodeSystem/payment-line
Alias: $payment-status = https://gateway.example/fhir/CodeSystem/payment-status
Alias: $claim-type = http://terminology.hl7.org/CodeSystem/claim-type
Alias: $coverage-class = http://terminology.hl7.org/CodeSystem/coverage-class
Alias: $act-code = http://terminology.hl7.org/CodeSystem/v3-ActCode
Alias: $financial-task = http://terminology.hl7.org/CodeSystem/financialtaskcode
Alias: $task-code = https://gateway.example/fhir/CodeSystem/task-code
Alias: $dcm = http://dicom.nema.org/resources/ontology/DCM

// Title and description in Chinese beside the English ones, as R4's extension `translation`.
RuleSet: Zh(title, description)
* ^title.extension[0].url = "http://hl7.org/fhir/StructureDefinition/translation"
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "{title}"
* ^description.extension[0].url = "http://hl7.org/fhir/StructureDefinition/translation"
* ^description.extension[0].extension[0].url = "lang"
* ^description.extension[0].extension[0].valueCode = #zh-CN
* ^description.extension[0].extension[1].url = "content"
* ^description.extension[0].extension[1].valueString = "{description}"

// The same for definitions that are written as instances.
RuleSet: ZhOf(title, description)
* title.extension[0].url = "http://hl7.org/fhir/StructureDefinition/translation"
* title.extension[0].extension[0].url = "lang"
* title.extension[0].extension[0].valueCode = #zh-CN
* title.extension[0].extension[1].url = "content"
* title.extension[0].extension[1].valueString = "{title}"
* description.extension[0].url = "http://hl7.org/fhir/StructureDefinition/translation"
* description.extension[0].extension[0].url = "lang"
* description.extension[0].extension[0].valueCode = #zh-CN
* description.extension[0].extension[1].url = "content"
* description.extension[0].extension[1].valueString = "{description}"

// A description alone, for definitions of types without a title.
RuleSet: ZhOfDescription(description)
* description.extension[0].url = "http://hl7.org/fhir/StructureDefinition/translation"
* description.extension[0].extension[0].url = "lang"
* description.extension[0].extension[0].valueCode = #zh-CN
* description.extension[0].extension[1].url = "content"
* description.extension[0].extension[1].valueString = "{description}"

RuleSet: Published
* status = #active
* experimental = false
* version = "0.1.0"
* publisher = "Medical-insurance gateway"
* date = "2026-11-01"

// One concept: Chinese display, English designation.
RuleSet: C(code, zh, en)
* #{code} "{zh}"
* #{code} ^designation[0].language = #en
* #{code} ^designation[0].value = "{en}"

// A code system of ours: every code in it, displays in Chinese.
RuleSet: Complete
* ^language = #zh-CN
* ^caseSensitive = true
* ^content = #complete
* ^experimental = false

// A code system whose codes are published by others, or by an area's policy and catalogue.
RuleSet: Elsewhere
* ^language = #zh-CN
* ^caseSensitive = true
* ^content = #not-present
* ^experimental = false

RuleSet: Yuan(path)
* {path}.value 1..1
* {path}.currency 1..1
* {path}.currency = #CNY

RuleSet: Context(where)
* ^context[+].type = #element
* ^context[=].expression = "{where}"
