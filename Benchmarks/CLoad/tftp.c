/// CLoad: TFTP clients by the thousand: frames, patience, counts.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CLoadTFTP.h"
#include "cable.h"
#include "clock.h"
#include "frame.h"
#include "transfer.h"

enum { HEADERS = 14 + 20 + 8 };

/// 10.64.0.1
enum { FIRST_ADDRESS = 0x0a400001, FIRST_PORT = 2048, PORTS = 60000 };

/// Nanoseconds: until a client asks again, which doubles up to the limit, and until it gives up.
static const uint64_t patience = 1000000000, longest_patience = 4000000000, end = 30000000000;

struct client {
  struct transfer transfer;
  uint16_t port, server_port;
  /// The transfer before: its last acknowledgment may have been lost.
  uint16_t last_port, last_server_port, last_block;
  uint64_t began, heard, sent, wait;
};

struct load {
  const struct tftp_plan *plan;
  struct tftp_result *result;
  struct transfer_file file;
  struct client *clients;
  struct cable cable;
  uint64_t start, limit, running, random;
};

/// `frame` has room for the headers, and then the datagram.
static void send_frame(struct load *load, struct client *client, uint16_t port, uint16_t to,
                       uint8_t *frame, size_t length, uint64_t time) {
  const struct tftp_plan *plan = load->plan;
  uint32_t number = (uint32_t)(client - load->clients);
  memset(frame, 0, HEADERS);
  memcpy(frame, plan->server_mac, 6);
  frame[6] = 0x02;
  frame[7] = 0xbe;
  frame_put32(frame + 8, number + 1);
  frame_put16(frame + 12, 0x0800);
  frame[14] = 0x45;
  frame[14 + 8] = 64;
  frame[14 + 9] = 17;
  frame_put32(frame + 14 + 12, FIRST_ADDRESS + number);
  frame_put32(frame + 14 + 16, plan->server_address);
  frame_put16(frame + 34, port);
  frame_put16(frame + 36, to);
  frame_set_length(frame, HEADERS + length);
  cable_send(&load->cable, frame, HEADERS + length, time);
}

static void start(struct load *load, struct client *client, uint64_t time) {
  uint8_t frame[HEADERS + TRANSFER_MAXIMUM];
  uint64_t number = load->result->started++;
  client->port = (uint16_t)(FIRST_PORT + number * 31 % PORTS);
  client->server_port = load->plan->server_port;
  client->began = client->heard = client->sent = time;
  client->wait = patience;
  size_t length = transfer_start(&client->transfer, &load->file, frame + HEADERS);
  load->running++;
  send_frame(load, client, client->port, client->server_port, frame, length, time);
}

/// A transfer is over; the client starts the next one.
static void finish(struct load *load, struct client *client, uint64_t time) {
  client->last_port = client->port;
  client->last_server_port = client->server_port;
  client->last_block = (uint16_t)client->transfer.block;
  client->transfer.state = TRANSFER_IDLE;
  load->running--;
  const struct tftp_plan *plan = load->plan;
  if (time >= load->limit || (plan->transfers && load->result->started >= plan->transfers)) return;
  start(load, client, time);
}

