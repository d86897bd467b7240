/// CLoad: the time, and latencies in buckets.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <time.h>

/// Nanoseconds.
static inline uint64_t load_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

/// Nanoseconds of processor time of this thread.
static inline uint64_t load_used(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

/// Below LOAD_BUCKETS for every number.
static inline size_t load_bucket(uint64_t value) {
  if (value < 64) return (size_t)value;
  int shift = 58 - __builtin_clzll(value);
  return (size_t)shift * 32 + (size_t)(value >> shift);
}
