#ifndef CLIBFUZZER_H
#define CLIBFUZZER_H

#include <stddef.h>
#include <stdint.h>

// libFuzzer's entry (compiler-rt, FuzzerInterface.h): parses its own arguments, then calls `one`
// with one input after another. Returns an exit code.
int LLVMFuzzerRunDriver(int *count, char ***arguments, int (*one)(const uint8_t *bytes, size_t size));

#endif
