// Memory that goes from one address to another without being copied.
#include "CKernels.h"

#ifdef __linux__

#include <sys/syscall.h>
#include <unistd.h>

// From <sys/mman.h> and <linux/mman.h>, which the oldest supported C library does not have in full.
enum { MAY_MOVE = 1, FIXED = 2, DO_NOT_UNMAP = 4 };

bool ckernels_move_pages(void *from, size_t bytes, void *to) {
  return syscall(SYS_mremap, from, bytes, bytes, MAY_MOVE | FIXED | DO_NOT_UNMAP, to) == (long)to;
}

#else

bool ckernels_move_pages(void *from, size_t bytes, void *to) {
  (void)from, (void)bytes, (void)to;
  return false;
}

#endif
