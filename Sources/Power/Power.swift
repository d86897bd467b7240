/// Power
