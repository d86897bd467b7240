#ifndef CSOCKETS_H
#define CSOCKETS_H

// What Swift's Glibc module lacks: epoll, eventfd, batched receive, control messages, AF_PACKET.
// Addresses and ports are in host byte order on this side of the boundary. Results below zero are
// -errno.

#include <stddef.h>
#include <stdint.h>

// --- Readiness

int fino_epoll_new(void);
int fino_epoll_add(int epoll, int fd);
int fino_epoll_remove(int epoll, int fd);
// Fills `ready` with up to `most` descriptors; timeout in milliseconds, -1 waits for ever.
int fino_epoll_wait(int epoll, int *ready, int most, int timeout);

int fino_wake_new(void);
void fino_wake(int wake);
void fino_wake_clear(int wake);

// --- Datagrams

struct fino_batch;

struct fino_batch *fino_batch_new(int messages, size_t bytes);
void fino_batch_free(struct fino_batch *batch);

struct fino_message {
  const uint8_t *bytes;
  size_t count;
  uint32_t source;       // IPv4
  uint16_t source_port;
  uint32_t destination;  // IPv4 header's destination; 0 where the kernel did not say
  uint32_t local;        // the address of ours that the kernel would answer from
  int interface;         // index; 0 where the kernel did not say
  int truncated;
};

// How many messages arrived (0 when none waits).
int fino_receive(int fd, struct fino_batch *batch);
struct fino_message fino_batch_message(const struct fino_batch *batch, int index);

// Sends one datagram; `source` 0 lets the kernel choose the address, `port` 0 is for a connected
// socket.
int fino_send(int fd, const uint8_t *bytes, size_t count, uint32_t destination, uint16_t port,
              uint32_t source);

// --- Link layer

int fino_packet_open(int interface);
// Sends an IPv4 packet in a frame to `hardware` (6 bytes).
int fino_packet_send(int fd, int interface, const uint8_t *hardware, const uint8_t *bytes,
                     size_t count);

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
