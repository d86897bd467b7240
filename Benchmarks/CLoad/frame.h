/// CLoad: the frames of boot clients.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "CLoad.h"

/// Ethernet, IPv4, UDP, DHCP with the options of a PXE ROM.
enum { FRAME_MAXIMUM = 640, FRAME_DHCP = 14 + 20 + 8 };

/// A frame of each kind for each of the two architectures, which is filled in for one client.
struct frame_set {
  struct {
    uint8_t bytes[FRAME_MAXIMUM];
    size_t length;
    /// Where the UUID stands.
    size_t uuid;
  } frames[LOAD_KINDS][2];
};

/// Network byte order; the number of bytes.
size_t frame_put16(uint8_t *at, uint16_t value);
size_t frame_put32(uint8_t *at, uint32_t value);
uint16_t frame_get16(const uint8_t *at);
uint32_t frame_get32(const uint8_t *at);

/// RFC 1071.
uint16_t frame_checksum(const uint8_t *bytes, size_t length);

/// Sets what depends on the length of a whole frame. UDP without a checksum, which IPv4 allows.
void frame_set_length(uint8_t *frame, size_t length);

void frame_set_make(struct frame_set *set, const struct load_plan *plan);

/// Copies the frame of `kind` for a client, and answers its length.
size_t frame_fill(const struct frame_set *set, int kind, uint32_t client, uint32_t xid,
                  uint8_t *frame);

/// A frame that is not as it should be: random bytes, flipped bytes, cut short, or broken options.
/// Its xid, if it has one, has the highest bit set.
size_t frame_spoil(const struct frame_set *set, uint64_t *random, uint8_t *frame);

uint64_t frame_random(uint64_t *state);
