// The answer to a claim. Two identities hold in every one, to the fen.

Invariant: cn-response-split
Description: "总费用 = 全自费 + 超限价 + 先行自付 + 符合范围 / submitted = own-expense + over-limit + first-payment + in-scope"
Expression: "total.where(category.coding.code = 'submitted').amount.value = total.where(category.coding.code = 'own-expense' or category.coding.code = 'over-limit' or category.coding.code = 'first-payment' or category.coding.code = 'in-scope').amount.value.aggregate($this + $total, 0)"
Severity: #error

Invariant: cn-response-payers
Description: "总费用 = 基金合计 + 个人账户 + 现金 + 机构负担 / submitted = fund-total + account + cash + institution-share"
Expression: "total.where(category.coding.code = 'submitted').amount.value = total.where(category.coding.code = 'fund-total' or category.coding.code = 'account' or category.coding.code = 'cash' or category.coding.code = 'institution-share').amount.value.aggregate($this + $total, 0)"
Severity: #error

Invariant: cn-response-funds
Description: "基金合计等于各基金之和 / fund-total is the sum of the funds"
Expression: "total.where(category.coding.code = 'fund-total').amount.value = total.where(category.coding.code.startsWith('fund-') and category.coding.code != 'fund-total').amount.value.aggregate($this + $total, 0)"
Severity: #error

Invariant: cn-response-lines
Description: "各明细之和等于合计 / the lines add up to the totals"
Expression: "item.select(adjudication.first().amount.value).aggregate($this + $total, 0) = total.where(category.coding.code = 'submitted').amount.value and item.select(adjudication.skip(1).first().amount.value).aggregate($this + $total, 0) = total.where(category.coding.code = 'own-expense').amount.value and item.select(adjudication.skip(2).first().amount.value).aggregate($this + $total, 0) = total.where(category.coding.code = 'over-limit').amount.value and item.select(adjudication.skip(3).first().amount.value).aggregate($this + $total, 0) = total.where(category.coding.code = 'first-payment').amount.value and item.select(adjudication.skip(4).first().amount.value).aggregate($this + $total, 0) = total.where(category.coding.code = 'in-scope').amount.value"
Severity: #error

Invariant: cn-response-sign
Description: "除撤销外金额不为负；撤销的金额不为正 / no amount is negative, but on a cancellation none is positive"
Expression: "iif(extension.where(url = 'https://gateway.example/fhir/StructureDefinition/cancels').exists(), total.all(amount.value <= 0), total.all(amount.value >= 0))"
Severity: #error

Invariant: cn-response-codes
Description: "合计类别各出现一次，且为已知类别或 fund- 加基金代号 / each category stands once in the totals, and is known or a fund"
Expression: "total.category.coding.code.isDistinct() and total.all(category.coding.code.startsWith('fund-') or category.coding.code in ('submitted' | 'own-expense' | 'over-limit' | 'first-payment' | 'in-scope' | 'deductible' | 'counted' | 'account' | 'cash' | 'institution-share'))"
Severity: #error

Invariant: cn-response-payment
Description: "支付金额等于基金合计 / the payment is what the funds pay"
Expression: "payment.amount.value = total.where(category.coding.code = 'fund-total').amount.value"
Severity: #error

Invariant: cn-response-settled
Description: "正式结算须有编号、结算号和所结费用；试算没有 / a settlement has an id, its number and its claim, a trial none of them"
Expression: "iif(use = 'claim', identifier.exists() and request.exists(), identifier.empty() and request.empty())"
Severity: #error

Invariant: cn-response-line
Description: "明细金额 = 全自费 + 超限价 + 先行自付 + 符合范围 / of each line submitted = own-expense + over-limit + first-payment + in-scope"
Expression: "adjudication.first().amount.value = adjudication.skip(1).amount.value.aggregate($this + $total, 0)"
Severity: #error

RuleSet: Category(path, name, code, short)
* {path}[{name}].category = $adjudication#{code}
* {path}[{name}] ^short = "{short}"

