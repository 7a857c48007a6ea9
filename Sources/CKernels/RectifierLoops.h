// The loops of one scalar type; see RectifierLevel.h. TYPE, INTEGER (as wide) and SUFFIX are defined.

typedef TYPE NAME(vector) __attribute__((vector_size(LANES * sizeof(TYPE)), aligned(sizeof(TYPE))));
typedef INTEGER NAME(mask) __attribute__((vector_size(LANES * sizeof(TYPE))));

INLINE NAME(vector) NAME(load)(const TYPE *p) { return *(const NAME(vector) *)p; }
INLINE void NAME(store)(TYPE *p, NAME(vector) v) { *(NAME(vector) *)p = v; }
INLINE NAME(vector) NAME(keep)(NAME(vector) v, NAME(mask) m) { return (NAME(vector))((NAME(mask))v & m); }
INLINE NAME(vector) NAME(choose)(NAME(mask) m, NAME(vector) a, NAME(vector) b) {
  return (NAME(vector))(((NAME(mask))a & m) | ((NAME(mask))b & ~m));
}

INLINE NAME(mask) NAME(load_bits)(const uint8_t *bits) {
  lane_bits b;
  memcpy(&b, bits, LANES / 8);
  return -__builtin_convertvector(b, NAME(mask));
}

INLINE void NAME(store_bits)(uint8_t *bits, NAME(mask) m) {
  lane_bits b = __builtin_convertvector(m, lane_bits);
  memcpy(bits, &b, LANES / 8);
}

static void NAME(rectify)(const TYPE *x, size_t count, TYPE *y, uint8_t *bits) {
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
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

static void NAME(select)(const TYPE *x, const uint8_t *bits, size_t count, TYPE *y) {
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    NAME(store)(y + i, NAME(keep)(NAME(load)(x + i), NAME(load_bits)(bits + i / 8)));
  }
  for (; i < count; i++) y[i] = bits[i / 8] >> i % 8 & 1 ? x[i] : 0;
}

INLINE NAME(mask) NAME(displaces)(NAME(vector) candidate, NAME(vector) best) {
  return (NAME(mask))(candidate > best) | (NAME(mask))(candidate != candidate);
}

static void NAME(pool)(const TYPE *top, const TYPE *bottom, size_t channels, size_t windows, TYPE *y,
                       uint8_t *right, uint8_t *lower) {
  for (size_t window = 0; window < windows; window++) {
    for (size_t c = 0; c < channels; c += LANES) {
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

static void NAME(unpool)(const TYPE *x, const uint8_t *right, const uint8_t *lower, size_t channels,
                         size_t windows, TYPE *top, TYPE *bottom) {
  for (size_t window = 0; window < windows; window++) {
    for (size_t c = 0; c < channels; c += LANES) {
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

static void NAME(average)(const TYPE *top, const TYPE *bottom, size_t channels, size_t windows, TYPE *y) {
  for (size_t window = 0; window < windows; window++) {
    for (size_t c = 0; c < channels; c += LANES) {
      const TYPE *upper_left = top + 2 * window * channels + c;
      const TYPE *lower_left = bottom + 2 * window * channels + c;
      NAME(vector) sum = NAME(load)(upper_left) + NAME(load)(upper_left + channels);
      sum = sum + NAME(load)(lower_left) + NAME(load)(lower_left + channels);
      NAME(store)(y + window * channels + c, sum * (TYPE)0.25);
    }
  }
}

static void NAME(spread)(const TYPE *x, size_t channels, size_t windows, TYPE *top, TYPE *bottom) {
  for (size_t window = 0; window < windows; window++) {
    for (size_t c = 0; c < channels; c += LANES) {
      NAME(vector) share = NAME(load)(x + window * channels + c) * (TYPE)0.25;
      TYPE *upper_left = top + 2 * window * channels + c, *lower_left = bottom + 2 * window * channels + c;
      NAME(store)(upper_left, share);
      NAME(store)(upper_left + channels, share);
      NAME(store)(lower_left, share);
      NAME(store)(lower_left + channels, share);
    }
  }
}
