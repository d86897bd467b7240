/// CLoad: TFTP clients by the thousand, on one raw socket and one thread.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "CLoad.h"

struct tftp_plan {
  /// Of load_open.
  int socket;
  uint8_t server_mac[6];
  uint16_t server_port;
  /// Host byte order.
  uint32_t server_address;
  /// Clients that fetch at any time, each with an address of its own; each transfer has a port of
  /// its own.
  uint32_t clients;
  /// What is fetched, and what it must be.
  const char *name;
  const uint8_t *content;
  uint64_t size;
  /// Asked for; 0: not.
  uint16_t blksize;
  uint16_t windowsize;
  /// No transfer starts after either is reached; 0 transfers is no limit.
  uint64_t transfers;
  double seconds;
  /// The cable: nanoseconds of a round trip, and the share of the datagrams that is lost.
  uint64_t delay;
  double loss;
  uint64_t seed;
};

struct tftp_result {
  uint64_t started;
  uint64_t finished;
  /// Transfers without an answer for 30 s, that were refused, and whose bytes were not the file's.
  uint64_t silent, refused, wrong;
  /// What the server said when it refused last.
  char refusal[64];
  /// Bytes of the file that arrived within `elapsed`.
  uint64_t bytes;
  /// Nanoseconds: until the time was up, or the last transfer was over.
  uint64_t elapsed;
  /// Nanoseconds of it in which there was nothing to do.
  uint64_t idle;
  /// Requests and acknowledgments that were sent again.
  uint64_t repeats;
  /// Datagrams that nobody waited for.
  uint64_t useless;
  /// Datagrams that the cable lost, and those that it had no room for.
  uint64_t lost, overflowed;
  /// What each client was granted last.
  uint16_t blksize;
  uint16_t windowsize;
  /// Of whole transfers, from the request to the last block.
  uint64_t slowest;
  uint64_t times[LOAD_BUCKETS];
};

/// Fetches, checks every byte, and counts. 0, or -errno.
int tftp_run(const struct tftp_plan *plan, struct tftp_result *result);
