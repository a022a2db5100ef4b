"""企业登记: the administrator registers companies and authorities with their first accounts."""
