"""What the API does: functions on the world, the caller and the request. No host, no framework, no storage engine."""
