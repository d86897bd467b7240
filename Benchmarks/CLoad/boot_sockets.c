/// CLoad: the sockets of machines that boot.
#define _GNU_SOURCE
#include "boot_sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

int boot_listen_to_dhcp(int socket) {
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x0800, 0, 6),
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 23),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 17, 0, 4),
      BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 34),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 67, 1, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 4011, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, 65535),
      BPF_STMT(BPF_RET | BPF_K, 0),
  };
  struct sock_fprog program = {sizeof code / sizeof *code, code};
  return setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) < 0 ? -errno
                                                                                        : 0;
}

int boot_udp_socket(uint32_t address, uint16_t port) {
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -errno;
  struct sockaddr_in mine = {
      .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(address)};
  if (!bind(fd, (struct sockaddr *)&mine, sizeof mine)) return fd;
  int error = errno;
  close(fd);
  return -error;
}

int boot_hold_port(uint16_t port) {
  int fd = boot_udp_socket(INADDR_ANY, port), small = 1;
  // As few datagrams as the kernel lets it have.
  if (fd >= 0) setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  return fd;
}

int boot_send(int socket, uint32_t address, uint16_t port, const uint8_t *datagram, size_t length) {
  struct sockaddr_in to = {
      .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(address)};
  return sendto(socket, datagram, length, 0, (struct sockaddr *)&to, sizeof to) < 0 ? -errno : 0;
}
