/// CLoad: boot clients by the hundred thousand, on one raw socket and one thread.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// What a client asks. REQUEST and INFORM are those of PXE: unicast to port 4011.
enum { LOAD_DISCOVER, LOAD_REQUEST, LOAD_INFORM, LOAD_KINDS };

/// Two buckets of the latencies differ by 1/32 at most; bucket of n nanoseconds: see load_bucket_floor.
enum { LOAD_BUCKETS = 2048 };

struct load_plan {
  /// Of load_open.
  int socket;
  uint8_t server_mac[6];
  /// Host byte order.
  uint32_t server_address;
  /// Identities (MAC, UUID, address), and the number of the first one.
  uint32_t clients;
  uint32_t first_client;
  /// Which kinds are asked, in turn: bits 1 << LOAD_DISCOVER and so on.
  uint32_t kinds;
  /// Closed loop: so many questions wait for their answers at any time.
  uint32_t window;
  /// Open loop when not 0: so many questions a second, whatever the server does.
  uint32_t rate;
  /// Malformed packets a second beside them; UINT32_MAX is as many as there is time for.
  uint32_t noise_rate;
  /// Ends when either is reached; 0 questions is no limit.
  uint64_t questions;
  double seconds;
  uint64_t seed;
};

struct load_result {
  uint64_t sent[LOAD_KINDS];
  uint64_t answered[LOAD_KINDS];
  /// Answers to nothing that was asked: second ones, too late ones, and those to malformed packets.
  uint64_t unmatched;
  uint64_t noise;
  /// Nanoseconds of the sending, without the wait for the last answers.
  uint64_t elapsed;
  uint64_t slowest;
  /// The worst delay of a question behind its schedule: what the generator itself was late.
  uint64_t late;
  uint64_t latency[LOAD_BUCKETS];
};

/// A raw socket on `interface` in the network namespace of process `pid`; negative: -errno.
int load_open(int pid, const char *interface);

/// Connects to a TCP port in the network namespace of process `pid`; negative: -errno.
int load_connect(int pid, uint32_t address, uint16_t port);

/// Asks and counts. 0, or -errno.
int load_run(const struct load_plan *plan, struct load_result *result);

/// The smallest latency in nanoseconds that falls into a bucket.
uint64_t load_bucket_floor(size_t bucket);

/// Binds this thread to a processor; -errno when there is none of that number.
int load_pin(int processor);
