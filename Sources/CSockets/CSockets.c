#define _GNU_SOURCE
#include "CSockets.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int fino_epoll_new(void) {
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  return epoll < 0 ? -errno : epoll;
}

int fino_epoll_add(int epoll, int fd, uint64_t token) {
  struct epoll_event event = {.events = EPOLLIN, .data.u64 = token};
  return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

int fino_epoll_remove(int epoll, int fd) {
  return epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL) < 0 ? -errno : 0;
}

int fino_epoll_wait(int epoll, uint64_t *ready, int most, int timeout) {
  struct epoll_event events[256];
  int count = epoll_wait(epoll, events, most < 256 ? most : 256, timeout);
  if (count < 0) return errno == EINTR ? 0 : -errno;
  for (int i = 0; i < count; i++) ready[i] = events[i].data.u64;
  return count;
}

int fino_epoll_spin(int epoll, uint64_t *ready, int most, int nanoseconds) {
  struct timespec start, now;
  clock_gettime(CLOCK_MONOTONIC, &start);
  for (;;) {
    int count = fino_epoll_wait(epoll, ready, most, 0);
    if (count != 0) return count;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if ((now.tv_sec - start.tv_sec) * 1000000000L + now.tv_nsec - start.tv_nsec > nanoseconds)
      return 0;
  }
}

int fino_wake_new(void) {
  int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return wake < 0 ? -errno : wake;
}

void fino_wake(int wake) {
  uint64_t one = 1;
  if (write(wake, &one, sizeof one) < 0) return;  // the counter is full: it is awake already
}

void fino_wake_clear(int wake) {
  uint64_t count;
  if (read(wake, &count, sizeof count) < 0) return;  // nobody woke it
}

static struct sockaddr_storage sockaddr_of(struct fino_address address, uint16_t port, int scope,
                                           socklen_t *length) {
  struct sockaddr_storage storage = {0};
  if (address.version == 6) {
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&storage;
    uint64_t halves[2] = {htobe64(address.high), htobe64(address.low)};
    six->sin6_family = AF_INET6;
    six->sin6_port = htons(port);
    six->sin6_scope_id = (uint32_t)scope;
    memcpy(&six->sin6_addr, halves, sizeof halves);
    *length = sizeof *six;
  } else {
    struct sockaddr_in *four = (struct sockaddr_in *)&storage;
    four->sin_family = AF_INET;
    four->sin_port = htons(port);
    four->sin_addr.s_addr = htonl((uint32_t)address.low);
    *length = sizeof *four;
  }
  return storage;
}

void fino_socket_address(struct fino_address address, uint16_t port, int scope,
                         struct fino_socket_address *to) {
  if (address.version == 6) {
    struct sockaddr_in6 six = {.sin6_family = AF_INET6,
                               .sin6_port = htons(port),
                               .sin6_scope_id = (uint32_t)scope};
    fino_in6(address, &six.sin6_addr);
    memcpy(to->storage, &six, to->length = sizeof six);
  } else {
    struct sockaddr_in four = {.sin_family = AF_INET,
                               .sin_port = htons(port),
                               .sin_addr.s_addr = htonl((uint32_t)address.low)};
    memcpy(to->storage, &four, to->length = sizeof four);
  }
}

void fino_in6(struct fino_address address, void *in6) {
  uint64_t halves[2] = {htobe64(address.high), htobe64(address.low)};
  memcpy(in6, halves, sizeof halves);
}

static struct fino_address address_of4(struct in_addr address) {
  return (struct fino_address){.version = 4, .low = ntohl(address.s_addr)};
}

static struct fino_address address_of6(struct in6_addr address) {
  uint64_t halves[2];
  memcpy(halves, &address, sizeof halves);
  return (struct fino_address){.version = 6, .high = be64toh(halves[0]), .low = be64toh(halves[1])};
}

