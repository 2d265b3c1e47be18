行号,结果,代码,说明
,合计,,"共8行,接受1行,拒绝7行 / 8 rows, 1 accepted, 7 refused"
2,拒绝,citizen-id-checksum,公民身份号码校验位不符:请核对证件 / the last character of the citizen ID does not match the others: check the number against the card [公民身份号码]
3,拒绝,sex-differs,性别与公民身份号码第17位不符:请核对 / the sex is not that of the citizen ID's 17th digit: check both [性别]
4,拒绝,bad-day,日期不存在:请按YYYY-MM-DD或YYYYMMDD填写 / this day does not exist: send YYYY-MM-DD or YYYYMMDD [出生日期]
5,拒绝,unknown-event,"变动类型不存在:应为出生、登记、死亡、迁入、迁出、变更号码、户变动之一 / the kind of change is not known: send one of 出生, 登记, 死亡, 迁入, 迁出, 变更号码, 户变动 [变动类型]"
6,拒绝,missing-field,"“死亡日期”为空,此类变动必须填写 / 死亡日期 is empty and needed for this kind of change: fill it in [死亡日期]"
7,拒绝,column-count,"该行有5列,表头有17列:请完整重报该行,空项保留逗号 / the line has 5 cells, the header 17: send the whole line again, commas for empty cells"
8,拒绝,bad-quotes,"引号不匹配:单元格用双引号括起,其中的双引号写两个,单元格内不得换行 / the quotes do not match: write ""…"" around a cell, """" for a quote in it, and no line break inside a cell"
