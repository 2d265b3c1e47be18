// Operations: R4's own as they behave here, and ours.

RuleSet: Operation(code, name)
* insert Published
* kind = #operation
* code = #{code}
* name = "{name}"

RuleSet: Levels(system, type, instance)
* system = {system}
* type = {type}
* instance = {instance}

RuleSet: Input(name, min, max, type, text)
* parameter[+].name = #{name}
* parameter[=].use = #in
* parameter[=].min = {min}
* parameter[=].max = "{max}"
* parameter[=].type = #{type}
* parameter[=].documentation = "{text}"

RuleSet: Output(name, min, max, type, text)
* parameter[+].name = #{name}
* parameter[=].use = #out
* parameter[=].min = {min}
* parameter[=].max = "{max}"
* parameter[=].type = #{type}
* parameter[=].documentation = "{text}"

RuleSet: Part(name, min, max, type, text)
* parameter[=].part[+].name = #{name}
* parameter[=].part[=].use = #out
* parameter[=].part[=].min = {min}
* parameter[=].part[=].max = "{max}"
* parameter[=].part[=].type = #{type}
* parameter[=].part[=].documentation = "{text}"

Instance: Claim-submit
InstanceOf: OperationDefinition
Usage: #definition
* url = "https://gateway.example/fhir/OperationDefinition/Claim-submit"
* insert Operation(submit, SubmitClaim)
* title = "Settle or try a claim"
* description = "Takes a Claim, or a Bundle whose first entry is one, and answers with the ClaimResponse. The message key is the header Idempotency-Key, else visit and bill number together: the same key with the same claim gets the stored answer byte for byte, with another claim 409. use = predetermination tries: the same figures, nothing kept."
* insert ZhOf(结算或试算, 提交费用（或首条为费用的 Bundle），返回结算结果。报文键为 Idempotency-Key，否则为就诊号加收费批次号：同键同内容返回原结果，同键不同内容为 409。use 为 predetermination 时试算，不保存。)
* base = "http://hl7.org/fhir/OperationDefinition/Claim-submit"
* affectsState = true
* resource = #Claim
* insert Levels(false, true, false)
* insert Input(resource, 1, 1, Resource, 费用或 Bundle / a Claim or a Bundle of which it is the first entry)
* insert Output(return, 1, 1, ClaimResponse, 结算结果 / the settlement)

Instance: Patient-resettle
InstanceOf: OperationDefinition
Usage: #definition
* url = "https://gateway.example/fhir/OperationDefinition/Patient-resettle"
* insert Operation(resettle, ResettlePatient)
* title = "Decide a person's year again"
* description = "Every settlement in force of the person in a benefit year is decided again in its order under the facts of now. What changes gets a ClaimResponse that replaces the one before; the difference is booked. By the agency only."
* insert ZhOf(重新结算全年, 按现有信息依次重新结算该人年度内全部有效结算，变动者生成新的结算结果并入账差额；仅限经办机构。)
* affectsState = true
* resource = #Patient
* insert Levels(false, false, true)
* insert Input(year, 0, 1, string, 待遇年度，默认当年 / the benefit year; the current one by default)
* insert Output(replaced, 0, *, Element, 被替代的结算 / each settlement that was replaced)
* insert Part(settlement, 1, 1, Reference, 原结算 / the settlement)
* insert Part(by, 1, 1, Reference, 新结算 / what stands in its place)
* insert Part(fund-difference, 1, 1, Money, 基金差额 / what the funds pay more)
* insert Part(person-difference, 1, 1, Money, 个人差额 / what the person pays more)
* insert Output(fund-difference, 1, 1, Money, 基金差额合计 / sum for the funds)
* insert Output(person-difference, 1, 1, Money, 个人差额合计 / sum for the person)

Instance: ClaimResponse-resettle
InstanceOf: OperationDefinition
Usage: #definition
* url = "https://gateway.example/fhir/OperationDefinition/ClaimResponse-resettle"
* insert Operation(resettle, ResettleClaimResponse)
* title = "Decide a settlement and later ones again"
* description = "With a Claim: corrects the settlement. Without: decides it again under the facts of now. Later settlements of the person, scheme and year follow. By the agency only."
* insert ZhOf(重新结算, 附费用则更正该结算，不附则按现有信息重新结算；其后同年度结算随之重算；仅限经办机构。)
* affectsState = true
* resource = #ClaimResponse
* insert Levels(false, false, true)
* insert Input(resource, 0, 1, Resource, 更正后的费用 / the corrected Claim)
* insert Output(replaced, 0, *, Element, 被替代的结算 / each settlement that was replaced)
* insert Part(settlement, 1, 1, Reference, 原结算 / the settlement)
* insert Part(by, 1, 1, Reference, 新结算 / what stands in its place)
* insert Part(fund-difference, 1, 1, Money, 基金差额 / what the funds pay more)
* insert Part(person-difference, 1, 1, Money, 个人差额 / what the person pays more)
* insert Output(fund-difference, 1, 1, Money, 基金差额合计 / sum for the funds)
* insert Output(person-difference, 1, 1, Money, 个人差额合计 / sum for the person)

Instance: ClaimResponse-explain
InstanceOf: OperationDefinition
Usage: #definition
* url = "https://gateway.example/fhir/OperationDefinition/ClaimResponse-explain"
* insert Operation(explain, ExplainClaimResponse)
* title = "Explain a settlement"
* description = "Every fen of a settlement by rule and source, as JSON or as a page to print (_format json or html). GET only."
* insert ZhOf(结算说明, 逐分说明结算金额的规则和依据，JSON 或可打印页面。)
* affectsState = false
* resource = #ClaimResponse
* insert Levels(false, false, true)
* insert Output(return, 1, 1, Binary, 说明 / the explanation)

Instance: ClaimResponse-eob
InstanceOf: OperationDefinition
Usage: #definition
* url = "https://gateway.example/fhir/OperationDefinition/ClaimResponse-eob"
* insert Operation(eob, ClaimResponseAsEob)
* title = "Settlement as ExplanationOfBenefit"
* description = "The settlement as an ExplanationOfBenefit of the CARIN guide, with every loss of the conversion in an OperationOutcome."
* insert ZhOf(转为 ExplanationOfBenefit, 将结算结果转为 CARIN 的 ExplanationOfBenefit，并列出转换中的损失。)
* affectsState = false
* resource = #ClaimResponse
* insert Levels(false, false, true)
* insert Output(return, 1, 1, ExplanationOfBenefit, 费用说明 / the explanation of benefit)
* insert Output(outcome, 0, 1, OperationOutcome, 转换损失 / what the conversion lost)

Instance: Resource-validate
InstanceOf: OperationDefinition
Usage: #definition
* url = "https://gateway.example/fhir/OperationDefinition/Resource-validate"
* insert Operation(validate, ValidateResource)
* title = "Validate a resource"
* description = "Checks a resource against R4, this guide and the profile that is named. Nothing is kept."
* insert ZhOf(校验资源, 按 R4、本指南和所指规范校验资源，不保存。)
* base = "http://hl7.org/fhir/OperationDefinition/Resource-validate"
* affectsState = false
* resource = #Resource
* insert Levels(false, true, true)
* insert Input(resource, 0, 1, Resource, 待校验资源 / the resource)
* insert Input(mode, 0, 1, code, create、update、delete 或 profile / what is intended)
* insert Input(profile, 0, 1, uri, 规范地址 / the profile to check against)
* insert Output(return, 1, 1, OperationOutcome, 全部问题 / every issue)
