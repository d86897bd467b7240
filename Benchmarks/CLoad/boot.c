/// CLoad: machines that boot together.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "CLoadBoot.h"
#include "boot_sockets.h"
#include "clock.h"
#include "fetch.h"
#include "frame.h"
#include "namespace.h"
#include "transfer.h"

enum { FIRST_ADDRESS = 0x0a400000, EVENTS = 64 };

/// Nanoseconds until DHCP and TFTP are asked again.
static const uint64_t patience = 1000000000;

struct machine {
  uint32_t number;
  int step;
  uint64_t asked;
  char loader[64];
  /// UDP while the loader comes.
  int socket;
  uint16_t server_port;
  struct transfer_file file;
  struct transfer transfer;
  struct fetch fetch;
  char kernel[256], initrd[256];
};

struct storm {
  const struct boot_plan *plan;
  struct boot_result *result;
  struct machine *machines;
  struct frame_set frames;
  int raw, epoll, deaf[2];
  uint64_t start;
};

static void fail(struct storm *storm, struct machine *machine) {
  storm->result->failed++;
  storm->result->failed_step = (uint32_t)machine->step;
  if (machine->socket >= 0) close(machine->socket);
  machine->socket = -1;
  if (machine->step >= BOOT_SCRIPT) fetch_end(&machine->fetch);
  machine->step = BOOT_STEPS;
}

static int watch(struct storm *storm, struct machine *machine, int fd, uint32_t events, int how) {
  struct epoll_event event = {.events = events, .data.ptr = machine};
  return epoll_ctl(storm->epoll, how, fd, &event);
}

// MARK: DHCP

/// Half of the machines are BIOS, half UEFI; `step` is also what is asked.
static void ask_dhcp(struct storm *storm, struct machine *machine, uint64_t time) {
  uint8_t frame[FRAME_MAXIMUM];
  uint32_t xid = machine->number << 4 | (uint32_t)machine->step;
  size_t length = frame_fill(&storm->frames, machine->step, machine->number, xid, frame);
  machine->asked = time;
  // Where there is no room, it asks again later.
  (void)!send(storm->raw, frame, length, 0);
}

static int ask_tftp(struct storm *storm, struct machine *machine, const uint8_t *datagram,
                    size_t length) {
  return boot_send(machine->socket, storm->plan->server_address, machine->server_port, datagram,
                   length);
}

static int start_loader(struct storm *storm, struct machine *machine, uint64_t time) {
  const struct boot_content *content = storm->plan->loaders;
  if (strcmp(machine->loader, content->name) && strcmp(machine->loader, (++content)->name)) {
    return -ENOENT;
  }
  machine->file = (struct transfer_file){content->name, content->bytes, content->size, 1456, 0};
  machine->socket = boot_udp_socket(FIRST_ADDRESS + machine->number, 0);
  if (machine->socket < 0) return machine->socket;
  if (watch(storm, machine, machine->socket, EPOLLIN, EPOLL_CTL_ADD) < 0) return -errno;
  uint8_t datagram[TRANSFER_MAXIMUM];
  machine->server_port = 69;
  machine->asked = time;
  size_t length = transfer_start(&machine->transfer, &machine->file, datagram);
  return ask_tftp(storm, machine, datagram, length);
}

/// RFC 2131 §2: the boot program's name.
static void receive_dhcp(struct storm *storm, const uint8_t *frame, size_t length, uint64_t time) {
  const uint8_t *dhcp = frame + FRAME_DHCP;
  if (length < FRAME_DHCP + 240 || dhcp[0] != 2) return;
  uint32_t xid = frame_get32(dhcp + 4), number = xid >> 4;
  if (!number || number > storm->plan->machines) return;
  struct machine *machine = &storm->machines[number - 1];
  if (machine->step > BOOT_REQUEST || (uint32_t)machine->step != (xid & 15)) return;
  if (dhcp[108]) snprintf(machine->loader, sizeof machine->loader, "%.63s", dhcp + 108);
  storm->result->last[machine->step] = time - storm->start;
  machine->step++;
  if (machine->step == BOOT_REQUEST) {
    ask_dhcp(storm, machine, time);
  } else if (start_loader(storm, machine, time) < 0) {
    fail(storm, machine);
  }
}