struct fino_address fino_address_of(const struct sockaddr_storage *storage, uint16_t *port) {
  if (storage->ss_family == AF_INET6) {
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)storage;
    *port = ntohs(six->sin6_port);
    return address_of6(six->sin6_addr);
  }
  if (storage->ss_family != AF_INET) {
    *port = 0;
    return (struct fino_address){0};
  }
  const struct sockaddr_in *four = (const struct sockaddr_in *)storage;
  *port = ntohs(four->sin_port);
  return address_of4(four->sin_addr);
}

int fino_udp_open(int version) {
  int on = 1;
  int fd = socket(version == 6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -errno;
  // IPv6 sockets leave IPv4 to those of IPv4: each address has a listener of its own.
  int result = version == 6
                   ? setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) |
                         setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on)
                   : setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on) |
                         setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
  if (result == 0) return fd;
  int error = errno;
  close(fd);
  return -error;
}

int fino_udp_bind(int fd, struct fino_address address, uint16_t port, int scope) {
  socklen_t length;
  struct sockaddr_storage local = sockaddr_of(address, port, scope, &length);
  return bind(fd, (struct sockaddr *)&local, length) < 0 ? -errno : 0;
}

int fino_udp_connect(int fd, struct fino_address address, uint16_t port, int scope) {
  socklen_t length;
  struct sockaddr_storage peer = sockaddr_of(address, port, scope, &length);
  return connect(fd, (struct sockaddr *)&peer, length) < 0 ? -errno : 0;
}

void fino_make_room(int fd) {
  int bytes = 4 << 20;
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) < 0)
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes) < 0)
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
}

int fino_udp_deafen(int fd) {
  struct sock_filter code[] = {BPF_STMT(BPF_RET | BPF_K, 0)};
  struct sock_fprog program = {.len = 1, .filter = code};
  return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) < 0 ? -errno : 0;
}

int fino_udp_local(int fd, struct fino_address *address, uint16_t *port) {
  struct sockaddr_storage local = {0};
  socklen_t length = sizeof local;
  if (getsockname(fd, (struct sockaddr *)&local, &length) < 0) return -errno;
  *address = fino_address_of(&local, port);
  return 0;
}

int fino_udp_join(int fd, struct fino_address group, int interface) {
  uint64_t halves[2] = {htobe64(group.high), htobe64(group.low)};
  struct ipv6_mreq request = {.ipv6mr_interface = (unsigned)interface};
  memcpy(&request.ipv6mr_multiaddr, halves, sizeof halves);
  return setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &request, sizeof request) < 0 ? -errno : 0;
}

struct slot {
  struct sockaddr_storage source;
  struct iovec data;
  union {
    char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo))];
    struct cmsghdr align;
  } control;
};

struct fino_batch {
  int messages;
  size_t bytes;
  struct mmsghdr *headers;
  struct slot *slots;
  uint8_t *arena;
};

struct fino_batch *fino_batch_new(int messages, size_t bytes) {
  struct fino_batch *batch = calloc(1, sizeof *batch);
  if (!batch) return NULL;
  batch->messages = messages;
  batch->bytes = bytes;
  batch->headers = calloc((size_t)messages, sizeof *batch->headers);
  batch->slots = calloc((size_t)messages, sizeof *batch->slots);
  batch->arena = malloc((size_t)messages * bytes);
  if (!batch->headers || !batch->slots || !batch->arena) {
    fino_batch_free(batch);
    return NULL;
  }
  return batch;
}

void fino_batch_free(struct fino_batch *batch) {
  if (!batch) return;
  free(batch->headers);
  free(batch->slots);
  free(batch->arena);
  free(batch);
}

uint8_t *fino_batch_arena(struct fino_batch *batch) { return batch->arena; }

