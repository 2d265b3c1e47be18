"""Field tables of a visit: outpatient 2201, 2203; inpatient 2401, 2402; the lines of a bill 2204, 2301."""

from adapters.nhsa.fields import Node, table
from adapters.nhsa.tables_person import ANY_OBJECT

REGISTRATION = Node(
    "data",
    table("""
psn_no          C30  Y 人员编号
insutype        C6   Y 险种类型 offered=390
begntime        DT   Y 挂号时间
mdtrt_cert_type C3   Y 就诊凭证类型 codes=01,02,03
mdtrt_cert_no   C50  - 就诊凭证编号
ipt_otp_no      C30  Y 住院/门诊号
atddr_no        C30  Y 医师编码
dr_name         C50  Y 医师姓名
dept_code       C30  Y 科室编码
dept_name       C100 Y 科室名称
caty            C6   Y 科别
"""),
    aliases=ANY_OBJECT,
)

REGISTRATION_ANSWER = Node(
    "data",
    table("""
mdtrt_id   C30 Y 就诊ID
psn_no     C30 Y 人员编号
ipt_otp_no C30 Y 住院/门诊号
"""),
)

VISIT = Node(
    "mdtrtinfo",
    table("""
mdtrt_id          C30   Y 就诊ID
psn_no            C30   Y 人员编号
med_type          C6    Y 医疗类别
begntime          DT    Y 开始时间
main_cond_dscr    C1000 - 主要病情描述
dise_codg         C30   - 病种编码
dise_name         C500  - 病种名称
birctrl_type      C6    - 计划生育手术类别
birctrl_matn_date D     - 手术或生育日期
matn_type         C6    - 生育类别
geso_val          N2    - 孕周数
"""),
    aliases=ANY_OBJECT,
)

VISIT_DIAGNOSES = Node(
    "diseinfo",
    table("""
diag_type     C3   Y 诊断类别 codes=1,2,3
diag_srt_no   N2   Y 诊断排序号
diag_code     C20  Y 诊断代码
diag_name     C100 Y 诊断名称
diag_dept     C50  Y 诊断科室
dise_dor_no   C30  Y 诊断医生编码
dise_dor_name C50  Y 诊断医生姓名
diag_time     DT   Y 诊断时间
vali_flag     C3   Y 有效标志 codes=0,1
"""),
    many=True,
)

ADMISSION = Node(
    "mdtrtinfo",
    table("""
psn_no             C30   Y 人员编号
insutype           C6    Y 险种类型 offered=390
coner_name         C50   - 联系人姓名
tel                C50   - 联系电话
begntime           DT    Y 开始时间
mdtrt_cert_type    C3    Y 就诊凭证类型 codes=01,02,03
mdtrt_cert_no      C50   Y 就诊凭证编号
med_type           C6    Y 医疗类别
ipt_no             C30   Y 住院号 alias=ipt_otp_no
medrcdno           C30   - 病历号
atddr_no           C30   Y 主治医生编码
chfpdr_name        C50   Y 主诊医师姓名
adm_diag_dscr      C200  Y 入院诊断描述
adm_dept_codg      C30   Y 入院科室编码
adm_dept_name      C100  Y 入院科室名称
adm_bed            C30   Y 入院床位
dscg_maindiag_code C20   Y 住院主诊断代码
dscg_maindiag_name C300  Y 住院主诊断名称
main_cond_dscr     C1000 - 主要病情描述 alias=main_cond_desc
dise_codg          C30   - 病种编码
dise_name          C500  - 病种名称
oprn_oprt_code     C30   - 手术操作代码
oprn_oprt_name     C500  - 手术操作名称
fpsc_no            C50   - 计划生育服务证号
matn_type          C6    - 生育类别
birctrl_type       C6    - 计划生育手术类别
latechb_flag       C3    - 晚育标志
geso_val           N2    - 孕周数
fetts              N3    - 胎次
fetus_cnt          N3    - 胎儿数
pret_flag          C3    - 早产标志
birctrl_matn_date  D     - 手术或生育日期
dise_type_code     C6    - 病种类型代码
"""),
    aliases=ANY_OBJECT,
)

ADMISSION_DIAGNOSES = Node(
    "diseinfo",
    table("""
psn_no        C30  Y 人员编号
diag_type     C3   Y 诊断类别 codes=1,2,3
maindiag_flag C3   Y 主诊断标志 codes=0,1
diag_srt_no   N2   Y 诊断排序号
diag_code     C20  Y 诊断代码
diag_name     C100 Y 诊断名称
adm_cond      C500 - 入院病情
diag_dept     C50  Y 诊断科室
dise_dor_no   C30  Y 诊断医生编码
dise_dor_name C50  Y 诊断医生姓名
diag_time     DT   Y 诊断时间
"""),
    many=True,
)

ADMISSION_ANSWER = Node("result", table("mdtrt_id C30 Y 就诊ID"))

