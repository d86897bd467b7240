/// PacketCapture
