"""The NHSA feed: JSON transactions of designated institutions (定点医药机构接口规范) on one HTTP path."""
