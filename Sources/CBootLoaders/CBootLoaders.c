#include "CBootLoaders.h"

#if !__has_embed(FINO_UNDIONLY_KPXE) || !__has_embed(FINO_SNPONLY_EFI)
#error "iPXE's boot loaders were not found: apt-get install ipxe (or set FINO_IPXE_DIRECTORY to the folder that has undionly.kpxe and snponly.efi)"
#endif

static const unsigned char undionly_kpxe[] = {
#embed FINO_UNDIONLY_KPXE
};

static const unsigned char snponly_efi[] = {
#embed FINO_SNPONLY_EFI
};

struct fino_loader fino_undionly_kpxe(void) {
  return (struct fino_loader){undionly_kpxe, sizeof undionly_kpxe};
}

struct fino_loader fino_snponly_efi(void) {
  return (struct fino_loader){snponly_efi, sizeof snponly_efi};
}
