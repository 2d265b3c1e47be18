// Work between institutions and the agency, and the record of who did what.

Profile: CnTask
Parent: Task
Id: cn-task
Title: "Request to the agency"
Description: "Something an institution or officer asks the agency to do about a settlement."
* insert Zh(办理请求, 机构或经办人员请求对某结算进行办理。)
* intent = #order
* code 1..1
* focus 1..1
* focus only Reference(CnClaimResponse)
* focus.reference 1..1
* focus ^short = "所涉结算 / the settlement it is about"
* requester 1..1
* requester only Reference(CnOrganization)
* owner obeys cn-ref-agency
* authoredOn 1..1

Profile: CnTaskCancel
Parent: CnTask
Id: cn-task-cancel
Title: "Cancel a settlement"
Description: "The settlement is to be undone."
* insert Zh(撤销结算, 请求撤销结算。)
* code = $financial-task#cancel

Profile: CnTaskReprocess
Parent: CnTask
Id: cn-task-reprocess
Title: "Settle again"
Description: "The settlement and those after it are to be decided again; by the agency only."
* insert Zh(重新结算, 对该结算及其后费用重新结算，仅限经办机构。)
* code = $financial-task#reprocess
* requester obeys cn-ref-agency

Profile: CnTaskReview
Parent: CnTask
Id: cn-task-review
Title: "Review by an officer"
Description: "An officer is to look at the settlement; says why."
* insert Zh(人工复核, 请求经办人员复核，须说明理由。)
* code = $task-code#review
* reasonCode 1..1

Profile: CnCommunication
Parent: Communication
Id: cn-communication
Title: "Message of the agency"
Description: "What the agency writes to an institution: what is missing, what a review found."
* insert Zh(经办通知, 经办机构发给机构的通知：补正材料、复核结果等。)
* sent 1..1
* sender 1..1
* sender only Reference(CnOrganization)
* sender obeys cn-ref-agency
* recipient 1..*
* recipient only Reference(CnOrganization or CnPatient)
* reasonCode 1..1
* reasonCode from CommunicationReasons (extensible)
* about ^short = "所涉结算 / the settlement it is about"
* payload 1..*
* payload.content[x] only string

Profile: CnAuditEvent
Parent: AuditEvent
Id: cn-audit-event
Title: "Record of an access"
Description: "Who did what with whose data, in the pattern of IHE Basic Audit Log Patterns for RESTful interactions: type rest, one agent that asked, the server, the patient and the resource."
* insert Zh(访问记录, 何人对何人的数据做了什么，采用 IHE BALP 的 RESTful 模式。)
* type = http://terminology.hl7.org/CodeSystem/audit-event-type#rest
* subtype 1..*
* subtype from RestInteractions (required)
* action 1..1
* outcome 1..1
* agent ^slicing.discriminator.type = #value
* agent ^slicing.discriminator.path = "type"
* agent ^slicing.rules = #open
* agent contains
    client 1..1 and
    server 1..1
* agent[client].type = $dcm#110153
* agent[client].who 1..1
* agent[client] ^short = "请求方 / who asked"
* agent[server].type = $dcm#110152
* agent[server].who 1..1
* agent[server] ^short = "网关 / the gateway"
* source.type from http://hl7.org/fhir/ValueSet/audit-source-type (extensible)
* entity ^slicing.discriminator.type = #value
* entity ^slicing.discriminator.path = "type"
* entity ^slicing.rules = #open
* entity contains
    patient 0..1 and
    data 0..*
* entity[patient].type = http://terminology.hl7.org/CodeSystem/audit-entity-type#1
* entity[patient].role 1..1
* entity[patient].role = http://terminology.hl7.org/CodeSystem/object-role#1
* entity[patient].what 1..1
* entity[patient].what only Reference(CnPatient)
* entity[patient] ^short = "所涉人员 / whose data"
* entity[data].type = http://terminology.hl7.org/CodeSystem/audit-entity-type#2
* entity[data].what 1..1
* entity[data] ^short = "所涉资源 / which resource"

Profile: CnOperationOutcome
Parent: OperationOutcome
Id: cn-operation-outcome
Title: "Problems"
Description: "Everything that is wrong with a message: a code, both languages, and the place."
* insert Zh(问题说明, 报文的全部问题：代码、中英文说明和位置。)
* issue.details 1..1
* issue.details.coding 1..1
* issue.details.coding.system 1..1
* issue.details.coding.system = "https://gateway.example/fhir/CodeSystem/problem"
* issue.details.coding.code 1..1
* issue.details.text 1..1
* issue.expression ^short = "位置 / where"
