/// CLoad: the frames of boot clients.
#include "frame.h"

#include <string.h>

size_t frame_put16(uint8_t *at, uint16_t value) {
  at[0] = (uint8_t)(value >> 8);
  at[1] = (uint8_t)value;
  return 2;
}

size_t frame_put32(uint8_t *at, uint32_t value) {
  frame_put16(at, (uint16_t)(value >> 16));
  frame_put16(at + 2, (uint16_t)value);
  return 4;
}

uint16_t frame_get16(const uint8_t *at) { return (uint16_t)(at[0] << 8 | at[1]); }

uint32_t frame_get32(const uint8_t *at) {
  return (uint32_t)frame_get16(at) << 16 | frame_get16(at + 2);
}

static size_t option(uint8_t *at, uint8_t code, const void *value, uint8_t length) {
  at[0] = code;
  at[1] = length;
  memcpy(at + 2, value, length);
  return 2u + length;
}

/// RFC 1071.
uint16_t frame_checksum(const uint8_t *bytes, size_t length) {
  uint32_t sum = 0;
  for (size_t i = 0; i < length; i += 2) sum += (uint32_t)(bytes[i] << 8 | bytes[i + 1]);
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return (uint16_t)~sum;
}

/// The lengths that depend on the payload's. UDP without a checksum, which IPv4 allows.
void frame_set_length(uint8_t *frame, size_t length) {
  frame_put16(frame + 14 + 2, (uint16_t)(length - 14));
  frame_put16(frame + 14 + 20 + 4, (uint16_t)(length - 34));
  frame_put16(frame + 14 + 10, 0);
  frame_put16(frame + 14 + 10, frame_checksum(frame + 14, 20));
}

/// RFC 2131 §2, RFC 4578; architecture 0 is BIOS, 1 is x64 UEFI (number 7 in option 93).
static void make(struct frame_set *set, const struct load_plan *plan, int kind, int uefi) {
  static const uint8_t wanted[] = {1, 2, 3, 4, 5, 6, 12, 13, 15, 17, 18, 22, 23, 28, 40, 41, 42,
                                   43, 50, 51, 54, 58, 59, 60, 66, 67, 97, 128, 129, 130, 131,
                                   132, 133, 134, 135};
  static const uint8_t types[LOAD_KINDS] = {1, 3, 8};
  uint8_t *frame = set->frames[kind][uefi].bytes;
  int broadcast = kind == LOAD_DISCOVER;

  if (broadcast) {
    memset(frame, 0xff, 6);
  } else {
    memcpy(frame, plan->server_mac, 6);
  }
  frame_put16(frame + 12, 0x0800);
  uint8_t *ip = frame + 14;
  ip[0] = 0x45;
  ip[8] = 64;
  ip[9] = 17;
  frame_put32(ip + 16, broadcast ? 0xffffffff : plan->server_address);
  // EDK2 asks port 4011 from port 4011, other ROMs from 68.
  frame_put16(ip + 20, !broadcast && uefi ? 4011 : 68);
  frame_put16(ip + 22, broadcast ? 67 : 4011);

  uint8_t *dhcp = frame + FRAME_DHCP;
  dhcp[0] = 1;
  dhcp[1] = 1;
  dhcp[2] = 6;
  // Both ways to answer: EDK2 wants a broadcast, and a ROM takes a frame to its own address.
  frame_put16(dhcp + 10, broadcast && uefi ? 0x8000 : 0);
  frame_put32(dhcp + 236, 0x63825363);

  uint8_t *at = dhcp + 240;
  at += option(at, 53, &types[kind], 1);
  at += option(at, 57, (uint8_t[]){0x05, 0xc0}, 2);
  at += option(at, 55, wanted, sizeof wanted);
  uint8_t uuid[17] = {0};
  set->frames[kind][uefi].uuid = (size_t)(at - frame) + 3;
  at += option(at, 97, uuid, sizeof uuid);
  at += option(at, 94, (uint8_t[]){1, 3, 16}, 3);
  at += option(at, 93, (uint8_t[]){0, uefi ? 7 : 0}, 2);
  if (kind == LOAD_INFORM) {
    // PXE 2.1 §2.2.3: the boot item. The first service is the BIOS', the second one UEFI's.
    at += option(at, 43, (uint8_t[]){71, 4, 0x80, (uint8_t)uefi, 0, 0, 255}, 7);
  }
  const char *class = uefi ? "PXEClient:Arch:00007:UNDI:003016" : "PXEClient:Arch:00000:UNDI:002001";
  at += option(at, 60, class, (uint8_t)strlen(class));
  *at++ = 255;
  set->frames[kind][uefi].length = (size_t)(at - frame);
  frame_set_length(frame, set->frames[kind][uefi].length);
}

