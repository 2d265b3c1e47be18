// Subscription topics. R4 has no SubscriptionTopic: as HL7's R5 backport for R4 says, a topic is known by its canonical
// address, and may be published as a Basic with R5's elements as cross-version extensions.

RuleSet: Topic(code, title, zh, resource)
* code = http://hl7.org/fhir/fhir-types#SubscriptionTopic
* extension[+].url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-SubscriptionTopic.url"
* extension[=].valueUri = "https://gateway.example/fhir/SubscriptionTopic/{code}"
* extension[+].url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-SubscriptionTopic.version"
* extension[=].valueString = "0.1.0"
* extension[+].url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-SubscriptionTopic.title"
* extension[=].valueString = "{zh} / {title}"
* extension[+].url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-SubscriptionTopic.status"
* extension[=].valueCode = #active
* extension[+].url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-SubscriptionTopic.resourceTrigger"
* extension[=].extension[+].url = "description"
* extension[=].extension[=].valueMarkdown = "{zh} / {title}"
* extension[=].extension[+].url = "resource"
* extension[=].extension[=].valueUri = "http://hl7.org/fhir/StructureDefinition/{resource}"
* extension[=].extension[+].url = "supportedInteraction"
* extension[=].extension[=].valueCode = #create

Instance: topic-claim-settled
InstanceOf: Basic
Usage: #definition
* insert Topic(claim-settled, a claim was settled, 费用已结算, ClaimResponse)

Instance: topic-claim-cancelled
InstanceOf: Basic
Usage: #definition
* insert Topic(claim-cancelled, a settlement was cancelled, 结算已撤销, ClaimResponse)

Instance: topic-coverage-changed
InstanceOf: Basic
Usage: #definition
* insert Topic(coverage-changed, a cover changed, 参保关系变更, Coverage)
* extension[4].extension[+].url = "supportedInteraction"
* extension[4].extension[=].valueCode = #update

Instance: topic-payment-booked
InstanceOf: Basic
Usage: #definition
* insert Topic(payment-booked, a payment was booked, 拨付已出账, PaymentNotice)
* extension[4].extension[+].url = "supportedInteraction"
* extension[4].extension[=].valueCode = #update
