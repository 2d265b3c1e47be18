// Claims: what an institution, a pharmacy or the agency sends, and what is stored of it.

Invariant: cn-claim-total
Description: "总额等于各明细金额之和 / the total is the sum of the lines"
Expression: "total.empty() or item.empty() or total.value = item.net.value.aggregate($this + $total, 0)"
Severity: #error

Invariant: cn-claim-complete
Description: "非草稿费用须有明细和总额 / a claim that is no draft has lines and a total"
Expression: "status = 'draft' or (item.exists() and total.exists())"
Severity: #error

Invariant: cn-claim-visit
Description: "结算须有就诊号 / to settle, a claim has the visit number"
Expression: "status != 'active' or use != 'claim' or identifier.where(system = 'https://gateway.example/fhir/sid/visit').exists()"
Severity: #error

Invariant: cn-claim-bill
Description: "除住院类外，结算须有收费批次号 / to settle anything but a stay, a claim has the bill number"
Expression: "status != 'active' or use != 'claim' or subType.coding.code.intersect('inpatient' | 'maternity' | 'day_surgery').exists() or identifier.where(system = 'https://gateway.example/fhir/sid/bill').exists()"
Severity: #error

Invariant: cn-claim-numbers
Description: "就诊号和收费批次号各至多一个，且不超过64个字符 / at most one visit and one bill number, of at most 64 characters"
Expression: "identifier.where(system = 'https://gateway.example/fhir/sid/visit' and (use.empty() or use != 'old')).count() <= 1 and identifier.where(system = 'https://gateway.example/fhir/sid/bill' and (use.empty() or use != 'old')).count() <= 1 and identifier.where(system = 'https://gateway.example/fhir/sid/visit' or system = 'https://gateway.example/fhir/sid/bill').all(value.length() <= 64)"
Severity: #error

Invariant: cn-claim-focal
Description: "有且仅有一个 focal 为 true 的保险 / exactly one insurance is focal"
Expression: "insurance.where(focal = true).count() = 1"
Severity: #error

Invariant: cn-claim-sequences
Description: "明细、诊断、保险和附加信息的序号各不重复 / sequences of lines, diagnoses, insurances and supporting information are each used once"
Expression: "item.sequence.isDistinct() and diagnosis.sequence.isDistinct() and insurance.sequence.isDistinct() and supportingInfo.sequence.isDistinct()"
Severity: #error

Invariant: cn-claim-line
Description: "明细金额等于单价乘数量，四舍五入到分 / a line's net is price times quantity, rounded half up to the fen"
Expression: "(unitPrice.value * quantity.value).round(2) = net.value"
Severity: #error

Invariant: cn-claim-factor
Description: "不支持系数，请计入单价 / a factor other than 1 is not settled: put it into the unit price"
Expression: "factor.empty() or factor = 1"
Severity: #error

Invariant: cn-claim-quantity
Description: "数量大于零，至多四位小数 / the quantity is above zero with at most four decimals"
Expression: "value > 0 and value.round(4) = value"
Severity: #error

Invariant: cn-money-fen
Description: "金额不为负，至多两位小数 / the amount is not negative and has at most two decimals"
Expression: "value >= 0 and value.round(2) = value"
Severity: #error

Invariant: cn-money-price
Description: "单价不为负，至多六位小数 / the unit price is not negative and has at most six decimals"
Expression: "value >= 0 and value.round(6) = value"
Severity: #error

Invariant: cn-ref-patient
Description: "以引用或身份证号指明参保人 / the person is named by reference or by citizen ID"
Expression: "reference.exists() or identifier.where(system = 'https://gateway.example/fhir/sid/citizen-id' and value.matches('^([0-9]{17}[0-9Xx]|[0-9]{15})$')).exists()"
Severity: #error

Invariant: cn-ref-institution
Description: "以引用或机构编码（H 或 P 加十一位数字）指明机构 / the institution is named by reference or code: H or P and eleven digits"
Expression: "(reference.exists() and reference.matches('(^|/)Organization/[HP][1-9][0-9]{10}$')) or identifier.where(system = 'https://gateway.example/fhir/sid/institution' and value.matches('^[HP][1-9][0-9]{10}$')).exists()"
Severity: #error