Profile: CnClaimResponse
Parent: ClaimResponse
Id: cn-claim-response
Title: "Settlement"
Description: "A decision on a claim, line by line and in total, with the arithmetic of each figure in both languages. Written by the gateway only; a cancellation is one of its own."
* insert Zh(结算结果, 逐条及合计的结算结果，附每个金额的算式（中英文）；仅由网关生成，撤销另成一份。)
* obeys cn-response-split and cn-response-payers and cn-response-funds and cn-response-lines and cn-response-sign and cn-response-codes and cn-response-payment and cn-response-settled
* extension contains
    PolicyUsed named policy 1..1 and
    Cancels named cancels 0..1 and
    Replaces named replaces 0..1
* identifier 0..1
* identifier.system 1..1
* identifier.system = $settlement
* identifier.value 1..1
* identifier ^short = "结算ID / settlement id; absent in a trial"
* status from ClaimStatuses (required)
* status ^short = "active；被撤销后为 cancelled / active, cancelled once it was undone"
* type from ClaimTypes (required)
* subType 1..1
* subType from ClaimKinds (required)
* patient.reference 1..1
* insurer obeys cn-ref-agency
* requestor 1..1
* requestor obeys cn-ref-institution
* request ^short = "所结费用 / the stored Claim; absent in a trial"
* outcome = #complete
* disposition 1..1
* disposition ^short = "一句话结果，中英文 / one sentence in both languages"
* item 1..*
* item obeys cn-response-line
* item.extension contains
    LineNumber named lineNumber 0..1 and
    ItemClassUsed named itemClass 1..1 and
    FirstPaymentRate named firstPaymentRate 0..1 and
    PriceCeiling named priceCeiling 0..1 and
    ChargeOfLine named charge 0..1
* item.adjudication.category.coding 1..1
* item.adjudication.amount 1..1
* insert Yuan(item.adjudication.amount)
* item.adjudication ^slicing.discriminator.type = #value
* item.adjudication ^slicing.discriminator.path = "category"
* item.adjudication ^slicing.rules = #closed
* item.adjudication ^slicing.ordered = true
* item.adjudication contains
    submitted 1..1 and
    ownExpense 1..1 and
    overLimit 1..1 and
    firstPayment 1..1 and
    inScope 1..1
* insert Category(item.adjudication, submitted, submitted, 明细金额 / amount of the line)
* insert Category(item.adjudication, ownExpense, own-expense, 全自费 / own expense)
* insert Category(item.adjudication, overLimit, over-limit, 超限价自费 / above the price ceiling)
* insert Category(item.adjudication, firstPayment, first-payment, 先行自付 / first payment)
* insert Category(item.adjudication, inScope, in-scope, 符合政策范围 / in scope)
* total.category from AdjudicationCategories (extensible)
* total.category.coding 1..1
* total.category.coding.system = $adjudication
* total.category.coding.code 1..1
* insert Yuan(total.amount)
* total ^slicing.discriminator.type = #value
* total ^slicing.discriminator.path = "category"
* total ^slicing.rules = #open
* total contains
    submitted 1..1 and
    ownExpense 1..1 and
    overLimit 1..1 and
    firstPayment 1..1 and
    inScope 1..1 and
    deductible 1..1 and
    counted 1..1 and
    fundTotal 1..1 and
    account 1..1 and
    cash 1..1 and
    institutionShare 1..1
* insert Category(total, submitted, submitted, 总费用 / total as submitted)
* insert Category(total, ownExpense, own-expense, 全自费 / own expense)
* insert Category(total, overLimit, over-limit, 超限价自费 / above the price ceiling)
* insert Category(total, firstPayment, first-payment, 先行自付 / first payment)
* insert Category(total, inScope, in-scope, 符合政策范围 / in scope)
* insert Category(total, deductible, deductible, 起付线 / deductible)
* insert Category(total, counted, counted, 计入报销的费用 / counted for sharing)
* insert Category(total, fundTotal, fund-total, 基金支付合计；各基金为 fund-代号 / paid by funds; each fund is fund-key)
* insert Category(total, account, account, 个人账户支付 / from the personal account)
* insert Category(total, cash, cash, 个人现金支付 / paid in cash)
* insert Category(total, institutionShare, institution-share, 医疗机构负担 / borne by the institution)
* payment 1..1
* insert Yuan(payment.amount)
* payment.date 1..1
* payment ^short = "基金支付金额和结算日 / what the fund pays, and the day of deciding"
* processNote.language 1..1
* processNote ^short = "每个金额的算式与依据 / each figure with its arithmetic"
