行号,结果,代码,说明
,合计,,"共3行,接受2行,拒绝1行 / 3 rows, 2 accepted, 1 refused"
4,拒绝,column-count,"该行有10列,表头有17列:请完整重报该行,空项保留逗号 / the line has 10 cells, the header 17: send the whole line again, commas for empty cells"