Invariant: cn-ref-agency
Description: "经办机构为 Organization/agency-区划 / the agency is Organization/agency-<area>"
Expression: "reference.exists() and reference.matches('(^|/)Organization/agency-[1-9][0-9]{5}$')"
Severity: #error

Invariant: cn-claim-disease
Description: "门慢特附加信息须有病种编码，且至多一个 / supporting information of a special disease has its code, once"
Expression: "supportingInfo.where(category.coding.code = 'special-disease').count() <= 1 and supportingInfo.where(category.coding.code = 'special-disease').all(code.coding.where(system = 'https://gateway.example/fhir/CodeSystem/special-disease' and code.exists()).exists())"
Severity: #error

Profile: CnClaim
Parent: Claim
Id: cn-claim
Title: "Claim"
Description: "A bill to be settled or tried, and as it is stored. The profiles of each kind of claim derive from this one."
* insert Zh(费用, 待结算或试算的一笔费用及其存储形式；各类费用的规范由此派生。)
* obeys cn-claim-total and cn-claim-complete and cn-claim-visit and cn-claim-bill and cn-claim-numbers and cn-claim-focal and cn-claim-sequences and cn-claim-disease
* extension contains
    Visit named visit 0..1 and
    StatedSplit named statedSplit 0..1 and
    Resettle named resettle 0..1
* identifier ^short = "就诊号 sid/visit、收费批次号 sid/bill / visit number, bill number"
* status from ClaimStatuses (required)
* status ^short = "active 结算或试算；draft 草稿 / active to settle or try, draft while it is written"
* type from ClaimTypes (required)
* type ^short = "理赔类型 / institutional, professional or pharmacy"
* subType 1..1
* subType from ClaimKinds (required)
* subType ^short = "结算类别 / kind of claim"
* use ^short = "claim 结算；predetermination 试算；preauthorization 预授权 / settle, try or ask beforehand"
* patient obeys cn-ref-patient
* patient ^short = "参保人 / insured person"
* billablePeriod ^short = "就诊起止日，含首末日；末日决定适用政策 / first and last day; the last decides which policy holds"
* created ^short = "开单日期，不得晚于当日 / a day or instant, not in the future"
* insurer obeys cn-ref-agency
* insurer ^short = "经办机构 / agency of the area"
* provider obeys cn-ref-institution
* provider ^short = "定点医药机构 / institution"
* insurance ^short = "参保关系；可只写名称，由网关查找 / the cover; a display text will do, the gateway finds it"
* diagnosis.diagnosis[x] only CodeableConcept
* diagnosis.diagnosis[x] ^short = "诊断 / ICD-10 医保版; the main one first by sequence"
* diagnosis.diagnosisCodeableConcept.coding ^slicing.discriminator.type = #value
* diagnosis.diagnosisCodeableConcept.coding ^slicing.discriminator.path = "system"
* diagnosis.diagnosisCodeableConcept.coding ^slicing.rules = #open
* diagnosis.diagnosisCodeableConcept.coding contains icd 1..1
* diagnosis.diagnosisCodeableConcept.coding[icd].system 1..1
* diagnosis.diagnosisCodeableConcept.coding[icd].system = $diagnosis
* diagnosis.diagnosisCodeableConcept.coding[icd].code 1..1
* supportingInfo.category from SupportingInfos (example)
* supportingInfo ^short = "附加信息：门慢特病种、未经审批、未备案、第三方责任 / special disease, or a flag with valueBoolean true"
* item 0..2000
* item ^short = "费用明细 / lines of the bill"
* item obeys cn-claim-line and cn-claim-factor
* item.extension contains
    LineNumber named lineNumber 0..1 and
    RefundedLine named refundedLine 0..1
