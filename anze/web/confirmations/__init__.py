"""Reading a record and confirming it: 已阅、本人签字."""
