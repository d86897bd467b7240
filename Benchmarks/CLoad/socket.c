/// CLoad: sockets in another process' network namespace.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "CLoad.h"
#include "namespace.h"

static int packet_socket(const char *interface) {
  // ETH_P_IP and not ETH_P_ALL: our own frames don't come back.
  int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, htons(ETH_P_IP));
  if (fd < 0) return -errno;
  struct sockaddr_ll address = {
      .sll_family = AF_PACKET,
      .sll_protocol = htons(ETH_P_IP),
      .sll_ifindex = (int)if_nametoindex(interface),
  };
  int on = 1, buffer = 64 << 20;
  if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 ||
      setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on) < 0 ||
      setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer) < 0 ||
      setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &buffer, sizeof buffer) < 0) {
    int error = errno;
    close(fd);
    return -error;
  }
  return fd;
}

static int tcp_socket(uint32_t address, uint16_t port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  struct sockaddr_in to = {
      .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(address)};
  int on = 1;
  if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0 ||
      connect(fd, (struct sockaddr *)&to, sizeof to) < 0) {
    int error = errno;
    close(fd);
    return -error;
  }
  return fd;
}

int namespace_enter(int pid) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/ns/net", pid);
  int home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  if (home < 0) return -errno;
  int there = open(path, O_RDONLY | O_CLOEXEC);
  int failed = there < 0 || setns(there, CLONE_NEWNET) < 0 ? errno : 0;
  if (there >= 0) close(there);
  if (!failed) return home;
  close(home);
  return -failed;
}

int namespace_leave(int home, int fd) {
  int failed = setns(home, CLONE_NEWNET) < 0 ? errno : 0;
  close(home);
  if (!failed) return fd;
  if (fd >= 0) close(fd);
  return -failed;
}

int load_open(int pid, const char *interface) {
  int home = namespace_enter(pid);
  return home < 0 ? home : namespace_leave(home, packet_socket(interface));
}

int load_connect(int pid, uint32_t address, uint16_t port) {
  int home = namespace_enter(pid);
  return home < 0 ? home : namespace_leave(home, tcp_socket(address, port));
}

int load_pin(int processor) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET((size_t)processor, &set);
  return sched_setaffinity(0, sizeof set, &set) < 0 ? -errno : 0;
}
