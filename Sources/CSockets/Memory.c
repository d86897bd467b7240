#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "CSockets.h"

extern char __executable_start;
extern char etext;

void fino_forget_code_pages(void) {
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  uintptr_t start = ((uintptr_t)&__executable_start + page - 1) & ~(page - 1);
  uintptr_t end = (uintptr_t)&etext & ~(page - 1);
  // A private mapping of a file that nobody writes: what is dropped is read again from the file.
  if (end > start) madvise((void *)start, end - start, MADV_DONTNEED);
}