static void receive_datagram(struct load *load, struct client *client, uint16_t from, uint16_t to,
                             const uint8_t *datagram, size_t length, uint64_t time) {
  struct tftp_result *result = load->result;
  struct transfer *transfer = &client->transfer;
  uint8_t frame[HEADERS + TRANSFER_MAXIMUM];
  size_t answer = 0;
  if (to == client->last_port && from == client->last_server_port && length >= 4 &&
      datagram[1] == TFTP_DATA && (datagram[2] << 8 | datagram[3]) == client->last_block) {
    uint8_t last[] = {0, TFTP_ACK, datagram[2], datagram[3]};
    memcpy(frame + HEADERS, last, sizeof last);
    result->repeats++;
    send_frame(load, client, to, from, frame, sizeof last, time);
    return;
  }
  // RFC 1350 §4: the first answer names the server's port.
  if (to != client->port ||
      (transfer->state == TRANSFER_RUNNING && from != client->server_port)) {
    result->useless++;
    return;
  }
  uint32_t block = transfer->block;
  int outcome = transfer_receive(transfer, &load->file, datagram, length, frame + HEADERS, &answer);
  if (outcome == TRANSFER_USELESS) {
    result->useless++;
    return;
  }
  client->server_port = from;
  if (outcome == TRANSFER_REPEAT) {
    result->repeats++;
  } else {
    client->heard = time;
    client->wait = patience;
  }
  if (transfer->block != block && time < load->limit) result->bytes += length - 4;
  if (answer) {
    client->sent = time;
    send_frame(load, client, client->port, from, frame, answer, time);
  }
  if (outcome == TRANSFER_WHOLE) {
    uint64_t took = time - client->began;
    result->finished++;
    result->times[load_bucket(took)]++;
    result->blksize = transfer->blksize;
    result->windowsize = transfer->window;
    if (took > result->slowest) result->slowest = took;
  } else if (outcome == TRANSFER_REFUSED) {
    result->refused++;
    // RFC 1350 §5: a text.
    snprintf(result->refusal, sizeof result->refusal, "%.*s", (int)(length - 4), datagram + 4);
  } else if (outcome == TRANSFER_WRONG) {
    result->wrong++;
  } else {
    return;
  }
  finish(load, client, time);
}

/// The client that a frame is for, and where its datagram ends; NULL for what is none of ours.
static struct client *receiver(struct load *load, const uint8_t *frame, size_t *length) {
  if (*length < HEADERS + 4 || frame[14] != 0x45 || frame[14 + 9] != 17) return NULL;
  size_t whole = 14u + (size_t)(frame[16] << 8 | frame[17]);
  uint32_t number = frame_get32(frame + 14 + 16) - FIRST_ADDRESS;
  // Fragments are nobody's: no client asks for blocks that don't fit.
  if ((frame[20] & 0x3f) || frame[21] || number >= load->plan->clients || whole > *length ||
      whole < HEADERS + 4) {
    return NULL;
  }
  *length = whole;
  return &load->clients[number];
}

static void receive_frame(struct load *load, const uint8_t *frame, size_t length, uint64_t time) {
  struct client *client = receiver(load, frame, &length);
  if (!client) return;
  uint16_t from = frame_get16(frame + 34), to = frame_get16(frame + 36);
  receive_datagram(load, client, from, to, frame + HEADERS, length - HEADERS, time);
}

/// What the kernel has handed over, datagram by datagram, also where the cable is long.
static void receive_train(struct load *load, const uint8_t *frame, size_t length, uint64_t time) {
  struct client *client = receiver(load, frame, &length);
  if (!client) return;
  size_t datagram = 4u + client->transfer.blksize;
  if (client->transfer.state != TRANSFER_RUNNING || frame[HEADERS + 1] != TFTP_DATA) {
    datagram = length;
  }
  uint16_t from = frame_get16(frame + 34), to = frame_get16(frame + 36);
  for (size_t at = HEADERS; at < length; at += datagram) {
    size_t part = length - at < datagram ? length - at : datagram;
    if (weather_is_fine(&load->cable.in)) {
      receive_datagram(load, client, from, to, frame + at, part, time);
    } else if (part <= WEATHER_FRAME - HEADERS) {
      uint8_t single[WEATHER_FRAME];
      memcpy(single, frame, HEADERS);
      memcpy(single + HEADERS, frame + at, part);
      frame_set_length(single, HEADERS + part);
      weather_send(&load->cable.in, single, HEADERS + part, time);
    }
  }
}

