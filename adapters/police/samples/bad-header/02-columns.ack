行号,结果,代码,说明
,拒绝,missing-column,"表头缺少“报送单位”列:请按此列名补充 / the header lacks the column 报送单位: add it, spelled like this [报送单位]"
,拒绝,missing-column,"表头缺少“变动序号”列:请按此列名补充 / the header lacks the column 变动序号: add it, spelled like this [变动序号]"
