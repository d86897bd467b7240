#ifndef CSOCKETS_H
#define CSOCKETS_H

// What Swift's Glibc module lacks: epoll, eventfd, batched receive, control messages, AF_PACKET,
// netlink, adjtimex.
// Addresses and ports are in host byte order on this side of the boundary. Results below zero are
// -errno.

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

// --- Readiness

int fino_epoll_new(void);
int fino_epoll_add(int epoll, int fd, uint64_t token);
int fino_epoll_remove(int epoll, int fd);
// Fills `ready` with the tokens of up to `most` descriptors; timeout in milliseconds, -1 waits for
// ever.
int fino_epoll_wait(int epoll, uint64_t *ready, int most, int timeout);

// The same without sleeping, for so long at most.
int fino_epoll_spin(int epoll, uint64_t *ready, int most, int nanoseconds);

int fino_wake_new(void);
void fino_wake(int wake);
void fino_wake_clear(int wake);

// --- Datagrams

// An IP address in host byte order; an IPv4 address is in `low`.
struct fino_address {
  int version;  // 4, 6, or 0 for none
  uint64_t high, low;
};

// A UDP socket of that version of IP, close-on-exec and non-blocking, which tells of each datagram
// where it was sent to.
int fino_udp_open(int version);
// `scope` is the index of the interface that a link-local address belongs to, or 0.
int fino_udp_bind(int fd, struct fino_address address, uint16_t port, int scope);
int fino_udp_connect(int fd, struct fino_address address, uint16_t port, int scope);
// Buffers for a service that everybody asks at once: 4 MiB in each direction, or without the right to
// that what the kernel gives.
void fino_make_room(int fd);
// Receives nothing from now on, and says nothing about it to whoever sends (no "port unreachable").
int fino_udp_deafen(int fd);
// Our end of the socket.
int fino_udp_local(int fd, struct fino_address *address, uint16_t *port);
// Joins an IPv6 multicast group on an interface.
int fino_udp_join(int fd, struct fino_address group, int interface);

struct fino_batch;

struct fino_batch *fino_batch_new(int messages, size_t bytes);
void fino_batch_free(struct fino_batch *batch);

// The memory of the messages.
uint8_t *fino_batch_arena(struct fino_batch *batch);

struct fino_message {
  const uint8_t *bytes;
  size_t count;
  struct fino_address source;
  uint16_t source_port;
  struct fino_address destination;  // the IP header's; none where the kernel did not say
  struct fino_address local;        // the address of ours that the kernel would answer from
  int interface;                    // index; 0 where the kernel did not say
  int truncated;
  int has_hardware;  // of a captured message: the Ethernet address of whoever put it on the link
  uint8_t hardware[6];
};

// How many messages arrived, at most `most` (0 when none waits).
int fino_receive(int fd, struct fino_batch *batch, int most);
struct fino_message fino_batch_message(const struct fino_batch *batch, int index);

// Sends one datagram. Source none lets the kernel choose; destination none is for a connected
// socket.
int fino_send(int fd, const uint8_t *bytes, size_t count, struct fino_address destination,
              uint16_t port, struct fino_address source, int scope);

// --- Many datagrams at a time

struct fino_port_options {
  const char *interface;  // NULL: any
  int tells_destination;  // of each datagram, where it was sent to
  int shares_load;        // with other sockets of ours at the same port (SO_REUSEPORT)
  int buffer;             // bytes of the kernel's buffers in each direction; 0: as they come
};

// A UDP socket bound to that address and port, close-on-exec and non-blocking.
int fino_port_open(struct fino_address address, uint16_t port, int scope,
                   const struct fino_port_options *options);
// Takes one datagram: its whole length, also where `bytes` has less room, or -errno.
int fino_take(int fd, uint8_t *bytes, size_t room, struct fino_address *source, uint16_t *port);
// Whether this kernel cuts one message into datagrams (UDP_SEGMENT, Linux 4.18).
int fino_can_segment(void);
// How many processors this process may run on.
int fino_processors(void);

// Sends `count` datagrams to one peer, each made of two of `pieces`; all but the last are of one size.
// `segments`: whether the kernel is to cut them; cleared when it turns out that it can't. How many it
// took, or -errno when it did not take the first.
int fino_send_train(int fd, struct iovec *pieces, int count, struct fino_address peer,
                    uint16_t port, struct fino_address source, int scope, int *segments);

