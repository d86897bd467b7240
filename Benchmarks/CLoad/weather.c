/// CLoad: a cable that is long and loses packets.
#include "weather.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "frame.h"

enum { PLACES = 1 << 14 };

struct held {
  uint64_t arrives;
  size_t length;
  uint8_t bytes[WEATHER_FRAME];
};

int weather_make(struct weather *weather, uint64_t delay, double loss, uint64_t seed) {
  *weather = (struct weather){
      .delay = delay, .loss = (uint64_t)(loss * 4294967296.0), .random = seed};
  if (weather_is_fine(weather)) return 0;
  weather->frames = calloc(PLACES, sizeof *weather->frames);
  return weather->frames ? 0 : -ENOMEM;
}

void weather_end(struct weather *weather) {
  free(weather->frames);
  weather->frames = NULL;
}

int weather_is_fine(const struct weather *weather) { return !weather->delay && !weather->loss; }

void weather_send(struct weather *weather, const uint8_t *frame, size_t length, uint64_t now) {
  if (weather->loss && (frame_random(&weather->random) >> 32) < weather->loss) {
    weather->lost++;
    return;
  }
  if (weather->next - weather->oldest == PLACES || length > WEATHER_FRAME) {
    weather->overflowed++;
    return;
  }
  struct held *held = &weather->frames[weather->next++ % PLACES];
  held->arrives = now + weather->delay;
  held->length = length;
  memcpy(held->bytes, frame, length);
}

const uint8_t *weather_receive(struct weather *weather, uint64_t now, size_t *length) {
  if (weather->oldest == weather->next) return NULL;
  struct held *held = &weather->frames[weather->oldest % PLACES];
  if (held->arrives > now) return NULL;
  weather->oldest++;
  *length = held->length;
  return held->bytes;
}
