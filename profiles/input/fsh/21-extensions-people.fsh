// Extensions of people, covers, plans and payments.

Extension: Household
Id: household
Title: "Household number"
Description: "Number of the household that the person is registered with."
* insert Zh(户号, 人员所在户的编号。)
* insert Context(Patient)
* value[x] only string
* value[x] 1..1

Extension: HouseholdRelation
Id: household-relation
Title: "Relation to the head of the household"
Description: "As the police write it, or as a code of GB/T 4761."
* insert Zh(与户主关系, 公安部门登记的关系，或 GB/T 4761 代码。)
* insert Context(Patient)
* value[x] only string or code
* value[x] 1..1

Extension: PopulationStatusOf
Id: population-status
Title: "Population status"
Description: "What the police last reported of the person."
* insert Zh(人口状态, 公安部门最近报告的状态。)
* insert Context(Patient)
* value[x] only code
* value[x] 1..1
* valueCode from PopulationStatuses (required)

Extension: IdentityHeld
Id: identity
Title: "Identity that benefits depend on"
Description: "Once for each identity; without a period it always holds."
* insert Zh(待遇身份, 每种身份一条；无期间即一直有效。)
* insert Context(Patient)
* extension contains
    code 1..1 and
    period 0..1
* extension[code] ^short = "身份代码 / code of the identity"
* extension[code].value[x] only code
* extension[code].value[x] 1..1
* extension[code].valueCode from Identities (preferred)
* extension[period] ^short = "有效期间，含首末日 / days it holds, both included"
* extension[period].value[x] only Period
* extension[period].value[x] 1..1

Extension: CoverageFlagOf
Id: coverage-flag
Title: "Doubt about a cover"
Description: "Why a report of the police makes the cover doubtful."
* insert Zh(参保存疑标志, 使参保关系存疑的原因。)
* insert Context(Coverage)
* value[x] only code
* value[x] 1..1
* valueCode from CoverageFlags (required)

Extension: FlagSince
Id: flag-since
Title: "Day of the doubt"
Description: "The day from which the cover is doubtful."
* insert Zh(存疑日期, 参保关系自该日起存疑。)
* insert Context(Coverage)
* value[x] only date
* value[x] 1..1

Extension: InArrearsSince
Id: in-arrears-since
Title: "In arrears since"
Description: "The day from which the employer's contribution is overdue."
* insert Zh(欠费起始日, 单位缴费自该日起逾期。)
* insert Context(Coverage)
* value[x] only date
* value[x] 1..1

Extension: InForce
Id: in-force
Title: "In force"
Description: "The days on which a figure of a policy holds."
* insert Zh(生效期间, 政策数值的有效期间。)
* insert Context(InsurancePlan.plan.specificCost.benefit)
* value[x] only Period
* value[x] 1..1

Extension: SourceWords
Id: source
Title: "Cited words"
Description: "The words of the document a figure comes from."
* insert Zh(依据原文, 政策数值所依据的文件原文。)
* insert Context(InsurancePlan.plan.specificCost.benefit)
* value[x] only string
* value[x] 1..1

Extension: Reading
Id: reading
Title: "Reading of the words"
Description: "How the cited words are understood where they leave room."
* insert Zh(理解说明, 原文有余地时的理解。)
* insert Context(InsurancePlan.plan.specificCost.benefit)
* value[x] only string
* value[x] 1..1

Extension: SchemeOf
Id: scheme
Title: "Scheme of a remittance"
Description: "The scheme whose funds pay."
* insert Zh(险种, 支付款项的险种。)
* insert Context(PaymentReconciliation)
* value[x] only code
* value[x] 1..1
* valueCode from Schemes (required)

Extension: FundOf
Id: fund
Title: "Fund of a line"
Description: "The fund a line of a remittance belongs to; without it all of a settlement's."
* insert Zh(所属基金, 拨付明细所属的基金；无此项即该结算的全部基金。)
* insert Context(PaymentReconciliation.detail)
* value[x] only code
* value[x] 1..1
* valueCode from Funds (preferred)

Extension: PaymentReason
Id: payment-reason
Title: "Why a payment failed"
Description: "The bank's reason for rejecting or returning a payment."
* insert Zh(付款失败原因, 银行拒绝或退回的原因。)
* insert Context(PaymentNotice)
* value[x] only string
* value[x] 1..1

Extension: PayerCitizenId
Id: payer-citizen-id
Title: "Citizen ID of the payer"
Description: "For whom a contribution was paid."
* insert Zh(缴费人身份证号, 缴费所属人员的身份证号。)
* insert Context(PaymentNotice)
* value[x] only string
* value[x] 1..1

Extension: PayerName
Id: payer-name
Title: "Name of the payer"
Description: "As the bank tells it."
* insert Zh(缴费人姓名, 银行提供的姓名。)
* insert Context(PaymentNotice)
* value[x] only string
* value[x] 1..1

Extension: BenefitYear
Id: benefit-year
Title: "Benefit year"
Description: "The year a contribution is for, in four digits."
* insert Zh(待遇年度, 缴费所属年度，四位数字。)
* insert Context(PaymentNotice)
* value[x] only string
* value[x] 1..1
* obeys cn-ext-year

Extension: AccountCredited
Id: account
Title: "Account credited"
Description: "The account of the fund a contribution came in on."
* insert Zh(收款账户, 缴费到账的基金账户。)
* insert Context(PaymentNotice)
* value[x] only string
* value[x] 1..1

Extension: Remittance
Id: remittance
Title: "Remittance text"
Description: "What the payer wrote."
* insert Zh(附言, 付款人附言。)
* insert Context(PaymentNotice)
* value[x] only string
* value[x] 1..1

Extension: FileName
Id: file-name
Title: "Name of a file"
Description: "The name a file of details was sent under."
* insert Zh(文件名, 明细文件的名称。)
* insert Context(Binary)
* value[x] only string
* value[x] 1..1

Invariant: cn-ext-year
Description: "年度为四位数字 / a year has four digits"
Expression: "value.matches('^[0-9]{4}$')"
Severity: #error
