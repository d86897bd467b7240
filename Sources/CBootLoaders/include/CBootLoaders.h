#ifndef CBOOTLOADERS_H
#define CBOOTLOADERS_H

#include <stddef.h>

// The network boot programs inside the executable: Debian's iPXE, embedded at build time.
// Each accessor answers a pointer into read-only data that lives as long as the process.
struct fino_loader {
  const unsigned char *bytes;
  size_t count;
};

struct fino_loader fino_undionly_kpxe(void);  // x86 BIOS: iPXE on the ROM's own UNDI driver
struct fino_loader fino_snponly_efi(void);    // x64 UEFI: iPXE on the firmware's own SNP driver

#endif
