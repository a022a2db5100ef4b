"""车辆: the fleet."""