// MARK: HTTP

static int start_fetch(struct storm *storm, struct machine *machine) {
  const struct boot_plan *plan = storm->plan;
  char script[32];
  snprintf(script, sizeof script, "/pxe/02be%08x", machine->number);
  int is_script = machine->step == BOOT_SCRIPT;
  const char *path = machine->step == BOOT_KERNEL ? machine->kernel : machine->initrd;
  int failed = fetch_start(
      &machine->fetch, FIRST_ADDRESS + machine->number, plan->server_address,
      is_script ? plan->script_port : plan->image_port, is_script ? script : path);
  return failed ? failed
                : watch(storm, machine, machine->fetch.socket, EPOLLOUT, EPOLL_CTL_ADD);
}

/// A step is done, over HTTP or TFTP.
static void go_on(struct storm *storm, struct machine *machine, uint64_t time) {
  struct boot_result *result = storm->result;
  result->last[machine->step] = time - storm->start;
  if (machine->step == BOOT_SCRIPT) {
    const char *script = fetch_body(&machine->fetch);
    snprintf(result->script, sizeof result->script, "%s", script);
    if (!fetch_find_path(script, "\nkernel ", machine->kernel, sizeof machine->kernel) ||
        !fetch_find_path(script, "\ninitrd ", machine->initrd, sizeof machine->initrd)) {
      fail(storm, machine);
      return;
    }
  }
  if (machine->step >= BOOT_SCRIPT) fetch_end(&machine->fetch);
  machine->step++;
  if (machine->step < BOOT_STEPS) {
    if (start_fetch(storm, machine) < 0) fail(storm, machine);
    return;
  }
  result->finished++;
  result->elapsed = time - storm->start;
  result->times[load_bucket(result->elapsed)]++;
}

static void receive_http(struct storm *storm, struct machine *machine) {
  const struct boot_content *content = NULL;
  if (machine->step == BOOT_KERNEL) content = &storm->plan->kernel;
  if (machine->step == BOOT_INITRD) content = &storm->plan->initrd;
  size_t sent = machine->fetch.sent;
  switch (fetch_go(&machine->fetch, content ? content->bytes : NULL, content ? content->size : 0)) {
    case FETCH_FAILED: fail(storm, machine); break;
    case FETCH_WHOLE: go_on(storm, machine, load_now()); break;
    case FETCH_WANTS_MORE:
      if (machine->fetch.sent != sent) {
        watch(storm, machine, machine->fetch.socket, EPOLLIN, EPOLL_CTL_MOD);
      }
      break;
    default: break;
  }
}

// MARK: TFTP

static void receive_tftp(struct storm *storm, struct machine *machine) {
  uint8_t datagram[2048], answer[TRANSFER_MAXIMUM];
  struct sockaddr_in from;
  socklen_t from_length = sizeof from;
  size_t answer_length = 0;
  ssize_t length = recvfrom(machine->socket, datagram, sizeof datagram, 0,
                            (struct sockaddr *)&from, &from_length);
  if (length < 0) return;
  uint16_t port = ntohs(from.sin_port);
  if (machine->transfer.state == TRANSFER_RUNNING && port != machine->server_port) return;
  int outcome = transfer_receive(&machine->transfer, &machine->file, datagram, (size_t)length,
                                 answer, &answer_length);
  if (outcome == TRANSFER_USELESS) return;
  machine->server_port = port;
  machine->asked = load_now();
  if (outcome == TRANSFER_REFUSED || outcome == TRANSFER_WRONG ||
      (answer_length && ask_tftp(storm, machine, answer, answer_length) < 0)) {
    fail(storm, machine);
  } else if (outcome == TRANSFER_WHOLE) {
    close(machine->socket);
    machine->socket = -1;
    go_on(storm, machine, machine->asked);
  }
}

static void ask_again(struct storm *storm, uint64_t time) {
  for (uint32_t i = 0; i < storm->plan->machines; i++) {
    struct machine *machine = &storm->machines[i];
    if (machine->step > BOOT_LOADER || time - machine->asked < patience) continue;
    if (machine->step < BOOT_LOADER) {
      ask_dhcp(storm, machine, time);
      continue;
    }
    uint8_t datagram[TRANSFER_MAXIMUM];
    size_t length = transfer_repeat(&machine->transfer, &machine->file, datagram);
    machine->asked = time;
    if (ask_tftp(storm, machine, datagram, length) < 0) fail(storm, machine);
  }
}

