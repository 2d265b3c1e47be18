// Asking for benefits and enrolling: shapes for partners; `metadata` says which of them a server takes.

Profile: CnEligibilityRequest
Parent: CoverageEligibilityRequest
Id: cn-eligibility-request
Title: "Question about benefits"
Description: "Whether a person has cover on a day, and which benefits, at one institution."
* insert Zh(待遇查询请求, 查询某人某日在某机构的参保状态和待遇。)
* purpose ^short = "validation 参保状态；benefits 待遇 / validation or benefits"
* patient obeys cn-ref-patient
* serviced[x] 1..1
* serviced[x] only date
* servicedDate obeys cn-complete-day
* insurer obeys cn-ref-agency
* provider 1..1
* provider obeys cn-ref-institution
* item.category from ClaimKinds (required)
* item.category ^short = "结算类别 / kind of claim"

Profile: CnEligibilityResponse
Parent: CoverageEligibilityResponse
Id: cn-eligibility-response
Title: "Answer about benefits"
Description: "The cover on the day that was asked about and the benefits by kind of claim."
* insert Zh(待遇查询结果, 所查日期的参保关系和各类别待遇。)
* serviced[x] 1..1
* serviced[x] only date
* outcome ^short = "查询是否完成 / whether it could be answered"
* insurer obeys cn-ref-agency
* insurance.coverage only Reference(CnCoverage)
* insurance.inforce 1..1
* insurance.item.category from ClaimKinds (required)
* insurance.item.benefit.allowed[x] only unsignedInt or string or Money
* insurance.item.benefit.used[x] only unsignedInt or string or Money

Profile: CnEnrollmentRequest
Parent: EnrollmentRequest
Id: cn-enrollment-request
Title: "Enrolment"
Description: "A person who is to be insured in a scheme, sent by the one who enrols them."
* insert Zh(参保登记请求, 为人员办理参保登记的请求。)
* status 1..1
* created 1..1
* insurer 1..1
* insurer obeys cn-ref-agency
* candidate 1..1
* candidate obeys cn-ref-patient
* coverage 1..1
* coverage ^short = "拟参保的险种和期间 / the cover that is asked for"

Profile: CnEnrollmentResponse
Parent: EnrollmentResponse
Id: cn-enrollment-response
Title: "Answer to an enrolment"
Description: "Whether the person is enrolled, and why not."
* insert Zh(参保登记结果, 是否完成登记，未完成的原因。)
* status 1..1
* request 1..1
* request only Reference(CnEnrollmentRequest)
* outcome 1..1
* created 1..1
* organization 1..1
* organization obeys cn-ref-agency

Profile: CnMeasureReport
Parent: MeasureReport
Id: cn-measure-report
Title: "Figures of a fund"
Description: "Statistics of an area for a period: counts and amounts without any person."
* insert Zh(基金统计, 某地某期间的统计数字，不含个人信息。)
* type = #summary
* subject 0..0
* reporter 1..1
* reporter obeys cn-ref-agency
* period.start 1..1
* period.end 1..1
* group 1..*
* group.code 1..1
* evaluatedResource 0..0
