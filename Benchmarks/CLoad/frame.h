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

void frame_set_make(struct frame_set *set, const struct load_plan *plan);

/// Copies the frame of `kind` for a client, and answers its length.
size_t frame_fill(const struct frame_set *set, int kind, uint32_t client, uint32_t xid,
                  uint8_t *frame);

/// A frame that is not as it should be: random bytes, flipped bytes, cut short, or broken options.
/// Its xid, if it has one, has the highest bit set.
size_t frame_spoil(const struct frame_set *set, uint64_t *random, uint8_t *frame);

uint64_t frame_random(uint64_t *state);
