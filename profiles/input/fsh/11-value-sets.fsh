// Value sets that elements are bound to.

RuleSet: AllOf(system)
* include codes from system {system}
* ^experimental = false

ValueSet: ClaimKinds
Id: claim-kind
Title: "Kinds of claim"
Description: "Every kind of claim."
* insert Zh(全部结算类别, 所有结算类别。)
* insert AllOf($claim-kind)

ValueSet: OutpatientKinds
Id: claim-kind-outpatient
Title: "Outpatient kinds"
Description: "Kinds of claim without admission, but for chronic diseases and pharmacies."
* insert Zh(门诊结算类别, 普通门诊和急诊。)
* ^experimental = false
* $claim-kind#outpatient
* $claim-kind#emergency

ValueSet: InpatientKinds
Id: claim-kind-inpatient
Title: "Kinds with an admission"
Description: "Kinds of claim for a stay: one visit, one settlement."
* insert Zh(住院类结算类别, 有入院过程的类别：一次就诊结算一次。)
* ^experimental = false
* $claim-kind#inpatient
* $claim-kind#maternity
* $claim-kind#day_surgery

ValueSet: ChronicKinds
Id: claim-kind-chronic
Title: "Chronic and special-drug kinds"
Description: "Outpatient care of listed diseases, and special drugs."
* insert Zh(慢特病结算类别, 门诊慢特病和特殊药品。)
* ^experimental = false
* $claim-kind#chronic
* $claim-kind#special_drug

ValueSet: ClaimTypes
Id: claim-type
Title: "Types of claim"
Description: "The three of R4's claim types that are used."
* insert Zh(理赔类型, 使用的三种 FHIR 理赔类型。)
* ^experimental = false
* $claim-type#institutional
* $claim-type#professional
* $claim-type#pharmacy

ValueSet: ClaimStatuses
Id: claim-status
Title: "States of a claim"
Description: "active when settled, draft while it is written, cancelled after a cancellation."
* insert Zh(费用状态, 已结算、草稿、已撤销。)
* ^experimental = false
* http://hl7.org/fhir/fm-status#active
* http://hl7.org/fhir/fm-status#draft
* http://hl7.org/fhir/fm-status#cancelled

ValueSet: CoverageStatuses
Id: coverage-status
Title: "States of a cover"
Description: "active or cancelled."
* insert Zh(参保状态, 有效或终止。)
* ^experimental = false
* http://hl7.org/fhir/fm-status#active
* http://hl7.org/fhir/fm-status#cancelled

ValueSet: VisitStatuses
Id: visit-status
Title: "States of a visit"
Description: "in-progress until discharge, then finished; cancelled when the registration was undone."
* insert Zh(就诊状态, 就诊中、已结束、已撤销。)
* ^experimental = false
* http://hl7.org/fhir/encounter-status#in-progress
* http://hl7.org/fhir/encounter-status#finished
* http://hl7.org/fhir/encounter-status#cancelled

ValueSet: VisitClasses
Id: visit-class
Title: "Classes of a visit"
Description: "Ambulatory, inpatient or emergency."
* insert Zh(就诊类型, 门诊、住院或急诊。)
* ^experimental = false
* $act-code#AMB
* $act-code#IMP
* $act-code#EMER

ValueSet: Schemes
Id: scheme
Title: "Schemes"
Description: "The basic schemes."
* insert Zh(全部险种, 基本医疗保险的险种。)
* insert AllOf($scheme)

ValueSet: AdjudicationCategories
Id: adjudication
Title: "Adjudication categories"
Description: "What an amount may be."
* insert Zh(全部结算金额类别, 结算金额的全部类别。)
* insert AllOf($adjudication)

ValueSet: ItemClasses
Id: item-class
Title: "Catalogue classes"
Description: "A, B, C and none."
* insert Zh(全部目录类别, 甲、乙、丙及目录外。)
* insert AllOf($item-class)

ValueSet: Charges
Id: charge
Title: "Kinds of charge"
Description: "Every kind of charge."
* insert Zh(全部收费类别, 所有收费项目类别。)
* insert AllOf($charge)

ValueSet: InstitutionLevels
Id: institution-level
Title: "Levels of institutions"
Description: "Level keys of the areas' policies."
* insert Zh(全部机构等级, 各地政策中的机构等级。)
* insert AllOf($level)

ValueSet: Funds
Id: fund
Title: "Funds"
Description: "Funds that pay."
* insert Zh(全部基金, 支付费用的基金。)
* insert AllOf(Fund)

ValueSet: PopulationStatuses
Id: population-status
Title: "Population states"
Description: "What the police may report."
* insert Zh(全部人口状态, 公安部门可能报告的状态。)
* insert AllOf($population-status)

ValueSet: CoverageFlags
Id: coverage-flag
Title: "Doubts about a cover"
Description: "Why a cover may be doubtful."
* insert Zh(全部存疑标志, 参保关系存疑的原因。)
* insert AllOf($coverage-flag)

ValueSet: SupportingInfos
Id: supporting-info
Title: "Supporting information"
Description: "Categories that are read."
* insert Zh(全部附加信息类别, 网关读取的附加信息类别。)
* insert AllOf(SupportingInfo)

ValueSet: PaymentLines
Id: payment-line
Title: "Lines of a remittance"
Description: "Every kind of line."
* insert Zh(全部拨付明细类别, 所有拨付明细类别。)
* insert AllOf($payment-line)

ValueSet: PaymentStatuses
Id: payment-status
Title: "States of a payment"
Description: "Every state of a payment."
* insert Zh(全部拨付状态, 所有拨付状态。)
* insert AllOf($payment-status)

ValueSet: Identities
Id: identity
Title: "Identities"
Description: "Identities that benefits depend on."
* insert Zh(全部待遇身份, 与待遇有关的身份。)
* insert AllOf(Identity)

ValueSet: CommunicationReasons
Id: communication-reason
Title: "Reasons of a communication"
Description: "What a communication may be about."
* insert Zh(全部通知事由, 通知可能涉及的事由。)
* insert AllOf(CommunicationReason)

ValueSet: CatalogueItems
Id: catalogue
Title: "Items of the catalogue"
Description: "Every code of the catalogue in force."
* insert Zh(目录项目, 现行医保目录的全部编码。)
* insert AllOf(Catalogue)

ValueSet: Diagnoses
Id: diagnosis
Title: "Diagnoses"
Description: "Every code of ICD-10, edition of the medical insurance."
* insert Zh(全部疾病诊断, ICD-10 医保版全部编码。)
* insert AllOf($diagnosis)

ValueSet: Topics
Id: topic
Title: "Subscription topics"
Description: "Events a partner may subscribe to."
* insert Zh(全部订阅主题, 可以订阅的事件。)
* insert AllOf(TopicCode)

ValueSet: RestInteractions
Id: rest-interaction
Title: "RESTful interactions"
Description: "Every interaction of FHIR's REST interface."
* insert Zh(REST 交互, FHIR REST 接口的全部交互。)
* insert AllOf(http://hl7.org/fhir/restful-interaction)
