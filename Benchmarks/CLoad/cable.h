/// CLoad: a raw socket, many frames a system call, and the weather on its cable.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "weather.h"

/// A frame that comes may be a train of datagrams that the server's kernel was given as one
/// (UDP_SEGMENT); the odd length keeps the buffers from sharing the same lines of the cache.
enum { CABLE_BATCH = 64, CABLE_FRAME = 640, CABLE_TRAIN = 65536 + 832 };

struct cable {
  int socket;
  /// -errno; nothing works from then on.
  int failed;
  struct weather out, in;
  /// Frames that wait to be sent.
  int count;
  uint8_t (*receive_bytes)[CABLE_TRAIN];
  uint8_t send_bytes[CABLE_BATCH][CABLE_FRAME];
  struct iovec send_data[CABLE_BATCH], receive_data[CABLE_BATCH];
  struct mmsghdr send_headers[CABLE_BATCH], receive_headers[CABLE_BATCH];
};

/// `delay`: nanoseconds of a round trip. 0, or -errno.
int cable_make(struct cable *cable, int socket, uint64_t delay, double loss, uint64_t seed);
void cable_end(struct cable *cable);

/// At most CABLE_FRAME bytes; goes out when the batch is full, at cable_flush, or after the delay.
void cable_send(struct cable *cable, const uint8_t *frame, size_t length, uint64_t time);
void cable_flush(struct cable *cable);

/// Takes what the kernel has. How many; CABLE_BATCH: there may be more.
int cable_take(struct cable *cable);
const uint8_t *cable_taken(struct cable *cable, int index, size_t *length);

/// What was delayed and is due now goes out. Whether there was any.
int cable_send_due(struct cable *cable, uint64_t time);
