#define _GNU_SOURCE
#include "CSockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static int close_failed(int fd) {
  int error = errno;
  close(fd);
  return -error;
}

int fino_frames_open(int interface, const struct fino_instruction *program, int count,
                     int promiscuous) {
  _Static_assert(sizeof(struct fino_instruction) == sizeof(struct sock_filter), "sock_filter");
  // Protocol 0 hears nothing: not before the filter is there.
  int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -errno;
  struct sock_fprog filter = {
      .len = (unsigned short)count,
      .filter = (struct sock_filter *)(void *)program,
  };
  int on = 1;
  // A burst at the speed of the link, while the disk is busy.
  int room = 32 << 20;
  if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) < 0 ||
      setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof on) < 0 ||
      setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) < 0)
    return close_failed(fd);
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) < 0)
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  struct sockaddr_ll address = {
      .sll_family = AF_PACKET,
      .sll_protocol = htons(ETH_P_ALL),
      .sll_ifindex = interface,
  };
  if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0) return close_failed(fd);
  if (promiscuous) {
    struct packet_mreq request = {.mr_ifindex = interface, .mr_type = PACKET_MR_PROMISC};
    if (setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request, sizeof request) < 0)
      return close_failed(fd);
  }
  return fd;
}

int fino_frames_link(int fd, int interface) {
  struct ifreq request = {.ifr_ifindex = interface};
  if (ioctl(fd, SIOCGIFNAME, &request) < 0 || ioctl(fd, SIOCGIFHWADDR, &request) < 0)
    return -errno;
  return request.ifr_hwaddr.sa_family;
}

enum { tag_bytes = 4, addresses_bytes = 12 };

struct frame_slot {
  struct sockaddr_ll from;
  struct iovec data;
  struct fino_captured frame;
  union {
    char bytes[CMSG_SPACE(sizeof(struct tpacket_auxdata)) + CMSG_SPACE(sizeof(struct timespec))];
    struct cmsghdr align;
  } control;
};

struct fino_frame_batch {
  int frames;
  size_t bytes;
  struct mmsghdr *headers;
  struct frame_slot *slots;
  uint8_t *arena;
};

struct fino_frame_batch *fino_frame_batch_new(int frames, size_t bytes) {
  struct fino_frame_batch *batch = calloc(1, sizeof *batch);
  if (!batch) return NULL;
  batch->frames = frames;
  batch->bytes = bytes + tag_bytes;  // the tag goes in front
  batch->headers = calloc((size_t)frames, sizeof *batch->headers);
  batch->slots = calloc((size_t)frames, sizeof *batch->slots);
  batch->arena = malloc((size_t)frames * batch->bytes);
  if (!batch->headers || !batch->slots || !batch->arena) {
    fino_frame_batch_free(batch);
    return NULL;
  }
  return batch;
}

void fino_frame_batch_free(struct fino_frame_batch *batch) {
  if (!batch) return;
  free(batch->headers);
  free(batch->slots);
  free(batch->arena);
  free(batch);
}

static void read_frame(struct frame_slot *slot, struct msghdr *header, size_t received) {
  uint8_t *bytes = slot->data.iov_base;
  size_t kept = received < slot->data.iov_len ? received : slot->data.iov_len;
  struct fino_captured *frame = &slot->frame;
  *frame = (struct fino_captured){
      .original = received,  // MSG_TRUNC: the length on the wire, whatever was kept
      .outgoing = slot->from.sll_pkttype == PACKET_OUTGOING,
  };
  for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c)) {
    if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
      struct timespec time;
      memcpy(&time, CMSG_DATA(c), sizeof time);
      frame->time = (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
    } else if (c->cmsg_level == SOL_PACKET && c->cmsg_type == PACKET_AUXDATA) {
      struct tpacket_auxdata aux;
      memcpy(&aux, CMSG_DATA(c), sizeof aux);
      // The filter's answer cut it in the kernel.
      if (aux.tp_len > frame->original) frame->original = aux.tp_len;
      if (!(aux.tp_status & TP_STATUS_VLAN_VALID) || kept < addresses_bytes) continue;
      uint16_t type = aux.tp_status & TP_STATUS_VLAN_TPID_VALID ? aux.tp_vlan_tpid : ETH_P_8021Q;
      uint16_t tag[2] = {htons(type), htons(aux.tp_vlan_tci)};
      memmove(bytes - tag_bytes, bytes, addresses_bytes);
      memcpy(bytes - tag_bytes + addresses_bytes, tag, sizeof tag);
      bytes -= tag_bytes;
      kept += tag_bytes;
      frame->original += tag_bytes;
    }
  }
  if (frame->time == 0) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    frame->time = (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
  }
  frame->bytes = bytes;
  frame->count = kept;
}

int fino_frames_receive(int fd, struct fino_frame_batch *batch) {
  for (int i = 0; i < batch->frames; i++) {
    struct frame_slot *slot = &batch->slots[i];
    slot->data = (struct iovec){batch->arena + (size_t)i * batch->bytes + tag_bytes,
                                batch->bytes - tag_bytes};
    batch->headers[i].msg_hdr = (struct msghdr){
        .msg_name = &slot->from,
        .msg_namelen = sizeof slot->from,
        .msg_iov = &slot->data,
        .msg_iovlen = 1,
        .msg_control = slot->control.bytes,
        .msg_controllen = sizeof slot->control.bytes,
    };
  }
  int count = recvmmsg(fd, batch->headers, (unsigned)batch->frames, MSG_DONTWAIT | MSG_TRUNC, NULL);
  if (count < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : -errno;
  for (int i = 0; i < count; i++)
    read_frame(&batch->slots[i], &batch->headers[i].msg_hdr, batch->headers[i].msg_len);
  return count;
}

struct fino_captured fino_frame_batch_frame(const struct fino_frame_batch *batch, int index) {
  return batch->slots[index].frame;
}

int fino_frames_counts(int fd, uint32_t *passed, uint32_t *dropped) {
  struct tpacket_stats counts = {0};
  socklen_t length = sizeof counts;
  if (getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &counts, &length) < 0) return -errno;
  *passed = counts.tp_packets;
  *dropped = counts.tp_drops;
  return 0;
}
