行号,结果,代码,说明
,合计,,"共3行,接受2行,拒绝1行 / 3 rows, 2 accepted, 1 refused"
2,拒绝,bad-charset,"该行不符合表头使用的utf-8编码:整个文件应统一使用UTF-8或GB18030 / the line is not utf-8 like the header: write the whole file in one character set, UTF-8 or GB18030 [byte 21]"
