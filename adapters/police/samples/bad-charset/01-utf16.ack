行号,结果,代码,说明
,拒绝,charset-unsupported,不支持字符集UTF-16:请使用UTF-8或GB18030 / the character set UTF-16 is not read here: send UTF-8 or GB18030
