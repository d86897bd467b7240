/// CLoad: one client of TFTP, without its socket.
#include "transfer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static size_t option(uint8_t *to, const char *name, unsigned value) {
  size_t length = strlen(name) + 1;
  memcpy(to, name, length);
  return length + (size_t)sprintf((char *)to + length, "%u", value) + 1;
}

/// RFC 1350 §5, RFC 2347.
static size_t request(const struct transfer_file *file, uint8_t *to) {
  size_t name = strlen(file->name) + 1;
  if (name > TRANSFER_MAXIMUM - 128) return 0;
  to[0] = 0;
  to[1] = TFTP_RRQ;
  memcpy(to + 2, file->name, name);
  uint8_t *at = to + 2 + name;
  memcpy(at, "octet", 6);
  at += 6;
  at += option(at, "tsize", 0);
  if (file->blksize) at += option(at, "blksize", file->blksize);
  if (file->windowsize) at += option(at, "windowsize", file->windowsize);
  return (size_t)(at - to);
}

static size_t acknowledge(struct transfer *transfer, uint8_t *to) {
  transfer->unacknowledged = 0;
  to[0] = 0;
  to[1] = TFTP_ACK;
  to[2] = (uint8_t)(transfer->block >> 8);
  to[3] = (uint8_t)transfer->block;
  return 4;
}

size_t transfer_start(struct transfer *transfer, const struct transfer_file *file, uint8_t *to) {
  *transfer = (struct transfer){.blksize = 512, .window = 1, .state = TRANSFER_ASKED};
  return request(file, to);
}

size_t transfer_repeat(const struct transfer *transfer, const struct transfer_file *file,
                       uint8_t *to) {
  struct transfer copy = *transfer;
  return transfer->state == TRANSFER_ASKED ? request(file, to) : acknowledge(&copy, to);
}

/// RFC 2347: what the server has granted; 0 when that is more than was asked, or another file.
static int accept_options(struct transfer *transfer, const struct transfer_file *file,
                          const char *text, size_t length) {
  const char *end = text + length;
  while (text < end) {
    const char *value = memchr(text, 0, (size_t)(end - text));
    if (!value || ++value >= end) return 0;
    const char *next = memchr(value, 0, (size_t)(end - value));
    if (!next) return 0;
    unsigned long long number = strtoull(value, NULL, 10);
    if (!strcasecmp(text, "blksize")) {
      if (number < 8 || number > file->blksize) return 0;
      transfer->blksize = (uint16_t)number;
    } else if (!strcasecmp(text, "windowsize")) {
      if (number < 1 || number > file->windowsize) return 0;
      transfer->window = (uint16_t)number;
    } else if (!strcasecmp(text, "tsize") && number != file->size) {
      return 0;
    }
    text = next + 1;
  }
  return 1;
}

static int receive_data(struct transfer *transfer, const struct transfer_file *file,
                        const uint8_t *datagram, size_t length, uint8_t *to, size_t *answer) {
  uint16_t number = (uint16_t)(datagram[2] << 8 | datagram[3]);
  uint16_t ahead = (uint16_t)(number - (uint16_t)transfer->block);
  if (ahead != 1) {
    // The last one again: our acknowledgment was lost. A later one: a block was.
    if (ahead >= 0x8000 || (ahead && transfer->gap)) return TRANSFER_USELESS;
    transfer->gap = ahead != 0;
    *answer = acknowledge(transfer, to);
    return TRANSFER_REPEAT;
  }
  uint64_t offset = (uint64_t)transfer->block * transfer->blksize;
  if (offset > file->size) return TRANSFER_WRONG;
  uint64_t left = file->size - offset;
  uint64_t wanted = left < transfer->blksize ? left : transfer->blksize;
  if (length - 4 != wanted || memcmp(datagram + 4, file->content + offset, wanted)) {
    return TRANSFER_WRONG;
  }
  transfer->block++;
  transfer->unacknowledged++;
  transfer->gap = 0;
  int last = wanted < transfer->blksize;
  if (!last && transfer->unacknowledged < transfer->window) return TRANSFER_WENT_ON;
  *answer = acknowledge(transfer, to);
  return last ? TRANSFER_WHOLE : TRANSFER_ANSWER;
}

int transfer_receive(struct transfer *transfer, const struct transfer_file *file,
                     const uint8_t *datagram, size_t length, uint8_t *to, size_t *answer) {
  if (length < 4 || datagram[0] || transfer->state == TRANSFER_IDLE) return TRANSFER_USELESS;
  switch (datagram[1]) {
    case TFTP_OACK:
      if (transfer->state == TRANSFER_RUNNING) {
        if (transfer->block) return TRANSFER_USELESS;
        *answer = acknowledge(transfer, to);
        return TRANSFER_REPEAT;
      }
      if (!accept_options(transfer, file, (const char *)datagram + 2, length - 2)) {
        return TRANSFER_WRONG;
      }
      transfer->state = TRANSFER_RUNNING;
      *answer = acknowledge(transfer, to);
      return TRANSFER_ANSWER;
    case TFTP_DATA:
      transfer->state = TRANSFER_RUNNING;
      return receive_data(transfer, file, datagram, length, to, answer);
    case TFTP_ERROR: return TRANSFER_REFUSED;
    default: return TRANSFER_USELESS;
  }
}
