// Code systems of this guide alone. The gateway's other code systems, and those of NHSA and the national standards, are
// data of the terminology service (gateway/terminology/data); the compiled package has them too.

CodeSystem: Fund
Id: fund
Title: "Fund"
Description: "Who pays a share of a claim beside the insured person. An area may have funds of its own."
* insert Zh(基金, 支付医疗费用的基金；地方可另设。)
* insert Complete
* insert C(basic, 基本医疗保险统筹基金, basic fund)
* insert C(catastrophic, 大病保险, catastrophic cover)
* insert C(civil_servant, 公务员医疗补助, civil-servant supplement)
* insert C(special_care, 优抚对象医疗补助, special-care subsidy)
* insert C(aid, 医疗救助, medical aid)
* insert C(unit, 单位医疗基金, unit fund)
* insert C(pooled, 社会统筹医疗基金, pooled fund)
* insert C(insurer, 商业保险, insurer)
* insert C(account, 个人账户, personal account)

CodeSystem: SupportingInfo
Id: supporting-info
Title: "Supporting information of a claim"
Description: "Categories of Claim.supportingInfo that the gateway reads. Others are kept and change nothing."
* insert Zh(费用附加信息类别, 网关读取的附加信息类别；其他类别原样保存，不影响结算。)
* insert Complete
* insert C(special-disease, 门诊慢特病种, chronic or special disease)
* insert C(not-approved, 未经转诊或审批, no referral or approval)
* insert C(not-filed, 异地就医未备案, care outside the area without filing)
* insert C(third-party-liable, 第三方责任, a third party is liable)
* insert C(receipt, 收费票据, receipt of a bill that was paid)

CodeSystem: TaskCode
Id: task-code
Title: "What is asked of the agency"
Description: "Codes for tasks that R4's financial task codes do not have."
* insert Zh(办理事项, R4 财务任务代码之外的事项。)
* insert Complete
* insert C(review, 人工复核, review by an officer)

CodeSystem: CommunicationReason
Id: communication-reason
Title: "What a communication is about"
Description: "Why the agency writes to an institution or a person."
* insert Zh(通知事由, 经办机构通知的事由。)
* insert Complete
* insert C(missing-document, 材料补正, a document is missing)
* insert C(review-result, 复核结果, result of a review)
* insert C(agreement, 协议事项, about the agreement)

CodeSystem: Identity
Id: identity
Title: "Identity that benefits depend on"
Description: "Identities a policy may know. They are told by civil affairs; a policy may name others."
* insert Zh(待遇身份, 与待遇有关的人员身份，由民政等部门认定；政策可另设。)
* insert Complete
* insert C(low_income, 最低生活保障对象, minimum living allowance)
* insert C(destitute, 特困供养人员, destitute person)
* insert C(martyr_family, 烈士遗属, family of a martyr)
* insert C(disabled_soldier, 残疾军人, disabled soldier)

CodeSystem: TopicCode
Id: topic
Title: "Subscription topics"
Description: "Events a partner may subscribe to."
* insert Zh(订阅主题, 接入方可以订阅的事件。)
* insert Complete
* insert C(claim-settled, 费用已结算, a claim was settled)
* insert C(claim-cancelled, 结算已撤销, a settlement was cancelled)
* insert C(coverage-changed, 参保关系变更, a cover changed)
* insert C(payment-booked, 拨付已出账, a payment was booked)

CodeSystem: Catalogue
Id: catalogue
Title: "Medical-insurance catalogue"
Description: "Drugs, herbs, preparations, services and consumables by their national codes. The catalogue in force is served at CodeSystem/catalogue."
* insert Zh(医保目录, 药品、饮片、制剂、诊疗项目和耗材的国家编码；现行目录由网关发布。)
* insert Elsewhere
