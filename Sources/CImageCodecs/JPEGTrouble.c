#include "JPEG.h"

_Static_assert(CODEC_MESSAGE_SIZE >= JMSG_LENGTH_MAX, "libjpeg's longest sentence must fit");

_Noreturn void jpeg_fail(j_common_ptr codec, const char *text) {
  jpeg_trouble *trouble = (jpeg_trouble *)codec->err;
  codec_say(trouble->message, text);
  longjmp(trouble->back, 1);
}

static void failed(j_common_ptr codec) {
  jpeg_trouble *trouble = (jpeg_trouble *)codec->err;
  codec->err->format_message(codec, trouble->message);
  longjmp(trouble->back, 1);
}

static void ignored(j_common_ptr codec, int level) {
  (void)codec;
  (void)level;
}

struct jpeg_error_mgr *jpeg_trouble_start(jpeg_trouble *trouble, char *message) {
  jpeg_std_error(&trouble->base);
  trouble->base.error_exit = failed;
  trouble->base.emit_message = ignored;
  trouble->message = message;
  return &trouble->base;
}
