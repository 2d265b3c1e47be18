行号,结果,代码,说明
,合计,,"共3行,接受3行,拒绝0行 / 3 rows, 3 accepted, 0 refused"
