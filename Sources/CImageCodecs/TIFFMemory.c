// A TIFF in memory, as libtiff's own kind of file.
#include "TIFF.h"

static ptrdiff_t take(void *user, void *target, ptrdiff_t wanted) {
  tiff_memory *memory = user;
  size_t left = memory->position < memory->file.count ? memory->file.count - memory->position : 0;
  size_t size = (size_t)wanted < left ? (size_t)wanted : left;
  if (size) memcpy(target, memory->file.bytes + memory->position, size);
  memory->position += size;
  return (ptrdiff_t)size;
}

static ptrdiff_t put(void *user, void *bytes, ptrdiff_t count) {
  tiff_memory *memory = user;
  codec_file *file = &memory->file;
  size_t end = memory->position + (size_t)count;
  if (!memory->is_written || !codec_reserve(file, &memory->capacity, end)) return -1;
  if (memory->position > file->count) memset(file->bytes + file->count, 0, memory->position - file->count);
  memcpy(file->bytes + memory->position, bytes, (size_t)count);
  memory->position = end;
  if (end > file->count) file->count = end;
  return count;
}

static uint64_t move(void *user, uint64_t offset, int whence) {
  tiff_memory *memory = user;
  if (whence == SEEK_CUR) offset += memory->position;
  if (whence == SEEK_END) offset += memory->file.count;
  memory->position = (size_t)offset;
  return offset;
}

static int leave(void *user) {
  (void)user;
  return 0;
}

static uint64_t size_of(void *user) { return ((tiff_memory *)user)->file.count; }

static int map(void *user, void **base, uint64_t *size) {
  tiff_memory *memory = user;
  // What is written moves as it grows.
  if (memory->is_written) return 0;
  *base = memory->file.bytes;
  *size = memory->file.count;
  return 1;
}

static void unmap(void *user, void *base, uint64_t size) { (void)user, (void)base, (void)size; }

void *tiff_open_memory(tiff_memory *memory) {
  return tiff.open("picture", memory->is_written ? "w" : "r", memory, take, put, move, leave, size_of, map, unmap);
}
