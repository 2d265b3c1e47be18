"""Field tables of settlements: 2206, 2207, 2303, 2304 and their cancellations 2208, 2305."""

from adapters.nhsa.fields import Node, table
from adapters.nhsa.tables_person import ANY_OBJECT

_STATED_SPLIT = """
invono            C20   - 发票号
fulamt_ownpay_amt N16,2 - 全自费金额
overlmt_selfpay   N16,2 - 超限价金额
preselfpay_amt    N16,2 - 先行自付金额
inscp_scp_amt     N16,2 - 符合政策范围金额
"""

OUTPATIENT_BILL = Node(
    "data",
    table("""
psn_no          C30   Y 人员编号
mdtrt_cert_type C3    Y 就诊凭证类型 codes=01,02,03
mdtrt_cert_no   C50   - 就诊凭证编号
med_type        C6    Y 医疗类别
medfee_sumamt   N16,2 Y 医疗费总额
psn_setlway     C6    Y 个人结算方式 offered=01
mdtrt_id        C30   Y 就诊ID
chrg_bchno      C30   Y 收费批次号
acct_used_flag  C1    Y 个人账户使用标志 codes=0,1
insutype        C6    Y 险种类型 offered=390
""")
    + table(_STATED_SPLIT),
    aliases=ANY_OBJECT,
)

INPATIENT_BILL = Node(
    "data",
    table("""
psn_no          C30   Y 人员编号
mdtrt_cert_type C3    Y 就诊凭证类型 codes=01,02,03
mdtrt_cert_no   C50   Y 就诊凭证编号
medfee_sumamt   N16,2 Y 医疗费总额
psn_setlway     C6    Y 个人结算方式 offered=01
mdtrt_id        C30   Y 就诊ID
acct_used_flag  C1    Y 个人账户使用标志 codes=0,1
insutype        C6    Y 险种类型 offered=390
mid_setl_flag   C3    Y 中途结算标志 codes=0,1 offered=0
dscg_time       D     - 出院时间
""")
    + table(_STATED_SPLIT),
    aliases=ANY_OBJECT,
)

CANCELLATION = Node(
    "data",
    table("""
setl_id  C30 Y 结算ID
mdtrt_id C30 Y 就诊ID
psn_no   C30 Y 人员编号
"""),
    aliases=ANY_OBJECT,
)

_AMOUNTS = """
medfee_sumamt     N16,2 Y 医疗费总额
fulamt_ownpay_amt N16,2 Y 全自费金额
overlmt_selfpay   N16,2 Y 超限价自费费用
preselfpay_amt    N16,2 Y 先行自付金额
inscp_scp_amt     N16,2 Y 符合政策范围金额
act_pay_dedc      N16,2 - 实际支付起付线
hifp_pay          N16,2 Y 基本医保统筹基金支出
pool_prop_selfpay N5,4  Y 统筹基金支付比例
cvlserv_pay       N16,2 Y 公务员医疗补助支出
hifes_pay         N16,2 Y 企业补充医保基金支出
hifmi_pay         N16,2 Y 居民大病保险资金支出
hifob_pay         N16,2 Y 职工大额医疗费用补助支出
maf_pay           N16,2 Y 医疗救助基金支出
hifdm_pay         N16,2 - 伤残人员医疗保障基金支出
oth_pay           N16,2 Y 其他支出
fund_pay_sumamt   N16,2 Y 基金支付总额
psn_part_amt      N16,2 Y 个人负担总金额
acct_pay          N16,2 Y 个人账户支出
psn_cash_pay      N16,2 Y 个人现金支出
hosp_part_amt     N16,2 Y 医院负担金额
balc              N16,2 Y 余额
acct_mulaid_pay   N16,2 Y 个人账户共济支付
"""

SETTLEMENT_ANSWER = Node(
    "setlinfo",
    table("""
mdtrt_id        C30  Y 就诊ID
setl_id         C30  - 结算ID
psn_no          C30  Y 人员编号
psn_name        C50  Y 人员姓名
psn_cert_type   C6   Y 人员证件类型
certno          C50  Y 证件号码
gend            C6   - 性别
naty            C3   - 民族
brdy            D    - 出生日期
age             N4,1 - 年龄
insutype        C6   - 险种类型
psn_type        C6   Y 人员类别
cvlserv_flag    C3   Y 公务员标志
setl_time       DT   Y 结算时间
mdtrt_cert_type C3   - 就诊凭证类型
med_type        C6   Y 医疗类别
""")
    + table(_AMOUNTS)
    + table("""
medins_setl_id  C30  Y 医药机构结算ID
clr_optins      C6   - 清算经办机构
clr_way         C6   - 清算方式
clr_type        C6   Y 清算类别
"""),
)

CANCELLATION_ANSWER = Node(
    "setlinfo",
    table("""
mdtrt_id        C30  Y 就诊ID
setl_id         C30  Y 结算ID
clr_optins      C6   - 清算经办机构
setl_time       DT   Y 结算时间
""")
    + table(_AMOUNTS)
    + table("""
pdn_cash_pay    N16,2 Y 个人现金支出
medins_setl_id  C30   Y 医药机构结算ID
"""),
)

FUNDS_ANSWER = Node(
    "setldetail",
    table("""
fund_pay_type      C6    Y 基金支付类型
inscp_scp_amt      N16,2 Y 符合政策范围金额
crt_payb_lmt_amt   N16,2 Y 本次可支付限额金额
fund_payamt        N16,2 Y 基金支付金额
fund_pay_type_name C200  - 基金支付类型名称
setl_proc_info     C4000 - 结算过程信息
"""),
    many=True,
)
