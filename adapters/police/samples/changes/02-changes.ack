行号,结果,代码,说明
,合计,,"共6行,接受6行,拒绝0行 / 6 rows, 6 accepted, 0 refused"
