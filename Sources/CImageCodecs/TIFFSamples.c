// Samples of TIFF as floats.
#include "TIFF.h"

static float half_value(uint16_t bits) {
  int exponent = bits >> 10 & 31, fraction = bits & 1023;
  float value = exponent == 31 ? (fraction ? NAN : INFINITY)
                : exponent     ? ldexpf((float)(fraction + 1024), exponent - 25)
                               : ldexpf((float)fraction, -24);
  return bits >> 15 ? -value : value;
}

void tiff_unpack(unsigned bits, int format, const uint8_t *bytes, size_t count, float *target) {
  if (format == FLOATING) {
    for (size_t i = 0; i < count; i++) {
      double wide;
      float single;
      uint16_t half;
      if (bits == 64) {
        memcpy(&wide, bytes + 8 * i, 8);
        target[i] = (float)wide;
      } else if (bits == 32) {
        memcpy(&single, bytes + 4 * i, 4);
        target[i] = single;
      } else {
        memcpy(&half, bytes + 2 * i, 2);
        target[i] = half_value(half);
      }
    }
  } else if (bits == 32) {
    for (size_t i = 0; i < count; i++) {
      uint32_t value;
      memcpy(&value, bytes + 4 * i, 4);
      target[i] = format == SIGNED ? (float)((int32_t)value / 2147483647.0) : (float)(value / 4294967295.0);
    }
  } else if (bits == 16) {
    for (size_t i = 0; i < count; i++) {
      uint16_t value;
      memcpy(&value, bytes + 2 * i, 2);
      target[i] = format == SIGNED ? (float)(int16_t)value / 32767.0f : (float)value / 65535.0f;
    }
  } else if (bits == 8) {
    for (size_t i = 0; i < count; i++) {
      target[i] = format == SIGNED ? (float)(int8_t)bytes[i] / 127.0f : (float)bytes[i] / 255.0f;
    }
  } else {
    // Packed, the most significant bit first.
    size_t place = 0;
    float largest = (float)((1u << bits) - 1);
    for (size_t i = 0; i < count; i++) {
      unsigned value = 0;
      for (unsigned b = 0; b < bits; b++, place++) value = value << 1 | (bytes[place >> 3] >> (7 - (place & 7)) & 1);
      target[i] = (float)value / largest;
    }
  }
}
