"""Words for what the product itself names: payers and parts of a bill. A policy has its own for all else."""

from gateway.settlement.rule import Wording

FUNDS = {
    "basic": Wording("基本医疗保险统筹基金", "basic fund"),
    "catastrophic": Wording("大病保险", "catastrophic cover"),
    "civil_servant": Wording("公务员医疗补助", "civil-servant supplement"),
    "special_care": Wording("优抚对象医疗补助", "special-care subsidy"),
    "aid": Wording("医疗救助", "medical aid"),
    "unit": Wording("单位医疗基金", "unit fund"),
    "pooled": Wording("社会统筹医疗基金", "pooled fund"),
    "insurer": Wording("商业保险", "insurer"),
}

PARTS = {
    "own_expense": Wording("全自费", "own expense"),
    "over_limit": Wording("超限价自费", "above the price ceiling"),
    "first_payment": Wording("先行自付", "first payment"),
    "in_scope": Wording("符合政策范围", "in scope"),
}

FIGURES = {
    "total": Wording("总费用", "total"),
    "fund": Wording("基金支付合计", "paid by funds"),
    "account": Wording("个人账户支付", "paid from the personal account"),
    "institution_share": Wording("医疗机构负担", "borne by the institution"),
    "cash": Wording("您支付(现金)", "you pay"),
    **PARTS,
    "deductible": Wording("起付线", "deductible"),
    "counted": Wording("计入报销的费用", "counted for sharing"),
}


def fund_title(fund: str) -> Wording:
    """The words for a fund; a fund of an area's own keeps its key."""
    return FUNDS.get(fund, Wording(fund, fund))
