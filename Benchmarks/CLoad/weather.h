/// CLoad: a cable that is long and loses packets, for kernels without netem.
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { WEATHER_FRAME = 1536 };

/// One direction of the cable. Frames keep their order.
struct weather {
  struct held *frames;
  uint64_t next, oldest;
  uint64_t delay;
  /// Of 2^32.
  uint64_t loss;
  uint64_t random;
  /// Frames that were lost on purpose, and those for which there was no room.
  uint64_t lost, overflowed;
};

/// Nanoseconds, and the share that is lost. 0, or -errno.
int weather_make(struct weather *weather, uint64_t delay, double loss, uint64_t seed);
void weather_end(struct weather *weather);

/// Nothing is delayed or lost.
int weather_is_fine(const struct weather *weather);

/// Puts a frame on the cable.
void weather_send(struct weather *weather, const uint8_t *frame, size_t length, uint64_t now);

/// The next frame that has arrived, or NULL. It stays valid until the next call of weather_send.
const uint8_t *weather_receive(struct weather *weather, uint64_t now, size_t *length);
