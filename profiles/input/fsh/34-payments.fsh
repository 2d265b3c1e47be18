// Money that comes in and goes out.

Profile: CnPaymentNotice
Parent: PaymentNotice
Id: cn-payment-notice
Title: "Payment or credit"
Description: "How a payment to an institution stands, or a contribution that came in. Written by the gateway only."
* insert Zh(付款或到账通知, 对机构拨付的状态，或一笔缴费到账；仅由网关生成。)
* extension contains
    PaymentReason named paymentReason 0..1 and
    PayerCitizenId named payerCitizenId 0..1 and
    PayerName named payerName 0..1 and
    BenefitYear named benefitYear 0..1 and
    AccountCredited named account 0..1 and
    Remittance named remittance 0..1
* identifier 1..*
* identifier.system 1..1
* identifier.value 1..1
* paymentDate 1..1
* paymentDate ^short = "付款或到账日期 / day of payment"
* recipient obeys cn-ref-agency
* insert Yuan(amount)
* amount obeys cn-money-fen
* paymentStatus.coding ^slicing.discriminator.type = #value
* paymentStatus.coding ^slicing.discriminator.path = "system"
* paymentStatus.coding ^slicing.rules = #open
* paymentStatus.coding contains state 0..1
* paymentStatus.coding[state].system 1..1
* paymentStatus.coding[state].system = "https://gateway.example/fhir/CodeSystem/payment-status"
* paymentStatus.coding[state].code 1..1
* paymentStatus.coding[state] from PaymentStatuses (required)
* paymentStatus ^short = "拨付状态 / state of the payment"

Invariant: cn-remittance-sum
Description: "明细之和等于拨付金额 / the lines add up to what is paid"
Expression: "detail.amount.value.aggregate($this + $total, 0) = paymentAmount.value"
Severity: #error

Profile: CnPaymentReconciliation
Parent: PaymentReconciliation
Id: cn-payment-reconciliation
Title: "Remittance of a month"
Description: "What an institution is paid for a month, line by line. Written by the gateway only."
* insert Zh(月度拨付清单, 机构某月应拨付的款项及明细；仅由网关生成。)
* obeys cn-remittance-sum
* extension contains SchemeOf named scheme 1..1
* identifier 1..*
* identifier.system 1..1
* identifier.system = "https://gateway.example/fhir/sid/clearing"
* identifier.value 1..1
* period 1..1
* period.start 1..1
* period.end 1..1
* paymentIssuer 1..1
* paymentIssuer obeys cn-ref-agency
* requestor 1..1
* requestor only Reference(CnOrganization)
* outcome 1..1
* disposition 1..1
* insert Yuan(paymentAmount)
* paymentIdentifier ^short = "付款端到端标识 / end-to-end id of the payment"
* detail.extension contains FundOf named fund 0..1
* detail.type.coding ^slicing.discriminator.type = #value
* detail.type.coding ^slicing.discriminator.path = "system"
* detail.type.coding ^slicing.rules = #open
* detail.type.coding contains line 1..1
* detail.type.coding[line].system 1..1
* detail.type.coding[line].system = "https://gateway.example/fhir/CodeSystem/payment-line"
* detail.type.coding[line].code 1..1
* detail.type.coding[line] from PaymentLines (preferred)
* detail.payee 1..1
* detail.amount 1..1
* insert Yuan(detail.amount)
* detail ^short = "拨付明细：结算、按日合计或调整 / settlements, days, or adjustments"
