"""Field tables: envelope, sign-in (9001) and person (1101)."""

from adapters.nhsa.fields import Node, table

ANY_OBJECT = ("data", "mdtrtinfo", "feeinfo", "result")
"""Names regions give to the one object of a request; each is accepted for the national one."""

HEAD = table("""
infno           C10   Y 交易编号
msgid           C30   Y 发送方报文ID
mdtrtarea_admvs C6    Y 就医地医保区划
insuplc_admdvs  C6    - 参保地医保区划
recer_sys_code  C10   Y 接收方系统代码
dev_no          C100  - 设备编号
dev_safe_info   C2000 - 设备安全信息
cainfo          C1024 - 数字签名信息
signtype        C10   - 签名类型
infver          C6    Y 接口版本号
opter_type      C3    Y 经办人类别 codes=1,2,3
opter           C30   Y 经办人
opter_name      C50   Y 经办人姓名
inf_time        DT    Y 交易时间
fixmedins_code  C12   Y 定点医药机构编号
fixmedins_name  C200  Y 定点医药机构名称
sign_no         C30   - 交易签到流水号
""")

SIGN_IN = Node(
    "signIn",
    table("""
opter_no C20 Y 操作员编号
mac      C20 Y 签到MAC地址
ip       C20 Y 签到IP
"""),
    aliases=("signin", *ANY_OBJECT),
)

SIGN_IN_ANSWER = Node(
    "signinoutb",
    table("""
sign_time DT  Y 签到时间
sign_no   C30 Y 签到编号
"""),
)

PERSON = Node(
    "data",
    table("""
mdtrt_cert_type C3  Y 就诊凭证类型 codes=01,02,03 offered=02,03
mdtrt_cert_no   C50 Y 就诊凭证编号
card_sn         C32 - 卡识别码
begntime        DT  - 开始时间
psn_cert_type   C6  - 人员证件类型 offered=01
certno          C50 - 证件号码
psn_name        C50 - 人员姓名
"""),
    aliases=ANY_OBJECT,
)

PERSON_ANSWER = (
    Node(
        "baseinfo",
        table("""
psn_no        C30  Y 人员编号
psn_cert_type C6   Y 人员证件类型
certno        C50  Y 证件号码
psn_name      C50  Y 人员姓名
gend          C6   Y 性别
naty          C3   - 民族
brdy          D    - 出生日期
age           N4,1 Y 年龄
"""),
    ),
    Node(
        "insuinfo",
        table("""
balc           N16,2 Y 余额
insutype       C6    Y 险种类型
psn_type       C6    Y 人员类别
psn_insu_stas  C6    - 人员参保状态
psn_insu_date  D     - 个人参保日期
paus_insu_date D     - 暂停参保日期
cvlserv_flag   C3    Y 公务员标志
insuplc_admdvs C6    Y 参保地医保区划
emp_name       C200  - 单位名称
"""),
        many=True,
    ),
    Node(
        "idetinfo",
        table("""
psn_idet_type C3   Y 人员身份类别
psn_type_lv   C3   - 人员类别等级
memo          C500 - 备注
begntime      DT   Y 开始时间
endtime       DT   - 结束时间
"""),
        many=True,
    ),
)
