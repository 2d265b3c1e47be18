"""The columns of the population file, named as GB/T 31000-2015 names the items, and what each event needs of them."""

from typing import Final

UNIT: Final = "报送单位"
NUMBER: Final = "变动序号"
EVENT: Final = "变动类型"
EVENT_DAY: Final = "变动日期"
CITIZEN_ID: Final = "公民身份号码"
NAME: Final = "姓名"
SEX: Final = "性别"
BORN_ON: Final = "出生日期"
ETHNICITY: Final = "民族"
HOUSEHOLD: Final = "户号"
HEAD_ID: Final = "户主公民身份号码"
RELATION: Final = "与户主关系"
REGISTERED_AREA: Final = "户籍地"
ADDRESS: Final = "现住地门楼详址"
NEW_CITIZEN_ID: Final = "新公民身份号码"
DIED_ON: Final = "死亡日期"
NOTE: Final = "备注"

MANDATORY: Final = (UNIT, NUMBER, EVENT, EVENT_DAY, CITIZEN_ID, NAME)
"""Columns every file has and every row fills."""

LONGEST: Final[dict[str, int]] = {
    UNIT: 30,
    NUMBER: 50,
    EVENT: 10,
    EVENT_DAY: 10,
    CITIZEN_ID: 18,
    NAME: 50,
    SEX: 2,
    BORN_ON: 10,
    ETHNICITY: 20,
    HOUSEHOLD: 30,
    HEAD_ID: 18,
    RELATION: 20,
    REGISTERED_AREA: 6,
    ADDRESS: 200,
    NEW_CITIZEN_ID: 18,
    DIED_ON: 10,
    NOTE: 200,
}
"""Every column that is read, with its longest value in characters. Other columns are passed over."""

DAYS: Final = (EVENT_DAY, BORN_ON, DIED_ON)
CITIZEN_IDS: Final = (CITIZEN_ID, NEW_CITIZEN_ID, HEAD_ID)

DEATH: Final = "死亡"
ID_CHANGE: Final = "变更号码"

_PERSON: Final = (SEX, BORN_ON)
NEEDED: Final[dict[str, tuple[str, ...]]] = {
    "出生": (*_PERSON, HOUSEHOLD),
    "登记": (*_PERSON, HOUSEHOLD),
    DEATH: (DIED_ON,),
    "迁入": (*_PERSON, HOUSEHOLD),
    "迁出": (),
    ID_CHANGE: (NEW_CITIZEN_ID,),
    "户变动": (HOUSEHOLD, RELATION),
}
"""The events, and what each needs besides the mandatory columns."""

ONLY_FOR: Final[dict[str, str]] = {DIED_ON: DEATH, NEW_CITIZEN_ID: ID_CHANGE}
"""Columns that contradict every other event."""

SEXES: Final[dict[str, str]] = {"男": "male", "女": "female", "1": "male", "2": "female", "0": "", "9": ""}
"""Words and GB/T 2261.1 codes; '' is not known and agrees with either."""
