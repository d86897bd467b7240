/// CLoad: one GET of HTTP/1.1.
#define _GNU_SOURCE
#include "fetch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/// Bytes of a body that are compared, at its beginning and at its end; and of one read.
enum { COMPARED = 1 << 16, READ = 1 << 20 };

int fetch_start(struct fetch *fetch, uint32_t from, uint32_t server, uint16_t port,
                const char *path) {
  memset(fetch, 0, sizeof *fetch);
  int length = snprintf(fetch->text, sizeof fetch->text,
                        "GET %s HTTP/1.1\r\nHost: %u.%u.%u.%u\r\nConnection: close\r\n\r\n", path,
                        server >> 24, server >> 16 & 255, server >> 8 & 255, server & 255);
  if (length < 0 || (size_t)length >= sizeof fetch->text) return -ENAMETOOLONG;
  fetch->request = (size_t)length;
  fetch->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fetch->socket < 0) return -errno;
  struct sockaddr_in mine = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(from)};
  struct sockaddr_in to = {
      .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(server)};
  if (bind(fetch->socket, (struct sockaddr *)&mine, sizeof mine) < 0 ||
      (connect(fetch->socket, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS)) {
    int error = errno;
    fetch_end(fetch);
    return -error;
  }
  return 0;
}

void fetch_end(struct fetch *fetch) {
  if (fetch->socket >= 0) close(fetch->socket);
  fetch->socket = -1;
}

const char *fetch_body(struct fetch *fetch) {
  fetch->text[fetch->filled < FETCH_TEXT ? fetch->filled : FETCH_TEXT - 1] = 0;
  return fetch->text + fetch->body;
}

/// RFC 9112 §4 to §6: 200 with a Content-Length, or nothing.
static int read_head(struct fetch *fetch) {
  fetch->text[fetch->filled] = 0;
  char *end = strstr(fetch->text, "\r\n\r\n");
  if (!end) return fetch->filled == FETCH_TEXT - 1 ? FETCH_FAILED : FETCH_WANTS_MORE;
  if (strncmp(fetch->text, "HTTP/1.1 200 ", 13)) return FETCH_FAILED;
  fetch->body = (size_t)(end + 4 - fetch->text);
  char *field = strcasestr(fetch->text, "\r\ncontent-length:");
  if (!field || field > end) return FETCH_FAILED;
  fetch->length = strtoull(field + 17, NULL, 10);
  fetch->received = fetch->filled - fetch->body;
  return FETCH_WANTS_MORE;
}

static int has(const uint8_t *bytes, size_t count, uint64_t at, const uint8_t *content,
               uint64_t size) {
  return at + count <= size && !memcmp(bytes, content + at, count);
}

/// The body, one system call of it.
static ssize_t read_body(struct fetch *fetch, const uint8_t *content) {
  static uint8_t buffer[COMPARED];
  uint64_t left = fetch->length - fetch->received;
  if (!content) {
    size_t room = FETCH_TEXT - 1 - fetch->filled;
    ssize_t count = recv(fetch->socket, fetch->text + fetch->filled, room, 0);
    if (count > 0) fetch->filled += (size_t)count;
    return count;
  }
  if (fetch->received >= COMPARED && left > COMPARED) {
    uint64_t most = left - COMPARED;
    return recv(fetch->socket, NULL, most < READ ? (size_t)most : READ, MSG_TRUNC);
  }
  uint64_t wanted = left > COMPARED ? COMPARED - fetch->received : left;
  ssize_t count = recv(fetch->socket, buffer, (size_t)wanted, 0);
  if (count > 0 && !has(buffer, (size_t)count, fetch->received, content, fetch->length)) {
    errno = EBADMSG;
    return -1;
  }
  return count;
}

int fetch_go(struct fetch *fetch, const uint8_t *content, uint64_t size) {
  if (fetch->sent < fetch->request) {
    ssize_t count = send(fetch->socket, fetch->text + fetch->sent, fetch->request - fetch->sent,
                         MSG_NOSIGNAL);
    if (count < 0) return errno == EAGAIN ? FETCH_WANTS_ROOM : FETCH_FAILED;
    fetch->sent += (size_t)count;
    return fetch->sent < fetch->request ? FETCH_WANTS_ROOM : FETCH_WANTS_MORE;
  }
  if (!fetch->body) {
    ssize_t count =
        recv(fetch->socket, fetch->text + fetch->filled, FETCH_TEXT - 1 - fetch->filled, 0);
    if (count <= 0) return count < 0 && errno == EAGAIN ? FETCH_WANTS_MORE : FETCH_FAILED;
    fetch->filled += (size_t)count;
    int outcome = read_head(fetch);
    if (outcome == FETCH_FAILED || !fetch->body) return outcome;
    if (content && (fetch->length != size ||
                    !has((uint8_t *)fetch->text + fetch->body, fetch->received, 0, content,
                         size))) {
      return FETCH_FAILED;
    }
  } else {
    ssize_t count = read_body(fetch, content);
    if (count <= 0) return count < 0 && errno == EAGAIN ? FETCH_WANTS_MORE : FETCH_FAILED;
    fetch->received += (uint64_t)count;
  }
  return fetch->received < fetch->length ? FETCH_WANTS_MORE : FETCH_WHOLE;
}

int fetch_find_path(const char *script, const char *command, char *path, size_t room) {
  const char *line = strstr(script, command);
  if (!line) return 0;
  line += strlen(command);
  if (strncmp(line, "http://", 7)) return 0;
  line += 7 + strcspn(line + 7, "/ \n");
  size_t length = strcspn(line, " \n");
  if (*line != '/' || length >= room) return 0;
  memcpy(path, line, length);
  path[length] = 0;
  return 1;
}