// --- Addresses, for the files of this target

struct fino_socket_address {
  unsigned length;
  _Alignas(8) char storage[28];
};
void fino_socket_address(struct fino_address address, uint16_t port, int scope,
                         struct fino_socket_address *to);
void fino_in6(struct fino_address address, void *in6);
struct sockaddr_storage;
struct fino_address fino_address_of(const struct sockaddr_storage *storage, uint16_t *port);

// --- Below UDP; all of these need CAP_NET_RAW

// Hears the DHCP messages (IPv4, with the magic cookie) to UDP port `port` that arrive at one
// interface, whoever owns the port; with `both_ways` also those that leave this host through it. A
// message is an IP packet, without the link layer's header.
int fino_capture_open(int interface, uint16_t port, int both_ways);

// Counts what arrives for these ports and is no DHCP message; fino_frames_counts tells it.
int fino_refused_open(int interface, uint16_t port, uint16_t other_port);

// Whole frames of one interface, both ways, as a program of classic BPF lets them pass; `promiscuous`
// also those to other machines.
struct fino_instruction {  // struct sock_filter
  uint16_t code;
  uint8_t if_true, if_false;
  uint32_t operand;
};
int fino_frames_open(int interface, const struct fino_instruction *program, int count,
                     int promiscuous);
// The kind of the interface's links, ARPHRD_…, or -errno.
int fino_frames_link(int fd, int interface);

struct fino_frame_batch;

// Room for `frames` of `bytes` each; longer ones are cut.
struct fino_frame_batch *fino_frame_batch_new(int frames, size_t bytes);
void fino_frame_batch_free(struct fino_frame_batch *batch);

struct fino_captured {
  const uint8_t *bytes;
  size_t count;
  size_t original;  // bytes of the frame on the wire
  uint64_t time;    // nanoseconds since 1970, the kernel's
  int outgoing;
};

// How many frames came (0 when none waits). A VLAN tag that the kernel took out is put back.
int fino_frames_receive(int fd, struct fino_frame_batch *batch);
struct fino_captured fino_frame_batch_frame(const struct fino_frame_batch *batch, int index);
// Frames since the last call that passed the filter, and those of them for which there was no room.
int fino_frames_counts(int fd, uint32_t *passed, uint32_t *dropped);

// Sends only.
int fino_packet_open(int interface);

// One frame to `hardware`, around `count` bytes of an arena that begin at `offset`.
struct fino_frame {
  uint8_t hardware[6];
  size_t offset, count;
};

// Sends IPv4 packets in frames, until the kernel refuses one. How many it took, or -errno when it
// was the first.
int fino_packet_send(int fd, int interface, const uint8_t *arena, const struct fino_frame *frames,
                     int count);

// Sends only: IPv4 packets with a header of ours, which the kernel routes.
int fino_raw_open(void);
int fino_raw_send(int fd, const uint8_t *packet, size_t count, struct fino_address destination,
                  struct fino_address source);

// --- Interfaces

// A socket that can be read whenever a link or an address of this machine comes, goes or changes.
int fino_link_watch_open(void);
// Bytes of the largest IP packet, or -errno.
int fino_interface_mtu(const char *name);

// --- Memory

// Gives the pages of this program's code back to the page cache; those that are needed come again by
// themselves, without a read. What ran at the start alone is most of them.
void fino_forget_code_pages(void);

// --- Threads

// Names the calling thread, for `top -H`; the kernel takes the first 15 bytes.
void fino_name_thread(const char *name);

// --- Clock

// Whether something keeps the clock right: 1 or 0, or -errno (adjtimex(2)).
int fino_clock_is_kept(void);

// --- TCP

// The beginning of the kernel's struct tcp_info (linux/tcp.h): glibc's own ends too early.
struct fino_tcp_info {
  uint8_t states[8];
  uint32_t rto, ato, snd_mss, rcv_mss;
  uint32_t unacked;  // segments on their way
  uint32_t counters[19];
  uint64_t pacing_rate, max_pacing_rate, bytes_acked, bytes_received;
  uint32_t segments[2];
  uint32_t notsent_bytes;  // in our buffer still
  uint32_t min_rtt;
};

enum { FINO_TCP_INFO = 11 };

#endif