/// Whether there was anything.
static int collect(struct load *load, uint64_t time) {
  int some = 0, count;
  size_t length;
  const uint8_t *frame;
  do {
    count = cable_take(&load->cable);
    some |= count;
    for (int i = 0; i < count; i++) {
      frame = cable_taken(&load->cable, i, &length);
      receive_train(load, frame, length, time);
    }
    cable_flush(&load->cable);
    time = load_now();
  } while (count == CABLE_BATCH);
  while ((frame = weather_receive(&load->cable.in, time, &length))) {
    receive_frame(load, frame, length, time);
    some = 1;
  }
  return cable_send_due(&load->cable, time) | some;
}

/// Twice as long, give or take a quarter: clients that were lost together must not come together
/// for ever.
static uint64_t wait_after(struct load *load, uint64_t wait) {
  wait = wait * 2 < longest_patience ? wait * 2 : longest_patience;
  return wait * 3 / 4 + frame_random(&load->random) % (wait / 2);
}

/// Asks again where nothing came, and gives up where nothing has come for long.
static void look_at_clients(struct load *load, uint64_t time) {
  for (uint32_t i = 0; i < load->plan->clients; i++) {
    struct client *client = &load->clients[i];
    if (client->transfer.state == TRANSFER_IDLE) continue;
    if (time - client->heard > end) {
      load->result->silent++;
      finish(load, client, time);
    } else if (time - client->sent > client->wait && time - client->heard > client->wait) {
      uint8_t frame[HEADERS + TRANSFER_MAXIMUM];
      size_t length = transfer_repeat(&client->transfer, &load->file, frame + HEADERS);
      client->sent = time;
      client->wait = wait_after(load, client->wait);
      load->result->repeats++;
      send_frame(load, client, client->port, client->server_port, frame, length, time);
    }
  }
}

static void run(struct load *load) {
  const struct tftp_plan *plan = load->plan;
  struct tftp_result *result = load->result;
  uint64_t time = load_now(), looked = time;
  load->start = time;
  load->limit = time + (uint64_t)(plan->seconds * 1e9);
  for (uint32_t i = 0; i < plan->clients; i++) {
    if (!plan->transfers || result->started < plan->transfers) start(load, &load->clients[i], time);
  }
  while (load->running && !load->cable.failed) {
    int some = collect(load, time) + load->cable.count;
    uint64_t later = load_now();
    if (later - looked > 10000000) {
      look_at_clients(load, later);
      looked = later;
    }
    cable_flush(&load->cable);
    later = load_now();
    if (time < load->limit) {
      if (!some) result->idle += later - time;
      result->elapsed = (later < load->limit ? later : load->limit) - load->start;
    }
    time = later;
  }
  // What is still on the way, and the last acknowledgments that got lost.
  while (!load->cable.failed && load_now() - time < 200000000 + 2 * plan->delay) {
    collect(load, load_now());
    cable_flush(&load->cable);
  }
}

static int prepare(struct load *load, const struct tftp_plan *plan) {
  load->random = plan->seed;
  load->file = (struct transfer_file){plan->name, plan->content, plan->size, plan->blksize,
                                      plan->windowsize};
  load->clients = calloc(plan->clients, sizeof *load->clients);
  if (!load->clients) return -ENOMEM;
  return cable_make(&load->cable, plan->socket, plan->delay, plan->loss, plan->seed);
}

int tftp_run(const struct tftp_plan *plan, struct tftp_result *result) {
  memset(result, 0, sizeof *result);
  if (!plan->clients || plan->clients > 1 << 16) return -EINVAL;
  if (strlen(plan->name) > TRANSFER_MAXIMUM - 256) return -ENAMETOOLONG;
  struct load *load = calloc(1, sizeof *load);
  if (!load) return -ENOMEM;
  load->plan = plan;
  load->result = result;
  int failed = prepare(load, plan);
  if (!failed) {
    // What an earlier run left behind; nobody waits for it.
    collect(load, load_now());
    memset(result, 0, sizeof *result);
    run(load);
    failed = load->cable.failed;
  }
  result->lost = load->cable.out.lost + load->cable.in.lost;
  result->overflowed = load->cable.out.overflowed + load->cable.in.overflowed;
  cable_end(&load->cable);
  free(load->clients);
  free(load);
  return failed;
}
