"""Field tables of reconciliation and clearing: 3201 to 3204, and the exchange of files 9101 and 9102."""

from adapters.nhsa.fields import Node, table
from adapters.nhsa.tables_person import ANY_OBJECT

_WINDOW = """
setl_optins        C6    Y 结算经办机构 alias=clr_optins
stmt_begndate      D     Y 对账开始日期
stmt_enddate       D     Y 对账结束日期
medfee_sumamt      N16,2 Y 医疗费总额 signed
fund_pay_sumamt    N16,2 Y 基金支付总额 signed
fixmedins_setl_cnt N10   Y 结算笔数 signed
refd_setl_flag     C6    - 退费结算标志 codes=0,1
"""

TOTALS = Node(
    "data",
    table("""
insutype C6    Y 险种
clr_type C6    Y 清算类别
acct_pay N16,2 Y 个人账户支付金额 signed
""")
    + table(_WINDOW),
    aliases=ANY_OBJECT,
)

TOTALS_ANSWER = Node(
    "stmtinfo",
    table("""
setl_optins    C6   - 结算经办机构
stmt_rslt      C6   Y 对账结果
stmt_rslt_dscr C200 - 对账结果说明
"""),
)

DETAILS = Node(
    "data",
    table("""
file_qury_no C30   Y 文件查询号
clr_type     C6    - 清算类别
cash_payamt  N16,2 Y 现金支付金额 signed
""")
    + table(_WINDOW),
    aliases=ANY_OBJECT,
)

FILE_ANSWER = Node(
    "fileinfo",
    table("""
file_qury_no C30  Y 文件查询号
filename     C200 Y 文件名
dld_endtime  DT   Y 下载截止时间
"""),
)

UPLOAD = Node(
    "fsUploadIn",
    table("""
in             B    Y 文件数据
filename       C200 Y 文件名
fixmedins_code C30  Y 机构编号
"""),
    aliases=ANY_OBJECT,
)

UPLOAD_ANSWER = Node(
    "",
    table("""
file_qury_no   C30  Y 文件查询号
filename       C200 Y 文件名
fixmedins_code C30  Y 机构编号
dld_endtime    DT   - 下载截止时间
"""),
)

DOWNLOAD = Node(
    "fsDownloadIn",
    table("""
file_qury_no   C30  Y 文件查询号
filename       C200 Y 文件名
fixmedins_code C30  Y 机构编号
"""),
    aliases=ANY_OBJECT,
)

APPLICATION = Node(
    "data",
    table("""
clr_type      C6    Y 清算类别
clr_way       C6    - 清算方式
setlym        C6    Y 清算年月
psntime       N6    Y 人次 signed
medfee_sumamt N16,2 Y 医疗费总额 signed
med_sumfee    N16,2 - 符合政策医疗费 signed
fund_appy_sum N16,2 Y 基金申报总额 signed
cash_payamt   N16,2 Y 现金支付金额 signed
acct_pay      N16,2 Y 个人账户支出 signed
begndate      D     Y 开始日期
enddate       D     Y 结束日期
"""),
    aliases=ANY_OBJECT,
)

APPLICATION_ANSWER = Node(
    "result",
    table("""
clr_appy_evt_id C30 Y 机构清算申请事件ID
"""),
)

REVOCATION = Node(
    "data",
    table("""
clr_appy_evt_id C30 Y 机构清算申请事件ID
"""),
    aliases=ANY_OBJECT,
)
