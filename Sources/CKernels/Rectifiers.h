// Rectifiers and 2×2 pooling of one scalar type, on every processor in groups of 16 elements, whose bits fill two bytes;
// see Processor.h.

#define GROUP 16
// Its vectors have names of their own.
#undef SUFFIX
#define SUFFIX JOIN(group, SCALAR)

typedef bool NAME(bits) __attribute__((ext_vector_type(GROUP)));
typedef TYPE NAME(vector) __attribute__((vector_size(GROUP * sizeof(TYPE)), aligned(sizeof(TYPE))));
typedef INTEGER NAME(mask) __attribute__((vector_size(GROUP * sizeof(TYPE))));

INLINE NAME(vector) NAME(load)(const TYPE *p) { return *(const NAME(vector) *)p; }
INLINE void NAME(store)(TYPE *p, NAME(vector) v) { *(NAME(vector) *)p = v; }
INLINE NAME(vector) NAME(keep)(NAME(vector) v, NAME(mask) m) { return (NAME(vector))((NAME(mask))v & m); }
INLINE NAME(vector) NAME(choose)(NAME(mask) m, NAME(vector) a, NAME(vector) b) {
  return (NAME(vector))(((NAME(mask))a & m) | ((NAME(mask))b & ~m));
}

INLINE NAME(mask) NAME(load_bits)(const uint8_t *bits) {
  NAME(bits) b;
  memcpy(&b, bits, GROUP / 8);
  return -__builtin_convertvector(b, NAME(mask));
}

INLINE void NAME(store_bits)(uint8_t *bits, NAME(mask) m) {
  NAME(bits) b = __builtin_convertvector(m, NAME(bits));
  memcpy(bits, &b, GROUP / 8);
}

static void NAME(rectify)(const void *from, size_t count, void *to, uint8_t *bits) {
  const TYPE *x = from;
  TYPE *y = to;
  size_t i = 0;
  for (; i + GROUP <= count; i += GROUP) {
    NAME(vector) v = NAME(load)(x + i);
    NAME(mask) active = ~(NAME(mask))(v <= 0);
    NAME(store)(y + i, NAME(keep)(v, active));
    NAME(store_bits)(bits + i / 8, active);
  }
  for (; i < count; i++) {
    int active = !(x[i] <= 0);
    y[i] = active ? x[i] : 0;
    if (i % 8 == 0) bits[i / 8] = 0;
    bits[i / 8] |= (uint8_t)(active << i % 8);
  }
}

static void NAME(select)(const void *from, const uint8_t *bits, size_t count, void *to) {
  const TYPE *x = from;
  TYPE *y = to;
  size_t i = 0;
  for (; i + GROUP <= count; i += GROUP) {
    NAME(store)(y + i, NAME(keep)(NAME(load)(x + i), NAME(load_bits)(bits + i / 8)));
  }
  for (; i < count; i++) y[i] = bits[i / 8] >> i % 8 & 1 ? x[i] : 0;
}

INLINE NAME(mask) NAME(displaces)(NAME(vector) candidate, NAME(vector) best) {
  return (NAME(mask))(candidate > best) | (NAME(mask))(candidate != candidate);
}

static void NAME(pool)(const void *upper_row, const void *lower_row, size_t channels, size_t windows, void *to,
                       uint8_t *right, uint8_t *lower) {
  const TYPE *top = upper_row, *bottom = lower_row;
  TYPE *y = to;
  for (size_t window = 0; window < windows; window++) {
    for (size_t c = 0; c < channels; c += GROUP) {
      const TYPE *upper_left = top + 2 * window * channels + c;
      const TYPE *lower_left = bottom + 2 * window * channels + c;
      NAME(vector) v = NAME(load)(upper_left + channels), w = NAME(load)(lower_left);
      NAME(vector) last = NAME(load)(lower_left + channels), best = NAME(load)(upper_left);
      NAME(mask) is_right = NAME(displaces)(v, best);
      best = NAME(choose)(is_right, v, best);
      NAME(mask) is_lower = NAME(displaces)(w, best);
      best = NAME(choose)(is_lower, w, best);
      NAME(mask) is_last = NAME(displaces)(last, best);
      size_t i = window * channels + c;
      NAME(store)(y + i, NAME(choose)(is_last, last, best));
      if (right) {
        NAME(store_bits)(right + i / 8, (is_right & ~is_lower) | is_last);
        NAME(store_bits)(lower + i / 8, is_lower | is_last);
      }
    }
  }
}

static void NAME(unpool)(const void *from, const uint8_t *right, const uint8_t *lower, size_t channels,
                         size_t windows, void *upper_row, void *lower_row) {
  const TYPE *x = from;
  TYPE *top = upper_row, *bottom = lower_row;
  for (size_t window = 0; window < windows; window++) {
    for (size_t c = 0; c < channels; c += GROUP) {
      size_t i = window * channels + c;
      NAME(vector) v = NAME(load)(x + i);
      NAME(mask) is_right = NAME(load_bits)(right + i / 8), is_lower = NAME(load_bits)(lower + i / 8);
      TYPE *upper_left = top + 2 * window * channels + c, *lower_left = bottom + 2 * window * channels + c;
      NAME(store)(upper_left, NAME(keep)(v, ~is_right & ~is_lower));
      NAME(store)(upper_left + channels, NAME(keep)(v, is_right & ~is_lower));
      NAME(store)(lower_left, NAME(keep)(v, ~is_right & is_lower));
      NAME(store)(lower_left + channels, NAME(keep)(v, is_right & is_lower));
    }
  }
}

static void NAME(average)(const void *upper_row, const void *lower_row, size_t channels, size_t windows,
                          void *to) {
  const TYPE *top = upper_row, *bottom = lower_row;
  TYPE *y = to;
  for (size_t window = 0; window < windows; window++) {
    for (size_t c = 0; c < channels; c += GROUP) {
      const TYPE *upper_left = top + 2 * window * channels + c;
      const TYPE *lower_left = bottom + 2 * window * channels + c;
      NAME(vector) sum = NAME(load)(upper_left) + NAME(load)(upper_left + channels);
      sum = sum + NAME(load)(lower_left) + NAME(load)(lower_left + channels);
      NAME(store)(y + window * channels + c, sum * (TYPE)0.25);
    }
  }
}

static void NAME(spread)(const void *from, size_t channels, size_t windows, void *upper_row,
                         void *lower_row) {
  const TYPE *x = from;
  TYPE *top = upper_row, *bottom = lower_row;
  for (size_t window = 0; window < windows; window++) {
    for (size_t c = 0; c < channels; c += GROUP) {
      NAME(vector) share = NAME(load)(x + window * channels + c) * (TYPE)0.25;
      TYPE *upper_left = top + 2 * window * channels + c, *lower_left = bottom + 2 * window * channels + c;
      NAME(store)(upper_left, share);
      NAME(store)(upper_left + channels, share);
      NAME(store)(lower_left, share);
      NAME(store)(lower_left + channels, share);
    }
  }
}

static const ckernels_rectifiers JOIN(rectifiers, SCALAR) = {
    .rectify = NAME(rectify),
    .select = NAME(select),
    .pool = NAME(pool),
    .unpool = NAME(unpool),
    .average = NAME(average),
    .spread = NAME(spread),
};

#undef GROUP
#undef SUFFIX
#define SUFFIX SCALAR
