/// CLoad: a raw socket in batches.
#define _GNU_SOURCE
#include "cable.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int cable_make(struct cable *cable, int socket, uint64_t delay, double loss, uint64_t seed) {
  memset(cable, 0, sizeof *cable);
  cable->socket = socket;
  cable->receive_bytes = calloc(CABLE_BATCH, sizeof *cable->receive_bytes);
  if (!cable->receive_bytes) return -ENOMEM;
  for (int i = 0; i < CABLE_BATCH; i++) {
    cable->send_data[i].iov_base = cable->send_bytes[i];
    cable->send_headers[i].msg_hdr.msg_iov = &cable->send_data[i];
    cable->send_headers[i].msg_hdr.msg_iovlen = 1;
    cable->receive_data[i] = (struct iovec){cable->receive_bytes[i], CABLE_TRAIN};
    cable->receive_headers[i].msg_hdr.msg_iov = &cable->receive_data[i];
    cable->receive_headers[i].msg_hdr.msg_iovlen = 1;
  }
  int failed = weather_make(&cable->out, delay / 2, loss, seed);
  return failed ? failed : weather_make(&cable->in, delay / 2, loss, ~seed);
}

void cable_end(struct cable *cable) {
  weather_end(&cable->out);
  weather_end(&cable->in);
  free(cable->receive_bytes);
  cable->receive_bytes = NULL;
}

void cable_flush(struct cable *cable) {
  for (int sent = 0; sent < cable->count && !cable->failed;) {
    int some = sendmmsg(cable->socket, cable->send_headers + sent, (unsigned)(cable->count - sent),
                        0);
    if (some >= 0) {
      sent += some;
    } else if (errno != EAGAIN && errno != ENOBUFS && errno != EINTR) {
      cable->failed = -errno;
    }
  }
  cable->count = 0;
}

static void put(struct cable *cable, const uint8_t *frame, size_t length) {
  if (cable->count == CABLE_BATCH) cable_flush(cable);
  memcpy(cable->send_bytes[cable->count], frame, length);
  cable->send_data[cable->count++].iov_len = length;
}

void cable_send(struct cable *cable, const uint8_t *frame, size_t length, uint64_t time) {
  if (weather_is_fine(&cable->out)) {
    put(cable, frame, length);
  } else {
    weather_send(&cable->out, frame, length, time);
  }
}

int cable_take(struct cable *cable) {
  int count = recvmmsg(cable->socket, cable->receive_headers, CABLE_BATCH, MSG_DONTWAIT, NULL);
  if (count >= 0) return count;
  if (errno != EAGAIN && errno != EINTR && errno != ENETDOWN) cable->failed = -errno;
  return 0;
}

const uint8_t *cable_taken(struct cable *cable, int index, size_t *length) {
  *length = cable->receive_headers[index].msg_len;
  return cable->receive_bytes[index];
}

int cable_send_due(struct cable *cable, uint64_t time) {
  int some = 0;
  size_t length;
  const uint8_t *frame;
  while ((frame = weather_receive(&cable->out, time, &length))) {
    put(cable, frame, length);
    some = 1;
  }
  return some;
}