int fino_receive(int fd, struct fino_batch *batch, int most) {
  if (most > batch->messages) most = batch->messages;
  for (int i = 0; i < most; i++) {
    struct slot *slot = &batch->slots[i];
    slot->data = (struct iovec){batch->arena + (size_t)i * batch->bytes, batch->bytes};
    batch->headers[i].msg_hdr = (struct msghdr){
        .msg_name = &slot->source,
        .msg_namelen = sizeof slot->source,
        .msg_iov = &slot->data,
        .msg_iovlen = 1,
        .msg_control = slot->control.bytes,
        .msg_controllen = sizeof slot->control.bytes,
    };
    slot->source.ss_family = AF_UNSPEC;
  }
  int count = recvmmsg(fd, batch->headers, (unsigned)most, MSG_DONTWAIT, NULL);
  if (count >= 0) return count;
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : -errno;
}

struct fino_message fino_batch_message(const struct fino_batch *batch, int index) {
  const struct mmsghdr *header = &batch->headers[index];
  const struct slot *slot = &batch->slots[index];
  struct fino_message message = {
      .bytes = slot->data.iov_base,
      .count = header->msg_len,
      .truncated = (header->msg_hdr.msg_flags & MSG_TRUNC) != 0,
  };
  message.source = fino_address_of(&slot->source, &message.source_port);
  if (slot->source.ss_family == AF_PACKET) {
    const struct sockaddr_ll *link = (const struct sockaddr_ll *)&slot->source;
    message.has_hardware = link->sll_halen == sizeof message.hardware;
    memcpy(message.hardware, link->sll_addr, sizeof message.hardware);
  }
  struct msghdr *control = (struct msghdr *)&header->msg_hdr;
  for (struct cmsghdr *c = CMSG_FIRSTHDR(control); c; c = CMSG_NXTHDR(control, c)) {
    if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
      struct in_pktinfo info;
      memcpy(&info, CMSG_DATA(c), sizeof info);
      message.destination = address_of4(info.ipi_addr);
      message.local = address_of4(info.ipi_spec_dst);
      message.interface = info.ipi_ifindex;
    } else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
      struct in6_pktinfo info;
      memcpy(&info, CMSG_DATA(c), sizeof info);
      message.destination = address_of6(info.ipi6_addr);
      if (!IN6_IS_ADDR_MULTICAST(&info.ipi6_addr)) message.local = message.destination;
      message.interface = (int)info.ipi6_ifindex;
    }
  }
  return message;
}

int fino_send(int fd, const uint8_t *bytes, size_t count, struct fino_address destination,
              uint16_t port, struct fino_address source, int scope) {
  struct iovec data = {(void *)bytes, count};
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1};
  struct sockaddr_storage to;
  if (destination.version != 0) {
    to = sockaddr_of(destination, port, scope, &message.msg_namelen);
    message.msg_name = &to;
  }
  union {
    char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo))];
    struct cmsghdr align;
  } control = {0};
  if (source.version != 0) {
    int is_six = source.version == 6;
    size_t size = is_six ? sizeof(struct in6_pktinfo) : sizeof(struct in_pktinfo);
    message.msg_control = control.bytes;
    message.msg_controllen = CMSG_SPACE(size);
    struct cmsghdr *c = CMSG_FIRSTHDR(&message);
    c->cmsg_level = is_six ? IPPROTO_IPV6 : IPPROTO_IP;
    c->cmsg_type = is_six ? IPV6_PKTINFO : IP_PKTINFO;
    c->cmsg_len = CMSG_LEN(size);
    if (is_six) {
      uint64_t halves[2] = {htobe64(source.high), htobe64(source.low)};
      struct in6_pktinfo info = {.ipi6_ifindex = (unsigned)scope};
      memcpy(&info.ipi6_addr, halves, sizeof halves);
      memcpy(CMSG_DATA(c), &info, sizeof info);
    } else {
      struct in_pktinfo info = {.ipi_spec_dst.s_addr = htonl((uint32_t)source.low)};
      memcpy(CMSG_DATA(c), &info, sizeof info);
    }
  }
  return sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -errno : 0;
}

void fino_name_thread(const char *name) { (void)prctl(PR_SET_NAME, name); }