DISCHARGE = Node(
    "dscginfo",
    table("""
mdtrt_id          C30  Y 就诊ID
psn_no            C30  Y 人员编号
insutype          C6   Y 险种类型 offered=390
endtime           DT   Y 结束时间
dise_codg         C30  - 病种编码
dise_name         C500 - 病种名称
oprn_oprt_code    C30  - 手术操作代码
oprn_oprt_name    C500 - 手术操作名称
fpsc_no           C50  - 计划生育服务证号
matn_type         C6   - 生育类别
birctrl_type      C6   - 计划生育手术类别
latechb_flag      C3   - 晚育标志
geso_val          N2   - 孕周数
fetts             N3   - 胎次
fetus_cnt         N3   - 胎儿数
pret_flag         C3   - 早产标志
birctrl_matn_date D    - 手术或生育日期
cop_flag          C3   - 伴有并发症标志
dscg_dept_codg    C30  Y 出院科室编码
dscg_dept_name    C100 Y 出院科室名称
dscg_bed          C30  - 出院床位
dscg_way          C3   Y 离院方式 codes=1,2,3,4,5,9
die_date          D    - 死亡日期
"""),
    aliases=ANY_OBJECT,
)

DISCHARGE_DIAGNOSES = Node("diseinfo", table("mdtrt_id C30 Y 就诊ID") + ADMISSION_DIAGNOSES.fields, many=True)

_ORDERED_BY = """
bilg_dept_codg    C30   Y 开单科室编码
bilg_dept_name    C100  Y 开单科室名称
bilg_dr_codg      C30   Y 开单医生编码
bilg_dr_name      C50   Y 开单医师姓名
acord_dept_codg   C30   - 受单科室编码
acord_dept_name   C100  - 受单科室名称
orders_dr_code    C30   - 受单医生编码
orders_dr_name    C50   - 受单医生姓名
hosp_appr_flag    C3    - 医院审批标志 codes=0,1,2
tcmdrug_used_way  C6    - 中药使用方式
etip_flag         C3    - 外检标志
etip_hosp_code    C30   - 外检医院编码
dscg_tkdrug_flag  C3    - 出院带药标志
matn_fee_flag     C6    - 生育费用标志
"""

OUTPATIENT_LINES = Node(
    "feedetail",
    table("""
feedetl_sn          C30   Y 费用明细流水号
mdtrt_id            C30   Y 就诊ID
psn_no              C30   Y 人员编号
chrg_bchno          C30   Y 收费批次号
dise_codg           C30   - 病种编码
rxno                C40   - 处方号
rx_circ_flag        C3    Y 外购处方标志 codes=0,1
fee_ocur_time       DT    Y 费用发生时间
med_list_codg       C50   Y 医疗目录编码
medins_list_codg    C150  Y 机构目录编码
det_item_fee_sumamt N16,2 Y 明细项目费用总额
cnt                 N16,4 Y 数量
pric                N16,6 Y 单价
sin_dos_dscr        C200  - 单次剂量描述
used_frqu_dscr      C200  - 使用频次描述
prd_days            N4,2  - 周期天数
medc_way_dscr       C200  - 用药途径描述
""")
    + table(_ORDERED_BY),
    many=True,
)

INPATIENT_LINES = Node(
    "feedetail",
    table("""
feedetl_sn          C30   Y 费用明细流水号
init_feedetl_sn     C30   - 原费用流水号
mdtrt_id            C30   Y 就诊ID
drord_no            C30   - 医嘱号
psn_no              C30   Y 人员编号
med_type            C6    Y 医疗类别
fee_ocur_time       DT    Y 费用发生时间
med_list_codg       C50   Y 医疗目录编码
medins_list_codg    C150  Y 机构目录编码
det_item_fee_sumamt N16,2 Y 明细总额 signed
cnt                 N16,4 Y 数量 signed
pric                N16,6 Y 单价
memo                C500  - 备注
""")
    + table(_ORDERED_BY),
    many=True,
)

LINES_ANSWER = Node(
    "result",
    table("""
feedetl_sn          C30   Y 费用明细流水号
det_item_fee_sumamt N16,2 Y 明细总额
cnt                 N16,4 Y 数量
pric                N16,6 Y 单价
pric_uplmt_amt      N16,6 Y 定价上限金额
selfpay_prop        N5,4  - 自付比例
fulamt_ownpay_amt   N16,2 - 全自费金额
overlmt_amt         N16,2 - 超限价金额
preselfpay_amt      N16,2 - 先行自付金额
inscp_scp_amt       N16,2 - 符合政策范围金额
chrgitm_lv          C3    Y 收费项目等级
med_chrgitm_type    C6    Y 医疗收费项目类别
bas_medn_flag       C3    - 基本药物标志
hi_nego_drug_flag   C3    - 医保谈判药品标志
chld_medc_flag      C3    - 儿童用药标志
list_sp_item_flag   C3    - 目录特项标志
lmt_used_flag       C3    Y 限制使用标志
drt_reim_flag       C3    - 直报标志
memo                C500  - 备注
"""),
    many=True,
)
