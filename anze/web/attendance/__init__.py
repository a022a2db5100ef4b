"""现场签到和补课: the code on the big screen, the name written on the telephone, and who has to catch up."""
