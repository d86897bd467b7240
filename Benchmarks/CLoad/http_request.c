/// CLoad: the connections of HTTP clients, their requests, and the heads of the answers.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "clock.h"
#include "frame.h"
#include "http.h"

static int configure(const struct http_load *load, const struct http_client *client, int fd) {
  const struct http_plan *plan = load->plan;
  int on = 1;
  // A server that takes nobody: connect and send end after so long.
  struct timeval patience = {.tv_sec = 5};
  if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0 ||
      setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) < 0)
    return -1;
  if (plan->receive_buffer &&
      setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &plan->receive_buffer, sizeof(int)) < 0)
    return -1;
  if (!plan->first_address) return 0;
  // The port is chosen at connect: a port may serve several clients.
  uint32_t address = plan->first_address + client->number % (plan->addresses ? plan->addresses : 1);
  struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(address)};
  return setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on) < 0 ||
                 bind(fd, (struct sockaddr *)&from, sizeof from) < 0
             ? -1
             : 0;
}

int http_connect(struct http_load *load, struct http_client *client) {
  const struct http_plan *plan = load->plan;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  struct sockaddr_in to = {.sin_family = AF_INET,
                           .sin_port = htons(plan->server_port),
                           .sin_addr.s_addr = htonl(plan->server_address)};
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
  if (configure(load, client, fd) < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) < 0 ||
      (plan->kind == HTTP_FETCH && epoll_ctl(load->epoll, EPOLL_CTL_ADD, fd, &event) < 0)) {
    int error = errno;
    close(fd);
    return -error;
  }
  client->fd = fd;
  return 0;
}

void http_hang_up(struct http_client *client) {
  if (client->fd >= 0) close(client->fd);
  client->fd = -1;
}

/// The path with a MAC address for `%m`.
static void fill_path(char *to, size_t room, const char *path, uint32_t machine) {
  const char *mark = strstr(path, "%m");
  if (mark) {
    snprintf(to, room, "%.*s02be%08x%s", (int)(mark - path), path, machine, mark + 2);
  } else {
    snprintf(to, room, "%s", path);
  }
}

static size_t make_head(struct http_load *load, struct http_client *client, char *to, size_t room) {
  const struct http_plan *plan = load->plan;
  char path[512], range[96] = "";
  uint64_t count = load->result->asked;
  fill_path(path, sizeof path, plan->paths[client->turn % plan->path_count],
            plan->machines ? (uint32_t)(count % plan->machines) : 0);
  client->offset = 0;
  if (plan->range) {
    uint64_t places = (plan->file_size - plan->range) / 512 + 1;
    client->offset = frame_random(&load->random) % places * 512;
    snprintf(range, sizeof range, "Range: bytes=%llu-%llu\r\n",
             (unsigned long long)client->offset,
             (unsigned long long)(client->offset + plan->range - 1));
  }
  struct in_addr server = {htonl(plan->server_address)};
  int length = snprintf(to, room, "GET %s HTTP/1.1\r\nHost: %s\r\n%s%s", path, inet_ntoa(server),
                        range, plan->lines ? plan->lines : "");
  if (length < 0 || (size_t)length + 16 > room) return 0;
  // What never ends is a line of its own.
  strcpy(to + length, plan->kind == HTTP_HALF_HEAD ? "X-More: " : "\r\n");
  return (size_t)length + strlen(to + length);
}

int http_ask(struct http_load *load, struct http_client *client) {
  const struct http_plan *plan = load->plan;
  if (plan->requests && load->result->asked >= plan->requests) {
    load->idle++;
    http_hang_up(client);
    return 0;
  }
  if (client->fd < 0) {
    int failed = http_connect(load, client);
    if (failed) return failed;
  }
  char head[2048];
  size_t length = make_head(load, client, head, sizeof head);
  if (!length) return -EMSGSIZE;
  load->result->asked++;
  client->turn++;
  client->head_length = 0;
  client->has_first = client->is_wrong = client->closes = 0;
  client->state = HTTP_IN_HEAD;
  client->asked = load_now();
  ssize_t sent = send(client->fd, head, length, MSG_NOSIGNAL);
  // A connection that broke shows itself in the reading.
  return sent < 0 && errno != EPIPE && errno != ECONNRESET ? -errno : 0;
}

/// The value of a line of the head, or null.
static const char *value(const char *head, const char *name) {
  size_t length = strlen(name);
  for (const char *line = strstr(head, "\r\n"); line; line = strstr(line, "\r\n")) {
    line += 2;
    if (!strncasecmp(line, name, length) && line[length] == ':') {
      line += length + 1;
      return line + strspn(line, " \t");
    }
  }
  return NULL;
}

size_t http_head(struct http_client *client) {
  uint8_t *end = memmem(client->head, client->head_length, "\r\n\r\n", 4);
  if (!end) return 0;
  size_t length = (size_t)(end - client->head) + 4;
  // The text ends with its last line's CR LF; the byte behind that is a CR that nobody needs.
  char text[sizeof client->head];
  memcpy(text, client->head, length - 2);
  text[length - 2] = 0;
  const char *size = value(text, "content-length"), *connection = value(text, "connection");
  client->closes = connection && !strncasecmp(connection, "close", 5);
  client->status = -1;
  if (!strncmp(text, "HTTP/1.", 7) && strlen(text) > 12 && size) {
    client->status = atoi(text + 9);
    client->left = strtoull(size, NULL, 10);
  }
  return length;
}
