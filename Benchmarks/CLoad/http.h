/// CLoad: an HTTP client of the load, and what it asks.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "CLoadHTTP.h"

/// Bytes of a body that are read at once, and dropped at once.
enum { HTTP_BUFFER = 1 << 20, HTTP_MOST = 4 << 20 };

/// So long without a byte for anybody, in nanoseconds, is a failure.
#define HTTP_PATIENCE UINT64_C(30000000000)

enum http_state { HTTP_IN_HEAD, HTTP_IN_BODY };

struct http_client {
  int fd;
  uint32_t number;
  enum http_state state;
  uint64_t asked;
  /// Of the body: what is still to come, and where in the file the next byte belongs.
  uint64_t left, offset;
  /// Requests so far.
  uint64_t turn;
  int status;
  uint8_t closes, has_first, is_wrong;
  size_t head_length;
  uint8_t head[2048];
};

struct http_load {
  const struct http_plan *plan;
  struct http_result *result;
  struct http_client *clients;
  uint8_t *buffer;
  int epoll;
  /// Clients that have nothing more to ask.
  uint32_t idle;
  uint64_t random;
};

/// Connects. 0, or -errno.
int http_connect(struct http_load *load, struct http_client *client);

void http_hang_up(struct http_client *client);

/// Sends the next request, on a new connection where there is none. 0, or -errno.
int http_ask(struct http_load *load, struct http_client *client);

/// Reads status, length and end of connection once the head is whole, and answers its length; 0
/// while it is not. A head without a length has a negative status.
size_t http_head(struct http_client *client);
