// What each user of the gateway may rely on, and what the gateway itself shall do. A running gateway says what it does
// at /fhir/metadata; a test compares the two.

RuleSet: Capability(name, kind)
* insert Published
* name = "{name}"
* kind = #{kind}
* fhirVersion = #4.0.1
* format[0] = #json

RuleSet: Of(type, profile)
* rest.resource[+].type = #{type}
* rest.resource[=].supportedProfile = "https://gateway.example/fhir/StructureDefinition/{profile}"

RuleSet: Does(code)
* rest.resource[=].interaction[+].code = #{code}

RuleSet: Reads
* insert Does(read)
* insert Does(vread)
* insert Does(search-type)

RuleSet: Writes
* insert Reads
* insert Does(create)
* insert Does(update)

RuleSet: By(name, type, definition)
* rest.resource[=].searchParam[+].name = "{name}"
* rest.resource[=].searchParam[=].type = #{type}
* rest.resource[=].searchParam[=].definition = "http://hl7.org/fhir/SearchParameter/{definition}"

RuleSet: Offers(name, definition)
* rest.resource[=].operation[+].name = "{name}"
* rest.resource[=].operation[=].definition = "https://gateway.example/fhir/OperationDefinition/{definition}"

Instance: server
InstanceOf: CapabilityStatement
Usage: #definition
* url = "https://gateway.example/fhir/CapabilityStatement/server"
* insert Capability(GatewayServer, requirements)
* title = "Gateway"
* description = "What every gateway does. The running one says at /fhir/metadata what it does besides."
* insert ZhOf(网关, 每个网关都提供的功能；运行中的网关在 /fhir/metadata 说明其全部功能。)
* rest.mode = #server
* rest.documentation = "不带令牌的请求一律拒绝；机构只能看到自己的费用。 / Nobody without a token is answered; an institution sees its own claims only."
* insert Of(Patient, cn-patient)
* insert Writes
* insert By(identifier, token, Patient-identifier)
* insert Of(Coverage, cn-coverage)
* insert Writes
* insert By(patient, reference, Coverage-patient)
* insert Of(Organization, cn-organization)
* insert Writes
* insert By(identifier, token, Organization-identifier)
* insert Of(Claim, cn-claim)
* insert Writes
* insert By(identifier, token, Claim-identifier)
* insert By(patient, reference, Claim-patient)
* insert Of(ClaimResponse, cn-claim-response)
* insert Reads
* insert By(identifier, token, ClaimResponse-identifier)
* insert By(patient, reference, ClaimResponse-patient)
* insert Offers(explain, ClaimResponse-explain)
* insert Offers(resettle, ClaimResponse-resettle)
* insert Of(InsurancePlan, cn-insurance-plan)
* insert Reads
* insert Of(CodeSystem, cn-catalogue)
* insert Reads
* insert Of(PaymentReconciliation, cn-payment-reconciliation)
* insert Reads
* insert By(requestor, reference, PaymentReconciliation-requestor)
* insert Of(PaymentNotice, cn-payment-notice)
* insert Reads
* insert By(provider, reference, PaymentNotice-provider)

Instance: clinic
InstanceOf: CapabilityStatement
Usage: #definition
* url = "https://gateway.example/fhir/CapabilityStatement/clinic"
* insert Capability(ClinicClient, requirements)
* title = "Clinic, hospital or pharmacy"
* description = "What the system of an institution does: it tries and settles claims, reads its settlements and remittances, looks up a person's cover and the catalogue."
* insert ZhOf(医药机构, 机构系统的功能：试算和结算，查询结算与拨付，查询参保关系和目录。)
* rest.mode = #client
* rest.documentation = "每笔费用一个 Idempotency-Key，超时后用同一键重发。 / One Idempotency-Key a claim; after a timeout it is sent again with the same key."
* insert Of(Claim, cn-claim)
* rest.resource[=].supportedProfile[+] = "https://gateway.example/fhir/StructureDefinition/cn-claim-outpatient"
* rest.resource[=].supportedProfile[+] = "https://gateway.example/fhir/StructureDefinition/cn-claim-inpatient"
* rest.resource[=].supportedProfile[+] = "https://gateway.example/fhir/StructureDefinition/cn-claim-pharmacy"
* rest.resource[=].supportedProfile[+] = "https://gateway.example/fhir/StructureDefinition/cn-claim-chronic"
* rest.resource[=].supportedProfile[+] = "https://gateway.example/fhir/StructureDefinition/cn-claim-predetermination"
* insert Offers(submit, Claim-submit)
* insert Of(ClaimResponse, cn-claim-response)
* insert Does(read)
* insert Does(search-type)
* insert Offers(explain, ClaimResponse-explain)
* insert Of(Patient, cn-patient)
* insert Does(search-type)
* insert Of(Coverage, cn-coverage)
* insert Does(search-type)
* insert Of(CodeSystem, cn-catalogue)
* insert Does(read)
* insert Of(PaymentReconciliation, cn-payment-reconciliation)
* insert Does(read)
* insert Does(search-type)
* insert Of(PaymentNotice, cn-payment-notice)
* insert Does(search-type)

Instance: bank
InstanceOf: CapabilityStatement
Usage: #definition
* url = "https://gateway.example/fhir/CapabilityStatement/bank"
* insert Capability(BankClient, requirements)
* title = "Bank"
* description = "A bank speaks its own messages (camt, pain, batch files) and not FHIR: contributions it announces become PaymentNotices, payments it executes change theirs. What it may look up over FHIR is the state of a payment."
* insert ZhOf(银行, 银行使用自己的报文（camt、pain、批量文件）；到账成为 PaymentNotice，付款结果更新其状态；通过 FHIR 只查询付款状态。)
* rest.mode = #client
* insert Of(PaymentNotice, cn-payment-notice)
* insert Does(read)
* insert Does(search-type)

Instance: agency
InstanceOf: CapabilityStatement
Usage: #definition
* url = "https://gateway.example/fhir/CapabilityStatement/agency"
* insert Capability(AgencyClient, requirements)
* title = "Insurance agency"
* description = "What the agency's own systems do: they keep people, covers and institutions, reimburse bills that were paid, have settlements decided again, and read everything."
* insert ZhOf(经办机构, 经办系统的功能：维护人员、参保关系和机构，零星报销，重新结算，查询全部数据。)
* rest.mode = #client
* insert Of(Patient, cn-patient)
* insert Writes
* insert Offers(resettle, Patient-resettle)
* insert Of(Coverage, cn-coverage)
* insert Writes
* insert Of(Organization, cn-organization)
* insert Writes
* insert Of(Claim, cn-claim-reimbursement)
* insert Reads
* insert Offers(submit, Claim-submit)
* insert Of(ClaimResponse, cn-claim-response)
* insert Reads
* insert Offers(resettle, ClaimResponse-resettle)
* insert Offers(explain, ClaimResponse-explain)
* insert Of(InsurancePlan, cn-insurance-plan)
* insert Reads
* insert Of(PaymentReconciliation, cn-payment-reconciliation)
* insert Reads
* insert Of(PaymentNotice, cn-payment-notice)
* insert Reads