void frame_set_make(struct frame_set *set, const struct load_plan *plan) {
  memset(set, 0, sizeof *set);
  for (int kind = 0; kind < LOAD_KINDS; kind++) {
    make(set, plan, kind, 0);
    make(set, plan, kind, 1);
  }
}

size_t frame_fill(const struct frame_set *set, int kind, uint32_t client, uint32_t xid,
                  uint8_t *frame) {
  int uefi = client & 1;
  size_t length = set->frames[kind][uefi].length;
  memcpy(frame, set->frames[kind][uefi].bytes, length);
  uint8_t *dhcp = frame + FRAME_DHCP;
  // Locally administered.
  uint8_t mac[6] = {0x02, 0xbe};
  frame_put32(mac + 2, client);
  memcpy(frame + 6, mac, 6);
  memcpy(dhcp + 28, mac, 6);
  frame_put32(dhcp + 4, xid);
  uint8_t *uuid = frame + set->frames[kind][uefi].uuid;
  frame_put32(uuid, client * 2654435761u);
  frame_put32(uuid + 12, client);
  if (kind != LOAD_DISCOVER) {
    // An address of its own in 10.64.0.0/11, as the network's DHCP server would have given it.
    uint32_t address = 0x0a400000 | (client & 0x1fffff);
    frame_put32(frame + 14 + 12, address);
    frame_put32(dhcp + 12, address);
    frame_put16(frame + 14 + 10, 0);
    frame_put16(frame + 14 + 10, frame_checksum(frame + 14, 20));
  }
  return length;
}

size_t frame_spoil(const struct frame_set *set, uint64_t *random, uint8_t *frame) {
  uint64_t dice = frame_random(random);
  int kind = (int)(dice % LOAD_KINDS);
  uint32_t xid = (uint32_t)(dice >> 8) | 0x80000000;
  size_t length = frame_fill(set, kind, (uint32_t)(dice >> 40), xid, frame);
  switch (dice >> 4 & 3) {
    case 0:  // random bytes
      length = FRAME_DHCP + (size_t)(dice >> 32) % (FRAME_MAXIMUM - FRAME_DHCP);
      for (size_t i = FRAME_DHCP; i < length; i++) frame[i] = (uint8_t)frame_random(random);
      break;
    case 1:  // a few bytes flipped
      for (int i = 0; i < 8; i++) {
        uint64_t flip = frame_random(random);
        frame[FRAME_DHCP + flip % (length - FRAME_DHCP)] ^= (uint8_t)(flip >> 32);
      }
      break;
    case 2:  // cut short
      length = FRAME_DHCP + (size_t)(dice >> 32) % (length - FRAME_DHCP);
      break;
    default:  // options of any length, to the end and beyond it
      for (size_t i = FRAME_DHCP + 240; i < length; i++) frame[i] = (uint8_t)frame_random(random);
  }
  if (length >= FRAME_DHCP + 8) frame[FRAME_DHCP + 4] |= 0x80;
  frame_set_length(frame, length);
  return length;
}

/// splitmix64
uint64_t frame_random(uint64_t *state) {
  uint64_t z = *state += 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}
