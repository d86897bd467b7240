/// CLoad: asks, waits, counts.
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "CLoad.h"
#include "clock.h"
#include "frame.h"

/// Questions that are remembered, and frames in one system call.
enum { SLOTS = 1 << 20, BATCH = 64 };

/// Without an answer after so long a question counts as lost, and the closed loop goes on.
static const uint64_t patience = 500000000;

struct slot {
  uint64_t asked;
  uint32_t xid;
  uint8_t kind;
  uint8_t waits;
};

struct load {
  const struct load_plan *plan;
  struct load_result *result;
  struct frame_set frames;
  struct slot *slots;
  int kinds[LOAD_KINDS];
  int kind_count;
  uint64_t next, oldest, waiting, random;
  uint8_t send_bytes[BATCH][FRAME_MAXIMUM];
  uint8_t receive_bytes[BATCH][FRAME_DHCP + 8];
  struct iovec send_data[BATCH], receive_data[BATCH];
  struct mmsghdr send_headers[BATCH], receive_headers[BATCH];
};

uint64_t load_bucket_floor(size_t bucket) {
  if (bucket < 64) return bucket;
  size_t shift = bucket / 32 - 1;
  return (uint64_t)(bucket - shift * 32) << shift;
}

/// Puts the next question into place `i` of the batch.
static void ask(struct load *load, int i, uint64_t time) {
  const struct load_plan *plan = load->plan;
  int kind = load->kinds[load->next % (uint64_t)load->kind_count];
  uint64_t client = load->next / (uint64_t)load->kind_count % plan->clients;
  uint32_t xid = (uint32_t)load->next & 0x7fffffff;
  load->slots[load->next % SLOTS] =
      (struct slot){.asked = time, .xid = xid, .kind = (uint8_t)kind, .waits = 1};
  load->send_data[i].iov_len =
      frame_fill(&load->frames, kind, plan->first_client + (uint32_t)client, xid,
                 load->send_bytes[i]);
  load->result->sent[kind]++;
  load->next++;
  load->waiting++;
}

/// Sends the first `count` frames of the batch; waits where the kernel has no room.
static int flush(struct load *load, int count) {
  for (int sent = 0; sent < count;) {
    int some = sendmmsg(load->plan->socket, load->send_headers + sent, (unsigned)(count - sent), 0);
    if (some < 0) {
      if (errno == EAGAIN || errno == ENOBUFS || errno == EINTR) continue;
      return -errno;
    }
    sent += some;
  }
  return 0;
}

static void match(struct load *load, const uint8_t *frame, size_t length, uint64_t time) {
  const uint8_t *dhcp = frame + FRAME_DHCP;
  if (length < FRAME_DHCP + 8 || frame[14 + 9] != 17 || dhcp[0] != 2) return;
  uint32_t xid = frame_get32(dhcp + 4);
  struct slot *slot = &load->slots[xid % SLOTS];
  if (!slot->waits || slot->xid != xid) {
    load->result->unmatched++;
    return;
  }
  uint64_t took = time - slot->asked;
  slot->waits = 0;
  load->waiting--;
  load->result->answered[slot->kind]++;
  load->result->latency[load_bucket(took)]++;
  if (took > load->result->slowest) load->result->slowest = took;
}

/// Takes the answers that are there.
static int collect(struct load *load) {
  int count;
  do {
    count = recvmmsg(load->plan->socket, load->receive_headers, BATCH, MSG_DONTWAIT, NULL);
    if (count < 0) return errno == EAGAIN || errno == EINTR || errno == ENETDOWN ? 0 : -errno;
    uint64_t time = load_now();
    for (int i = 0; i < count; i++) {
      match(load, load->receive_bytes[i], load->receive_headers[i].msg_len, time);
    }
  } while (count == BATCH);
  return 0;
}

/// Gives up questions that have waited too long, or whose slot is wanted again.
static void forget(struct load *load, uint64_t time) {
  for (; load->oldest < load->next; load->oldest++) {
    struct slot *slot = &load->slots[load->oldest % SLOTS];
    if (!slot->waits) continue;
    if (time - slot->asked < patience && load->next - load->oldest < SLOTS - BATCH) return;
    slot->waits = 0;
    load->waiting--;
  }
}

static uint64_t due(uint32_t rate, uint64_t elapsed) {
  return (uint64_t)((double)rate * (double)elapsed / 1e9);
}

static int run(struct load *load) {
  const struct load_plan *plan = load->plan;
  struct load_result *result = load->result;
  uint64_t start = load_now(), limit = (uint64_t)(plan->seconds * 1e9), time = start;
  int failed = 0;
  while (!failed) {
    time = load_now();
    if (time - start >= limit || (plan->questions && load->next >= plan->questions)) break;
    int count = 0;
    if (plan->rate) {
      uint64_t wanted = due(plan->rate, time - start);
      while (count < BATCH && load->next < wanted) {
        // The latency counts from the schedule: a question that is sent late has waited already.
        uint64_t schedule = start + (uint64_t)((double)(load->next + 1) * 1e9 / plan->rate);
        uint64_t asked = schedule < time ? schedule : time;
        if (time - asked > result->late) result->late = time - asked;
        ask(load, count++, asked);
      }
    } else {
      while (count < BATCH && load->waiting < plan->window) ask(load, count++, time);
    }
    if (plan->noise_rate) {
      int endless = plan->noise_rate == UINT32_MAX;
      uint64_t wanted = endless ? UINT64_MAX : due(plan->noise_rate, time - start);
      while (count < BATCH && result->noise < wanted) {
        load->send_data[count].iov_len =
            frame_spoil(&load->frames, &load->random, load->send_bytes[count]);
        count++;
        result->noise++;
      }
    }
    if (count) failed = flush(load, count);
    if (!failed) failed = collect(load);
    forget(load, time);
  }
  result->elapsed = time - start;
  // The last answers.
  uint64_t end = load_now();
  while (!failed && load->waiting && load_now() - end < patience) failed = collect(load);
  return failed;
}

int load_run(const struct load_plan *plan, struct load_result *result) {
  memset(result, 0, sizeof *result);
  struct load *load = calloc(1, sizeof *load);
  struct slot *slots = calloc(SLOTS, sizeof *slots);
  if (!load || !slots) {
    free(load);
    free(slots);
    return -ENOMEM;
  }
  load->plan = plan;
  load->result = result;
  load->slots = slots;
  load->random = plan->seed;
  for (int kind = 0; kind < LOAD_KINDS; kind++) {
    if (plan->kinds >> kind & 1) load->kinds[load->kind_count++] = kind;
  }
  for (int i = 0; i < BATCH; i++) {
    load->send_data[i].iov_base = load->send_bytes[i];
    load->send_headers[i].msg_hdr.msg_iov = &load->send_data[i];
    load->send_headers[i].msg_hdr.msg_iovlen = 1;
    load->receive_data[i] = (struct iovec){load->receive_bytes[i], sizeof load->receive_bytes[i]};
    load->receive_headers[i].msg_hdr.msg_iov = &load->receive_data[i];
    load->receive_headers[i].msg_hdr.msg_iovlen = 1;
  }
  frame_set_make(&load->frames, plan);
  int failed = load->kind_count && plan->clients ? collect(load) : -EINVAL;
  memset(result, 0, sizeof *result);
  if (!failed) failed = run(load);
  free(slots);
  free(load);
  return failed;
}
