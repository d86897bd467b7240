#define _GNU_SOURCE
#include "CSockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

int fino_epoll_new(void) {
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  return epoll < 0 ? -errno : epoll;
}

int fino_epoll_add(int epoll, int fd) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

int fino_epoll_remove(int epoll, int fd) {
  return epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL) < 0 ? -errno : 0;
}

int fino_epoll_wait(int epoll, int *ready, int most, int timeout) {
  struct epoll_event events[64];
  int count = epoll_wait(epoll, events, most < 64 ? most : 64, timeout);
  if (count < 0) return errno == EINTR ? 0 : -errno;
  for (int i = 0; i < count; i++) ready[i] = events[i].data.fd;
  return count;
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

struct slot {
  struct sockaddr_in source;
  struct iovec data;
  union {
    char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
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

int fino_receive(int fd, struct fino_batch *batch) {
  for (int i = 0; i < batch->messages; i++) {
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
    slot->source = (struct sockaddr_in){0};
  }
  int count = recvmmsg(fd, batch->headers, (unsigned)batch->messages, MSG_DONTWAIT, NULL);
  if (count >= 0) return count;
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : -errno;
}

struct fino_message fino_batch_message(const struct fino_batch *batch, int index) {
  const struct mmsghdr *header = &batch->headers[index];
  const struct slot *slot = &batch->slots[index];
  struct fino_message message = {
      .bytes = slot->data.iov_base,
      .count = header->msg_len,
      .source = ntohl(slot->source.sin_addr.s_addr),
      .source_port = ntohs(slot->source.sin_port),
      .truncated = (header->msg_hdr.msg_flags & MSG_TRUNC) != 0,
  };
  struct msghdr *control = (struct msghdr *)&header->msg_hdr;
  for (struct cmsghdr *c = CMSG_FIRSTHDR(control); c; c = CMSG_NXTHDR(control, c)) {
    if (c->cmsg_level != IPPROTO_IP || c->cmsg_type != IP_PKTINFO) continue;
    struct in_pktinfo info;
    memcpy(&info, CMSG_DATA(c), sizeof info);
    message.destination = ntohl(info.ipi_addr.s_addr);
    message.local = ntohl(info.ipi_spec_dst.s_addr);
    message.interface = info.ipi_ifindex;
  }
  return message;
}

int fino_send(int fd, const uint8_t *bytes, size_t count, uint32_t destination, uint16_t port,
              uint32_t source) {
  struct sockaddr_in to = {
      .sin_family = AF_INET,
      .sin_port = htons(port),
      .sin_addr.s_addr = htonl(destination),
  };
  struct iovec data = {(void *)bytes, count};
  union {
    char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
    struct cmsghdr align;
  } control = {0};
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1};
  if (port != 0) {
    message.msg_name = &to;
    message.msg_namelen = sizeof to;
  }
  if (source != 0) {
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    struct cmsghdr *c = CMSG_FIRSTHDR(&message);
    c->cmsg_level = IPPROTO_IP;
    c->cmsg_type = IP_PKTINFO;
    c->cmsg_len = CMSG_LEN(sizeof(struct in_pktinfo));
    struct in_pktinfo info = {.ipi_spec_dst.s_addr = htonl(source)};
    memcpy(CMSG_DATA(c), &info, sizeof info);
  }
  return sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -errno : 0;
}

int fino_packet_open(int interface) {
  // Protocol 0: this socket only sends.
  int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -errno;
  struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_ifindex = interface};
  if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0) {
    int error = errno;
    close(fd);
    return -error;
  }
  return fd;
}

int fino_packet_send(int fd, int interface, const uint8_t *hardware, const uint8_t *bytes,
                     size_t count) {
  struct sockaddr_ll to = {
      .sll_family = AF_PACKET,
      .sll_protocol = htons(ETH_P_IP),
      .sll_ifindex = interface,
      .sll_halen = 6,
  };
  memcpy(to.sll_addr, hardware, 6);
  ssize_t sent = sendto(fd, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&to,
                        sizeof to);
  return sent < 0 ? -errno : 0;
}
