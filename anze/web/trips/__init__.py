"""三检: the driver's check on the phone, and who has checked today."""
