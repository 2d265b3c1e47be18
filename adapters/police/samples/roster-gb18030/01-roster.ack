行号,结果,代码,说明
,合计,,"共2行,接受2行,拒绝0行 / 2 rows, 2 accepted, 0 refused"
