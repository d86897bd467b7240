/// DHCPProxy
