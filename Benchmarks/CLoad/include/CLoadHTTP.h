/// CLoad: HTTP clients by the thousand, on one thread.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "CLoad.h"

/// What each client does.
enum {
  /// Asks, reads the answer as fast as it comes, and asks again on the same connection.
  HTTP_FETCH,
  /// Asks once and reads `pace` bytes a second.
  HTTP_SLOW,
  /// Sends a head that never ends, `pace` bytes a second of it.
  HTTP_HALF_HEAD
};

/// What of the last answer's body is kept.
enum { HTTP_SAMPLE = 4096 };

struct http_plan {
  /// Whose network namespace the clients are in.
  int pid;
  /// Host byte order. Clients take `addresses` addresses from `first_address` on in turn; with 0
  /// the kernel chooses.
  uint32_t server_address, first_address, addresses;
  uint16_t server_port;
  int kind;
  uint32_t connections;
  /// What the requests of a connection ask for, in turn. `%m` becomes a MAC address of 12 digits,
  /// another one for each request until all `machines` have had their turn.
  const char *paths[8];
  uint32_t path_count;
  uint32_t machines;
  /// Further lines of the head, each with its CR LF; or null.
  const char *lines;
  /// A range of so many bytes at a random offset, a multiple of 512, in a file of `file_size`; 0:
  /// all of it.
  uint64_t range, file_size;
  uint64_t pace;
  /// Ends when either is reached; 0 requests is no limit.
  uint64_t requests;
  double seconds;
  uint64_t seed;
  /// The bodies must be http_pattern's of their offset. Else the kernel drops them, uncopied.
  int verify;
  /// SO_RCVBUF in bytes; 0: the kernel's choice.
  int receive_buffer;
  /// A new connection for each request.
  int one_each;
  /// The load ends when this descriptor can be read; -1: none.
  int stop;
  /// Gets a byte when all clients are connected and have asked; -1: none.
  int started;
};

struct http_result {
  uint64_t asked;
  /// Whole answers, and bytes of bodies, also of those that are not whole.
  uint64_t answered;
  uint64_t bytes;
  /// Answers of status 400 and above; connections that ended before their answer; bodies with a
  /// wrong byte. The last status that was none of 200 and 206.
  uint64_t refused, broken, wrong;
  int status;
  /// Nanoseconds, from the first request; and processor time of this thread.
  uint64_t elapsed, busy;
  /// From the request to the first byte of the body, and to the last.
  uint64_t slowest_first, slowest;
  uint64_t first[LOAD_BUCKETS];
  uint64_t latency[LOAD_BUCKETS];
  uint8_t sample[HTTP_SAMPLE];
  size_t sample_length;
};

/// Asks and counts. 0, or -errno.
int http_run(const struct http_plan *plan, struct http_result *result);

/// The bytes of a test file from `offset` on: no two of its 8-byte words are alike.
void http_pattern(uint64_t offset, void *bytes, size_t length);
