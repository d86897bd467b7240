/// CLoad: HTTP clients on one thread: connects, asks, reads, counts.
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "http.h"
#include "namespace.h"

/// splitmix64's last steps: every word has another value.
static uint64_t word(uint64_t number) {
  uint64_t z = (number + 1) * 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

void http_pattern(uint64_t offset, void *bytes, size_t length) {
  uint8_t *at = bytes;
  for (size_t done = 0; done < length;) {
    uint64_t value = word((offset + done) / 8);
    size_t skip = (offset + done) % 8, some = 8 - skip;
    if (some > length - done) some = length - done;
    memcpy(at + done, (uint8_t *)&value + skip, some);
    done += some;
  }
}

/// Whether the bytes are http_pattern's.
static int is_pattern(uint64_t offset, const uint8_t *bytes, size_t length) {
  uint8_t expected[4096];
  for (size_t done = 0; done < length;) {
    size_t some = length - done < sizeof expected ? length - done : sizeof expected;
    http_pattern(offset + done, expected, some);
    if (memcmp(bytes + done, expected, some)) return 0;
    done += some;
  }
  return 1;
}

/// The connection is over, before its answer was whole: a new one takes its place.
static int broken(struct http_load *load, struct http_client *client) {
  load->result->broken++;
  http_hang_up(client);
  // A server that takes nobody: not an endless loop.
  if (load->result->broken > 1000 + 4 * (uint64_t)load->plan->connections) return -ECONNRESET;
  return http_ask(load, client);
}

static void measure(uint64_t *counts, uint64_t *slowest, uint64_t took) {
  counts[load_bucket(took)]++;
  if (took > *slowest) *slowest = took;
}

static int whole(struct http_load *load, struct http_client *client, uint64_t time) {
  struct http_result *result = load->result;
  result->answered++;
  measure(result->latency, &result->slowest, time - client->asked);
  if (client->is_wrong) result->wrong++;
  if (load->plan->one_each || client->closes) http_hang_up(client);
  return http_ask(load, client);
}

static void take_body(struct http_load *load, struct http_client *client, const uint8_t *bytes,
                      size_t count, uint64_t time) {
  struct http_result *result = load->result;
  if (!client->has_first) {
    client->has_first = 1;
    measure(result->first, &result->slowest_first, time - client->asked);
  }
  if (bytes) {
    if (load->plan->verify && !is_pattern(client->offset, bytes, count)) client->is_wrong = 1;
    if (client == load->clients) {
      size_t room = HTTP_SAMPLE - result->sample_length;
      if (room > count) room = count;
      memcpy(result->sample + result->sample_length, bytes, room);
      result->sample_length += room;
    }
  }
  client->offset += count;
  client->left -= count;
  result->bytes += count;
}

/// Reads once. 1: there may be more, 0: there is no more, negative: -errno.
static int receive(struct http_load *load, struct http_client *client, size_t most) {
  const struct http_plan *plan = load->plan;
  ssize_t count;
  if (client->state == HTTP_IN_HEAD) {
    size_t room = sizeof client->head - client->head_length;
    if (!room) return -EPROTO;
    count = recv(client->fd, client->head + client->head_length, room < most ? room : most,
                 MSG_DONTWAIT);
  } else {
    size_t wanted = client->left < most ? client->left : most;
    // The first client's bodies are read while there is room in the sample.
    size_t room = client == load->clients ? HTTP_SAMPLE - load->result->sample_length : 0;
    int reads = plan->verify || room;
    if (reads && wanted > (room ? room : HTTP_BUFFER)) wanted = room ? room : HTTP_BUFFER;
    count = recv(client->fd, load->buffer, wanted, MSG_DONTWAIT | (reads ? 0 : MSG_TRUNC));
    uint64_t time = load_now();
    if (count > 0) {
      take_body(load, client, reads ? load->buffer : NULL, (size_t)count, time);
      return !client->left ? whole(load, client, time) : (size_t)count == wanted;
    }
  }
  if (count < 0) {
    return errno == EAGAIN || errno == EINTR ? 0 : broken(load, client);
  }
  if (count == 0) return broken(load, client);
  client->head_length += (size_t)count;
  size_t end = http_head(client);
  if (!end) return 1;
  uint64_t time = load_now();
  if (client->status < 0) return -EPROTO;
  if (client->status >= 400) load->result->refused++;
  if (client->status != 200 && client->status != 206) load->result->status = client->status;
  client->state = HTTP_IN_BODY;
  if (client == load->clients) load->result->sample_length = 0;
  if (plan->range && client->left != plan->range) client->is_wrong = 1;
  size_t more = client->head_length - end;
  if (more > client->left) return -EPROTO;
  if (more) take_body(load, client, client->head + end, more, time);
  return client->left ? 1 : whole(load, client, time);
}

/// As fast as it comes.
static int fetch(struct http_load *load, uint64_t end) {
  struct epoll_event events[256];
  struct http_result *result = load->result;
  uint64_t last = load_now();
  for (;;) {
    uint64_t time = load_now();
    if (load->idle == load->plan->connections) return 0;
    if (time >= end) return 0;
    if (time - last > HTTP_PATIENCE) return -ETIMEDOUT;
    int wait = (int)((end - time) / 1000000 + 1);
    int count = epoll_wait(load->epoll, events, 256, wait < 1000 ? wait : 1000);
    if (count < 0 && errno != EINTR) return -errno;
    for (int i = 0; i < count; i++) {
      struct http_client *client = events[i].data.ptr;
      if (!client) return 0;
      if (client->fd < 0) continue;
      last = time;
      // A few times for each, so that no client starves the others.
      for (int tries = 0; tries < 4 && client->fd >= 0; tries++) {
        uint64_t answered = result->answered;
        int failed = receive(load, client, HTTP_MOST);
        if (failed < 0) return failed;
        if (!failed || result->answered != answered) break;
      }
    }
  }
}

/// One step of a client that goes slowly.
static int step(struct http_load *load, struct http_client *client) {
  const struct http_plan *plan = load->plan;
  if (client->fd < 0) return http_ask(load, client);
  if (plan->kind == HTTP_SLOW) {
    int failed = receive(load, client, plan->pace);
    return failed < 0 ? failed : 0;
  }
  char more[256];
  memset(more, 'a', sizeof more);
  size_t length = plan->pace < sizeof more ? plan->pace : sizeof more;
  char answer[64];
  ssize_t said = recv(client->fd, answer, sizeof answer, MSG_DONTWAIT);
  if (said < 0 && errno == EAGAIN && send(client->fd, more, length, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
    return 0;
  // The server has ended it. Come again.
  load->result->broken++;
  http_hang_up(client);
  return http_ask(load, client);
}

/// Each client once a second, one after the other.
static int dawdle(struct http_load *load, uint64_t end) {
  const struct http_plan *plan = load->plan;
  uint64_t start = load_now(), next = 0;
  for (;;) {
    uint64_t time = load_now();
    if (time >= end) return 0;
    uint64_t due = (time - start) * plan->connections / 1000000000;
    for (; next < due; next++) {
      int failed = step(load, &load->clients[next % plan->connections]);
      // A server that hears no more clients: come again in a second.
      if (failed == -ECONNREFUSED || failed == -EINPROGRESS) load->result->broken++;
      else if (failed < 0) return failed;
    }
    struct pollfd stop = {.fd = plan->stop, .events = POLLIN};
    if (poll(&stop, 1, 1) > 0) return 0;
  }
}

static int run(struct http_load *load) {
  const struct http_plan *plan = load->plan;
  struct epoll_event stop = {.events = EPOLLIN};
  load->epoll = epoll_create1(EPOLL_CLOEXEC);
  if (load->epoll < 0) return -errno;
  if (plan->stop >= 0 && epoll_ctl(load->epoll, EPOLL_CTL_ADD, plan->stop, &stop) < 0) return -errno;
  for (uint32_t i = 0; i < plan->connections; i++) {
    load->clients[i].fd = -1;
    load->clients[i].number = i;
    int failed = http_connect(load, &load->clients[i]);
    if (failed) return failed;
  }
  uint64_t start = load_now(), busy = load_used();
  double limit = plan->seconds * 1e9;
  uint64_t end = start + (limit < 1e18 ? (uint64_t)limit : (uint64_t)1e18);
  for (uint32_t i = 0; i < plan->connections; i++) {
    int failed = http_ask(load, &load->clients[i]);
    if (failed) return failed;
  }
  if (plan->started >= 0 && write(plan->started, "", 1) < 0) return -errno;
  int failed = plan->kind == HTTP_FETCH ? fetch(load, end) : dawdle(load, end);
  load->result->elapsed = load_now() - start;
  load->result->busy = load_used() - busy;
  return failed;
}

int http_run(const struct http_plan *plan, struct http_result *result) {
  memset(result, 0, sizeof *result);
  if (!plan->connections || !plan->path_count || plan->path_count > 8) return -EINVAL;
  if (plan->range && (!plan->file_size || plan->range > plan->file_size)) return -EINVAL;
  int home = namespace_enter(plan->pid);
  if (home < 0) return home;
  struct http_load load = {.plan = plan, .result = result, .epoll = -1, .random = plan->seed};
  load.clients = calloc(plan->connections, sizeof *load.clients);
  load.buffer = malloc(HTTP_BUFFER);
  int failed = -ENOMEM;
  if (load.clients && load.buffer) {
    failed = run(&load);
    for (uint32_t i = 0; i < plan->connections; i++) http_hang_up(&load.clients[i]);
  }
  if (load.epoll >= 0) close(load.epoll);
  free(load.clients);
  free(load.buffer);
  return namespace_leave(home, failed);
}
