// Search parameters beyond R4's. `metadata` lists those a server offers.

RuleSet: Search(code, name, type, base)
* insert Published
* url = "https://gateway.example/fhir/SearchParameter/{base}-{code}"
* name = "{name}"
* code = #{code}
* base = #{base}
* type = #{type}
* xpathUsage = #normal

Instance: Claim-claim-kind
InstanceOf: SearchParameter
Usage: #definition
* insert Search(claim-kind, ClaimByKind, token, Claim)
* expression = "Claim.subType"
* description = "Claims of a kind"
* insert ZhOfDescription(按结算类别查询费用)

Instance: ClaimResponse-claim-kind
InstanceOf: SearchParameter
Usage: #definition
* insert Search(claim-kind, ClaimResponseByKind, token, ClaimResponse)
* expression = "ClaimResponse.subType"
* description = "Settlements of a kind"
* insert ZhOfDescription(按结算类别查询结算)

Instance: ClaimResponse-cancels
InstanceOf: SearchParameter
Usage: #definition
* insert Search(cancels, ClaimResponseCancels, reference, ClaimResponse)
* expression = "ClaimResponse.extension.where(url = 'https://gateway.example/fhir/StructureDefinition/cancels').value"
* target = #ClaimResponse
* description = "The cancellation of a settlement"
* insert ZhOfDescription(查询某结算的撤销)

Instance: Patient-household
InstanceOf: SearchParameter
Usage: #definition
* insert Search(household, PatientHousehold, string, Patient)
* expression = "Patient.extension.where(url = 'https://gateway.example/fhir/StructureDefinition/household').value"
* description = "People of a household"
* insert ZhOfDescription(按户号查询人员)

Instance: Coverage-scheme
InstanceOf: SearchParameter
Usage: #definition
* insert Search(scheme, CoverageScheme, token, Coverage)
* expression = "Coverage.type"
* description = "Covers of a scheme"
* insert ZhOfDescription(按险种查询参保关系)
