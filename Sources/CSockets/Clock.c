#include <errno.h>
#include <sys/timex.h>

#include "CSockets.h"

int fino_clock_is_kept(void) {
  struct timex request = {0};
  int state = adjtimex(&request);
  return state < 0 ? -errno : state != TIME_ERROR;
}
