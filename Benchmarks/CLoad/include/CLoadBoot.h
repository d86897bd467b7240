/// CLoad: machines that boot together, each with everything a boot has.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "CLoad.h"

/// What a machine does, in this order.
enum {
  BOOT_DISCOVER,
  BOOT_REQUEST,
  BOOT_LOADER,
  BOOT_SCRIPT,
  BOOT_KERNEL,
  BOOT_INITRD,
  BOOT_STEPS
};

struct boot_content {
  const char *name;
  const uint8_t *bytes;
  uint64_t size;
};

struct boot_plan {
  /// A process in the machines' network namespace; 10.64.0.0/12 must be its own there.
  int pid;
  const char *interface;
  uint8_t server_mac[6];
  /// Host byte order.
  uint32_t server_address;
  uint16_t script_port;
  uint16_t image_port;
  /// Numbered from 1 on; machine n has the MAC address 02:be and n, and 10.64.0.0 + n.
  uint32_t machines;
  /// Boot programs; a machine fetches the one that it is told.
  struct boot_content loaders[2];
  /// Fetched from where the script says.
  struct boot_content kernel, initrd;
  /// All are given up after so long.
  double seconds;
};

struct boot_result {
  uint32_t finished;
  uint32_t failed;
  /// Where the last failure was, of the steps; and machines that were not done in time.
  uint32_t failed_step;
  uint32_t late;
  /// Nanoseconds, until the last machine had all.
  uint64_t elapsed;
  /// When the last machine was through each of the steps.
  uint64_t last[BOOT_STEPS];
  /// Processor time of this thread.
  uint64_t used;
  uint64_t times[LOAD_BUCKETS];
  /// The last script.
  char script[1024];
};

/// 0, or -errno.
int boot_run(const struct boot_plan *plan, struct boot_result *result);
