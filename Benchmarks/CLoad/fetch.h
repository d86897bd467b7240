/// CLoad: one GET of HTTP/1.1, on a connection of its own.
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { FETCH_TEXT = 4096 };

struct fetch {
  int socket;
  /// The request; then the head of the answer, and a body that is text.
  char text[FETCH_TEXT];
  size_t request, sent, filled;
  /// Where the body of a text begins; 0 before the head is whole.
  size_t body;
  uint64_t length, received;
};

enum fetch_outcome { FETCH_WANTS_ROOM, FETCH_WANTS_MORE, FETCH_WHOLE, FETCH_FAILED };

/// Starts to connect, from an address of this namespace; host byte order. 0, or -errno.
int fetch_start(struct fetch *fetch, uint32_t from, uint32_t server, uint16_t port,
                const char *path);

/// Does what can be done now. The body must be `content`, of which the beginning and the end are
/// looked at; what is between them the kernel drops. Without `content` it is a text.
int fetch_go(struct fetch *fetch, const uint8_t *content, uint64_t size);

/// The text that was fetched; ends with a zero byte.
const char *fetch_body(struct fetch *fetch);

/// The path of the URL behind a command, which begins with a line break; 0 when there is none.
int fetch_find_path(const char *script, const char *command, char *path, size_t room);

void fetch_end(struct fetch *fetch);