// MARK: The loop

static int prepare(struct storm *storm) {
  const struct boot_plan *plan = storm->plan;
  struct load_plan frames = {.server_address = plan->server_address};
  memcpy(frames.server_mac, plan->server_mac, 6);
  frame_set_make(&storm->frames, &frames);
  storm->machines = calloc(plan->machines, sizeof *storm->machines);
  if (!storm->machines) return -ENOMEM;
  for (uint32_t i = 0; i < plan->machines; i++) {
    storm->machines[i].number = i + 1;
    storm->machines[i].socket = storm->machines[i].fetch.socket = -1;
  }
  int failed = boot_listen_to_dhcp(storm->raw);
  if (failed) return failed;
  storm->epoll = epoll_create1(EPOLL_CLOEXEC);
  if (storm->epoll < 0 || watch(storm, NULL, storm->raw, EPOLLIN, EPOLL_CTL_ADD) < 0) return -errno;
  storm->deaf[0] = boot_hold_port(68);
  storm->deaf[1] = boot_hold_port(4011);
  return storm->deaf[0] < 0 ? storm->deaf[0] : storm->deaf[1] < 0 ? storm->deaf[1] : 0;
}

static void run(struct storm *storm) {
  const struct boot_plan *plan = storm->plan;
  struct boot_result *result = storm->result;
  struct epoll_event events[EVENTS];
  uint64_t time = load_now(), looked = time;
  uint64_t limit = time + (uint64_t)(plan->seconds * 1e9);
  storm->start = time;
  for (uint32_t i = 0; i < plan->machines; i++) ask_dhcp(storm, &storm->machines[i], time);
  while (result->finished + result->failed < plan->machines && time < limit) {
    int count = epoll_wait(storm->epoll, events, EVENTS, 50);
    time = load_now();
    for (int i = 0; i < count; i++) {
      struct machine *machine = events[i].data.ptr;
      if (!machine) {
        uint8_t frame[2048];
        ssize_t length;
        while ((length = recv(storm->raw, frame, sizeof frame, MSG_DONTWAIT)) > 0) {
          receive_dhcp(storm, frame, (size_t)length, time);
        }
      } else if (machine->step == BOOT_LOADER) {
        receive_tftp(storm, machine);
      } else if (machine->step < BOOT_STEPS) {
        receive_http(storm, machine);
      }
    }
    if (time - looked < 100000000) continue;
    // A new time: machines may have asked since the one above.
    ask_again(storm, load_now());
    looked = time;
  }
  result->late = plan->machines - result->finished - result->failed;
}

static void end(struct storm *storm) {
  for (uint32_t i = 0; storm->machines && i < storm->plan->machines; i++) {
    if (storm->machines[i].socket >= 0) close(storm->machines[i].socket);
    fetch_end(&storm->machines[i].fetch);
  }
  int others[] = {storm->raw, storm->epoll, storm->deaf[0], storm->deaf[1]};
  for (int i = 0; i < 4; i++) (void)(others[i] >= 0 && close(others[i]));
  free(storm->machines);
  free(storm);
}

int boot_run(const struct boot_plan *plan, struct boot_result *result) {
  memset(result, 0, sizeof *result);
  if (!plan->machines || plan->machines > 10000) return -EINVAL;
  struct storm *storm = calloc(1, sizeof *storm);
  if (!storm) return -ENOMEM;
  storm->plan = plan;
  storm->result = result;
  storm->epoll = storm->deaf[0] = storm->deaf[1] = -1;
  storm->raw = load_open(plan->pid, plan->interface);
  int failed = storm->raw < 0 ? storm->raw : 0;
  int home = failed ? -1 : namespace_enter(plan->pid);
  if (home < 0) {
    end(storm);
    return failed ? failed : home;
  }
  failed = prepare(storm);
  uint64_t before = load_used();
  if (!failed) run(storm);
  result->used = load_used() - before;
  end(storm);
  int left = namespace_leave(home, 0);
  return failed ? failed : left;
}