* item.productOrService.coding ^slicing.discriminator.type = #value
* item.productOrService.coding ^slicing.discriminator.path = "system"
* item.productOrService.coding ^slicing.rules = #open
* item.productOrService.coding contains national 1..1
* item.productOrService.coding[national].system 1..1
* item.productOrService.coding[national].system = $catalogue
* item.productOrService.coding[national].code 1..1
* item.productOrService ^short = "国家目录编码；目录外为全自费 / national item code; outside the catalogue it is own expense"
* item.quantity 1..1
* item.quantity.value 1..1
* item.quantity obeys cn-claim-quantity
* item.unitPrice 1..1
* insert Yuan(item.unitPrice)
* item.unitPrice obeys cn-money-price
* item.net 1..1
* insert Yuan(item.net)
* item.net obeys cn-money-fen
* item.detail 0..0
* insert Yuan(total)
* total obeys cn-money-fen
* total ^short = "总费用 / the sum of the lines"

Profile: CnClaimOutpatient
Parent: CnClaim
Id: cn-claim-outpatient
Title: "Outpatient claim"
Description: "An outpatient or emergency bill: settled once for each visit and bill."
* insert Zh(门诊费用, 普通门诊或急诊费用：每次就诊每个收费批次结算一次。)
* subType from OutpatientKinds (required)

Invariant: cn-claim-period
Description: "住院类费用结算时须有起止日期 / a stay that is settled has its first and last day"
Expression: "status != 'active' or (billablePeriod.start.exists() and billablePeriod.end.exists())"
Severity: #error

Profile: CnClaimInpatient
Parent: CnClaim
Id: cn-claim-inpatient
Title: "Inpatient claim"
Description: "A stay, a delivery or day surgery: settled once for each visit, after discharge."
* insert Zh(住院费用, 住院、生育住院或日间手术费用：每次就诊结算一次。)
* obeys cn-claim-period
* subType from InpatientKinds (required)
* diagnosis 1..*

Profile: CnClaimPharmacy
Parent: CnClaim
Id: cn-claim-pharmacy
Title: "Pharmacy claim"
Description: "A purchase at a designated pharmacy."
* insert Zh(药店购药费用, 定点零售药店购药费用。)
* subType = $claim-kind#pharmacy

Invariant: cn-claim-chronic
Description: "慢特病费用结算时须注明病种 / a claim of a chronic disease that is settled names the disease"
Expression: "status != 'active' or subType.coding.where(code = 'chronic').empty() or supportingInfo.where(category.coding.code = 'special-disease').exists()"
Severity: #error

Profile: CnClaimChronic
Parent: CnClaim
Id: cn-claim-chronic
Title: "Chronic-disease claim"
Description: "Outpatient care of a listed chronic or special disease, or a special drug."
* insert Zh(门诊慢特病费用, 门诊慢特病或特殊药品费用。)
* obeys cn-claim-chronic
* subType from ChronicKinds (required)

Profile: CnClaimReimbursement
Parent: CnClaim
Id: cn-claim-reimbursement
Title: "Reimbursement claim"
Description: "A bill that the person has paid and that the agency settles afterwards. Payee and receipts are kept with the claim; the figures are those of any claim."
* insert Zh(零星报销费用, 个人已垫付、由经办机构事后报销的费用；收款人和票据随费用保存，计算与一般结算相同。)
* use = #claim
* payee 1..1
* payee.type.coding 1..*
* payee ^short = "收款人 / who is paid back"
* supportingInfo ^slicing.discriminator.type = #value
* supportingInfo ^slicing.discriminator.path = "category"
* supportingInfo ^slicing.rules = #open
* supportingInfo contains receipt 1..*
* supportingInfo[receipt].category = SupportingInfo#receipt
* supportingInfo[receipt].value[x] 1..1
* supportingInfo[receipt] ^short = "票据号或票据影像 / number or image of the receipt"

Profile: CnClaimPredetermination
Parent: CnClaim
Id: cn-claim-predetermination
Title: "Trial claim"
Description: "A trial: the figures of a settlement, nothing kept, no id."
* insert Zh(试算费用, 试算：给出与结算相同的金额，不保存，无结算编号。)
* status = #active
* use = #predetermination

Profile: CnClaimPreauthorization
Parent: CnClaim
Id: cn-claim-preauthorization
Title: "Preauthorization claim"
Description: "Care that is asked for beforehand. It is answered with the figures of a trial; it fixes nothing."
* insert Zh(预授权费用, 事先申请的费用：按试算答复，不作承诺。)
* status = #active
* use = #preauthorization
* insurer 1..1
