// Sockets that are read and written many datagrams at a time.
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sched.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "CSockets.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

// The kernel's UDP_MAX_SEGMENTS was 64 until Linux 6.9, and an IP packet has at most 65,535 bytes.
enum { MOST_SEGMENTS = 64, MOST_BYTES = 65000, MOST_MESSAGES = 64 };

static int set(int fd, int level, int name, const void *value, socklen_t size) {
  return setsockopt(fd, level, name, value, size) < 0 ? -errno : 0;
}

int fino_port_open(struct fino_address address, uint16_t port, int scope,
                   const struct fino_port_options *options) {
  int is_six = address.version == 6, on = 1;
  int fd = socket(is_six ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -errno;
  int result = 0;
  if (is_six) result = set(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (result == 0 && options->tells_destination)
    result = is_six ? set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on)
                    : set(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
  if (result == 0 && options->interface)
    result = set(fd, SOL_SOCKET, SO_BINDTODEVICE, options->interface,
                 (socklen_t)strlen(options->interface));
  if (result == 0 && options->shares_load)
    result = set(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  if (result == 0) result = fino_udp_bind(fd, address, port, scope);
  if (result < 0) {
    close(fd);
    return result;
  }
  int bytes = options->buffer;
  if (bytes > 0) {
    // What the kernel gives without the right to more will do.
    if (set(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) < 0)
      (void)set(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    if (set(fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes) < 0)
      (void)set(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
  }
  return fd;
}

int fino_take(int fd, uint8_t *bytes, size_t room, struct fino_address *source, uint16_t *port) {
  struct sockaddr_storage from;
  socklen_t length = sizeof from;
  from.ss_family = AF_UNSPEC;
  ssize_t count =
      recvfrom(fd, bytes, room, MSG_DONTWAIT | MSG_TRUNC, (struct sockaddr *)&from, &length);
  if (count < 0) return -errno;
  *source = fino_address_of(&from, port);
  return (int)count;
}

int fino_can_segment(void) {
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return 0;
  int size = 512;
  int result = setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof size);
  close(fd);
  return result == 0;
}

int fino_processors(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) < 0) return 1;
  int count = CPU_COUNT(&set);
  return count > 0 ? count : 1;
}

struct control {
  size_t size;
  _Alignas(struct cmsghdr) char
      bytes[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(uint16_t))];
};

static void append(struct control *control, int level, int type, const void *value, size_t size) {
  struct cmsghdr *c = (struct cmsghdr *)(control->bytes + control->size);
  c->cmsg_level = level;
  c->cmsg_type = type;
  c->cmsg_len = CMSG_LEN(size);
  memcpy(CMSG_DATA(c), value, size);
  control->size += CMSG_SPACE(size);
}

static void append_source(struct control *control, struct fino_address source, int scope) {
  if (source.version == 6) {
    struct in6_pktinfo info = {.ipi6_ifindex = (unsigned)scope};
    fino_in6(source, &info.ipi6_addr);
    append(control, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info);
  } else if (source.version == 4) {
    struct in_pktinfo info = {.ipi_spec_dst.s_addr = htonl((uint32_t)source.low)};
    append(control, IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
  }
}

static int is_no_segmentation(int error) {
  return error == EINVAL || error == EIO || error == EMSGSIZE || error == EOPNOTSUPP ||
         error == ENOPROTOOPT;
}

// One message whose datagrams all have `size` bytes, but the last.
static int send_segmented(int fd, struct msghdr *message, struct iovec *pieces, int count,
                          uint16_t size, struct control control) {
  append(&control, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof size);
  message->msg_iov = pieces;
  message->msg_iovlen = 2 * (size_t)count;
  message->msg_control = control.bytes;
  message->msg_controllen = control.size;
  return sendmsg(fd, message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -errno : count;
}

static int send_each(int fd, const struct msghdr *common, struct iovec *pieces, int count) {
  struct mmsghdr messages[MOST_MESSAGES];
  for (int i = 0; i < count; i++) {
    messages[i].msg_hdr = *common;
    messages[i].msg_hdr.msg_iov = pieces + 2 * i;
    messages[i].msg_hdr.msg_iovlen = 2;
  }
  int taken = sendmmsg(fd, messages, (unsigned)count, MSG_DONTWAIT | MSG_NOSIGNAL);
  return taken < 0 ? -errno : taken;
}

int fino_send_train(int fd, struct iovec *pieces, int count, struct fino_address peer,
                    uint16_t port, struct fino_address source, int scope, int *segments) {
  struct fino_socket_address to;
  fino_socket_address(peer, port, scope, &to);
  struct control control = {0};
  append_source(&control, source, scope);
  struct msghdr common = {.msg_name = to.storage,
                          .msg_namelen = to.length,
                          .msg_control = control.size ? control.bytes : NULL,
                          .msg_controllen = control.size};
  if (count == 1) {
    // To copy a short datagram is cheaper than to let the kernel put it together.
    uint8_t datagram[2048];
    size_t first = pieces[0].iov_len, second = pieces[1].iov_len;
    if (control.size == 0 && first + second <= sizeof datagram) {
      memcpy(datagram, pieces[0].iov_base, first);
      if (second > 0) memcpy(datagram + first, pieces[1].iov_base, second);
      return sendto(fd, datagram, first + second, MSG_DONTWAIT | MSG_NOSIGNAL,
                    (struct sockaddr *)to.storage, to.length) < 0
                 ? -errno
                 : 1;
    }
    common.msg_iov = pieces;
    common.msg_iovlen = 2;
    return sendmsg(fd, &common, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -errno : 1;
  }
  size_t size = pieces[0].iov_len + pieces[1].iov_len;
  int together = size > 0 ? (int)(MOST_BYTES / size) : 1;
  if (together > MOST_SEGMENTS) together = MOST_SEGMENTS;
  int sent = 0;
  while (sent < count) {
    int left = count - sent, taken;
    if (*segments && together > 1 && left > 1) {
      struct msghdr message = common;
      taken = send_segmented(fd, &message, pieces + 2 * sent, left < together ? left : together,
                             (uint16_t)size, control);
      if (taken < 0 && is_no_segmentation(-taken)) {
        *segments = 0;
        continue;
      }
    } else {
      taken = send_each(fd, &common, pieces + 2 * sent, left < MOST_MESSAGES ? left : MOST_MESSAGES);
    }
    if (taken <= 0) return sent > 0 ? sent : taken;
    sent += taken;
  }
  return sent;
}
