/// CLoad: the sockets of machines that boot.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Has a raw socket take only what comes from ports 67 and 4011: the images do not pass there.
/// 0, or -errno.
int boot_listen_to_dhcp(int socket);

/// Holds a port that nobody reads, or the kernel would tell the server that nobody is there;
/// negative: -errno.
int boot_hold_port(uint16_t port);

/// A UDP socket at an address, host byte order; negative: -errno.
int boot_udp_socket(uint32_t address, uint16_t port);

/// Sends a datagram to an address and port, host byte order. 0, or -errno.
int boot_send(int socket, uint32_t address, uint16_t port, const uint8_t *datagram, size_t length);
