// Extensions of claims and their answers.

Extension: LineNumber
Id: line-number
Title: "Line number of the sender"
Description: "The sender's own number of a line, each once in a claim; it comes back with the line."
* insert Zh(发送方明细号, 发送方自己的费用明细流水号，在一笔费用中不重复，随结果返回。)
* insert Context(Claim.item)
* insert Context(ClaimResponse.item)
* value[x] only string
* value[x] 1..1

Extension: RefundedLine
Id: refunded-line
Title: "Line that is refunded"
Description: "On a line of negative quantity: the sender's number of the line it gives back."
* insert Zh(被退明细号, 退费明细所对应的原明细流水号。)
* insert Context(Claim.item)
* value[x] only string
* value[x] 1..1

Extension: Visit
Id: visit
Title: "Visit of a claim"
Description: "The visit that was opened before over the NHSA interface and that the claim belongs to."
* insert Zh(所属就诊, 通过医保接口登记的就诊。)
* insert Context(Claim)
* value[x] only Reference(CnEncounter)
* value[x] 1..1

Extension: StatedSplit
Id: stated-split
Title: "Split as the sender worked it out"
Description: "The four parts of the total as the sender computed them. Each stated part must equal the decision."
* insert Zh(发送方计算的费用构成, 发送方自行计算的四部分金额，必须与结算结果一致。)
* insert Context(Claim)
* extension contains
    own-expense 0..1 and
    over-limit 0..1 and
    first-payment 0..1 and
    in-scope 0..1
* extension[own-expense] ^short = "全自费 / own expense"
* extension[own-expense].value[x] only decimal
* extension[own-expense].value[x] 1..1
* extension[over-limit] ^short = "超限价自费 / above the price ceiling"
* extension[over-limit].value[x] only decimal
* extension[over-limit].value[x] 1..1
* extension[first-payment] ^short = "先行自付 / first payment"
* extension[first-payment].value[x] only decimal
* extension[first-payment].value[x] 1..1
* extension[in-scope] ^short = "符合政策范围 / in scope"
* extension[in-scope].value[x] only decimal
* extension[in-scope].value[x] 1..1

Extension: Resettle
Id: resettle
Title: "Decide later settlements again"
Description: "On a cancellation by the agency: settlements after the cancelled one are decided again."
* insert Zh(重新结算其后费用, 经办机构撤销时，对其后的费用重新结算。)
* insert Context(Claim)
* value[x] only boolean
* value[x] 1..1

Extension: PolicyUsed
Id: policy
Title: "Policy used"
Description: "Policy id, @, and the hash of its content: the very rules the decision was made by."
* insert Zh(所用政策, 政策编号 @ 内容散列：决定所依据的规则版本。)
* insert Context(ClaimResponse)
* value[x] only string
* value[x] 1..1

Extension: Cancels
Id: cancels
Title: "Settlement that is cancelled"
Description: "The ClaimResponse that this one undoes; every amount has its sign turned."
* insert Zh(被撤销的结算, 本结果所撤销的结算，各金额取反。)
* insert Context(ClaimResponse)
* value[x] only Reference(CnClaimResponse)
* value[x] 1..1

Extension: Replaces
Id: replaces
Title: "Settlement that is replaced"
Description: "The ClaimResponse in whose place this one stands after a re-settlement."
* insert Zh(被替代的结算, 重新结算后本结果所替代的结算。)
* insert Context(ClaimResponse)
* value[x] only Reference(CnClaimResponse)
* value[x] 1..1

Extension: ItemClassUsed
Id: item-class
Title: "Catalogue class of a line"
Description: "A, B or C; none for a code outside of the catalogue."
* insert Zh(明细目录类别, 甲、乙、丙类或目录外。)
* insert Context(ClaimResponse.item)
* value[x] only code
* value[x] 1..1
* valueCode from ItemClasses (required)

Extension: FirstPaymentRate
Id: first-payment-rate
Title: "First-payment ratio of a line"
Description: "What the person pays first of a class B entry; 0 to 1."
* insert Zh(先行自付比例, 乙类项目个人先行自付的比例，0 至 1。)
* insert Context(ClaimResponse.item)
* value[x] only decimal
* value[x] 1..1
* obeys cn-ext-ratio

Extension: PriceCeiling
Id: price-ceiling
Title: "Price ceiling of a line"
Description: "Highest unit price that is in scope, in yuan; without it there is none."
* insert Zh(最高限价, 纳入支付范围的最高单价，单位元；无此项即无限价。)
* insert Context(ClaimResponse.item)
* value[x] only decimal
* value[x] 1..1

Extension: ChargeOfLine
Id: charge
Title: "Kind of charge of a line"
Description: "What the catalogue says the line is charged for."
* insert Zh(明细收费类别, 目录所定的收费项目类别。)
* insert Context(ClaimResponse.item)
* value[x] only code
* value[x] 1..1
* valueCode from Charges (required)

Invariant: cn-ext-ratio
Description: "比例应在 0 与 1 之间 / a ratio is between 0 and 1"
Expression: "value >= 0 and value <= 1"
Severity: #error
