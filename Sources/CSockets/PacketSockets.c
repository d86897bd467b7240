#define _GNU_SOURCE
#include "CSockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static int close_failed(int fd) {
  int error = errno;
  close(fd);
  return -error;
}

// The classic BPF program of a capture. Offsets count from the IP header (SOCK_DGRAM). A load
// behind the packet's end drops it. `is_dhcp` 0 lets pass what has no DHCP cookie, instead of what
// has.
static int attach_filter(int fd, int interface, uint16_t port, uint16_t other_port, int both_ways,
                         int is_dhcp) {
  enum { drop = 25, no_dhcp = 27 };
#define TO_DROP(at) (drop - (at) - 1)
  struct sock_filter code[] = {
      // A frame of eth0.10 comes by at eth0 as well: not for us.
      [0] = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)(SKF_AD_OFF + SKF_AD_IFINDEX)),
      [1] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)interface, 0, TO_DROP(1)),
      // One of a VLAN that has no interface here is marked as somebody else's.
      [2] = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)(SKF_AD_OFF + SKF_AD_PKTTYPE)),
      [3] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OTHERHOST, TO_DROP(3), 0),
      [4] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, both_ways ? PACKET_OTHERHOST : PACKET_OUTGOING,
                     TO_DROP(4), 0),
      [5] = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)(SKF_AD_OFF + SKF_AD_VLAN_TAG_PRESENT)),
      [6] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, TO_DROP(6)),
      [7] = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)(SKF_AD_OFF + SKF_AD_PROTOCOL)),
      [8] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IP, 0, TO_DROP(8)),
      [9] = BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0),
      [10] = BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xf0),
      [11] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x40, 0, TO_DROP(11)),
      [12] = BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 9),
      [13] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, TO_DROP(13)),
      // Neither "more fragments" nor an offset.
      [14] = BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 6),
      [15] = BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x3fff, TO_DROP(15), 0),
      [16] = BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
      [17] = BPF_STMT(BPF_LD | BPF_H | BPF_IND, 2),
      [18] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, port, 1, 0),
      [19] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, other_port, 0, TO_DROP(19)),
      // RFC 2131 §3: the magic cookie, behind the UDP header and BOOTP's 236 bytes.
      [20] = BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0),
      [21] = BPF_STMT(BPF_ALU | BPF_SUB | BPF_X, 0),
      [22] = BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 8 + 240, 0, no_dhcp - 22 - 1),
      [23] = BPF_STMT(BPF_LD | BPF_W | BPF_IND, 8 + 236),
      [24] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x63825363, 1, no_dhcp - 24 - 1),
      [drop] = BPF_STMT(BPF_RET | BPF_K, 0),
      [26] = BPF_STMT(BPF_RET | BPF_K, is_dhcp ? 0xffff : 0),
      [no_dhcp] = BPF_STMT(BPF_RET | BPF_K, is_dhcp ? 0 : 1),
  };
#undef TO_DROP
  struct sock_fprog program = {.len = sizeof code / sizeof *code, .filter = code};
  return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

static int open_filtered(int interface, uint16_t port, uint16_t other_port, int both_ways,
                         int is_dhcp) {
  // Protocol 0 hears nothing: not before the filter is there.
  int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -errno;
  // What leaves is shown only to sockets of all protocols (packet(7)); those cost every packet of
  // the interface a look.
  struct sockaddr_ll address = {
      .sll_family = AF_PACKET,
      .sll_protocol = htons(both_ways ? ETH_P_ALL : ETH_P_IP),
      .sll_ifindex = interface,
  };
  // A hall of machines that is switched on at once; or nobody reads it, and the kernel only counts.
  int small = 1;
  if (is_dhcp) fino_make_room(fd);
  if ((!is_dhcp && setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small) < 0) ||
      attach_filter(fd, interface, port, other_port, both_ways, is_dhcp) < 0 ||
      bind(fd, (struct sockaddr *)&address, sizeof address) < 0)
    return close_failed(fd);
  return fd;
}

int fino_capture_open(int interface, uint16_t port, int both_ways) {
  return open_filtered(interface, port, port, both_ways, 1);
}

int fino_refused_open(int interface, uint16_t port, uint16_t other_port) {
  return open_filtered(interface, port, other_port, 0, 0);
}

int fino_packet_open(int interface) {
  // Protocol 0: this socket only sends.
  int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -errno;
  struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_ifindex = interface};
  if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0) return close_failed(fd);
  fino_make_room(fd);
  return fd;
}

int fino_packet_send(int fd, int interface, const uint8_t *arena, const struct fino_frame *frames,
                     int count) {
  enum { most = 64 };
  struct mmsghdr headers[most];
  struct iovec data[most];
  struct sockaddr_ll to[most];
  if (count > most) count = most;
  for (int i = 0; i < count; i++) {
    data[i] = (struct iovec){(void *)(arena + frames[i].offset), frames[i].count};
    to[i] = (struct sockaddr_ll){
        .sll_family = AF_PACKET,
        .sll_protocol = htons(ETH_P_IP),
        .sll_ifindex = interface,
        .sll_halen = 6,
    };
    memcpy(to[i].sll_addr, frames[i].hardware, 6);
    headers[i].msg_hdr = (struct msghdr){
        .msg_name = &to[i],
        .msg_namelen = sizeof to[i],
        .msg_iov = &data[i],
        .msg_iovlen = 1,
    };
  }
  int sent = sendmmsg(fd, headers, (unsigned)count, MSG_DONTWAIT | MSG_NOSIGNAL);
  return sent < 0 ? -errno : sent;
}

int fino_raw_open(void) {
  // IPPROTO_RAW receives nothing and brings its own IP header (raw(7)).
  int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_RAW);
  if (fd < 0) return -errno;
  fino_make_room(fd);
  return fd;
}

int fino_raw_send(int fd, const uint8_t *packet, size_t count, struct fino_address destination,
                  struct fino_address source) {
  struct sockaddr_in to = {
      .sin_family = AF_INET,
      .sin_addr.s_addr = htonl((uint32_t)destination.low),
  };
  struct iovec data = {(void *)packet, count};
  union {
    char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
    struct cmsghdr align;
  } control = {0};
  struct msghdr message = {
      .msg_name = &to,
      .msg_namelen = sizeof to,
      .msg_iov = &data,
      .msg_iovlen = 1,
      .msg_control = control.bytes,
      .msg_controllen = sizeof control.bytes,
  };
  // So that rules which route by source address see it.
  struct in_pktinfo info = {.ipi_spec_dst.s_addr = htonl((uint32_t)source.low)};
  struct cmsghdr *c = CMSG_FIRSTHDR(&message);
  c->cmsg_level = IPPROTO_IP;
  c->cmsg_type = IP_PKTINFO;
  c->cmsg_len = CMSG_LEN(sizeof info);
  memcpy(CMSG_DATA(c), &info, sizeof info);
  return sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -errno : 0;
}

int fino_link_watch_open(void) {
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
  if (fd < 0) return -errno;
  struct sockaddr_nl address = {
      .nl_family = AF_NETLINK,
      .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR,
  };
  if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0) return close_failed(fd);
  return fd;
}

int fino_interface_mtu(const char *name) {
  struct ifreq request = {0};
  strncpy(request.ifr_name, name, sizeof request.ifr_name - 1);
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  if (ioctl(fd, SIOCGIFMTU, &request) < 0) return close_failed(fd);
  close(fd);
  return request.ifr_mtu;
}
