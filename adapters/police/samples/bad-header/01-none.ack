行号,结果,代码,说明
,拒绝,missing-header,"首行不是表头:请以列名开头,至少含报送单位、变动序号、变动类型、变动日期、公民身份号码、姓名 / the first line does not name the columns: send a header with 报送单位, 变动序号, 变动类型, 变动日期, 公民身份号码, 姓名 and the others [line 1]"
