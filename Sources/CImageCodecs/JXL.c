#include "JXL.h"

struct jxl_functions jxl;

static void jxl_load(void) {
  const char *const names[] = {"libjxl.so.0.12", "libjxl.so.0.11", "libjxl.so.0.10", "libjxl.so.0.9", "libjxl.so.0.8",
                               "libjxl.so.0.7", "libjxl.0.12.dylib", "libjxl.0.11.dylib", "libjxl.0.10.dylib",
                               "libjxl.dylib", NULL};
  void *handle = library_open(names);
  if (!handle) return;
  const library_symbol symbols[] = {
      {"JxlDecoderVersion", &jxl.version},
      {"JxlDecoderCreate", &jxl.create},
      {"JxlDecoderDestroy", &jxl.destroy},
      {"JxlDecoderSubscribeEvents", &jxl.subscribe},
      {"JxlDecoderSetInput", &jxl.input},
      {"JxlDecoderCloseInput", &jxl.close_input},
      {"JxlDecoderProcessInput", &jxl.process},
      {"JxlDecoderGetBasicInfo", &jxl.info},
      {"JxlDecoderGetColorAsEncodedProfile", &jxl.encoded},
      {"JxlDecoderGetICCProfileSize", &jxl.profile_size},
      {"JxlDecoderGetColorAsICCProfile", &jxl.profile},
      {"JxlDecoderImageOutBufferSize", &jxl.buffer_size},
      {"JxlDecoderSetImageOutBuffer", &jxl.buffer},
      {"JxlDecoderGetExtraChannelInfo", &jxl.extra},
      {"JxlDecoderExtraChannelBufferSize", &jxl.extra_size},
      {"JxlDecoderSetExtraChannelBuffer", &jxl.extra_buffer},
      {"JxlEncoderCreate", &jxl.encoder},
      {"JxlEncoderDestroy", &jxl.encoder_destroy},
      {"JxlEncoderInitBasicInfo", &jxl.init_info},
      {"JxlColorEncodingSetToSRGB", &jxl.set_srgb},
      {"JxlEncoderCloseInput", &jxl.end},
      {"JxlEncoderSetBasicInfo", &jxl.set_info},
      {"JxlEncoderSetColorEncoding", &jxl.set_colours},
      {"JxlEncoderSetICCProfile", &jxl.set_profile},
      {"JxlEncoderUseBoxes", &jxl.use_boxes},
      {"JxlEncoderUseContainer", &jxl.use_container},
      {"JxlEncoderAddBox", &jxl.add_box},
      {"JxlEncoderSetCodestreamLevel", &jxl.set_level},
      {"JxlEncoderFrameSettingsCreate", &jxl.settings},
      {"JxlEncoderSetFrameLossless", &jxl.lossless},
      {"JxlEncoderAddImageFrame", &jxl.add_frame},
      {"JxlEncoderProcessOutput", &jxl.output},
  };
  jxl.is_there = LIBRARY_BIND(handle, symbols);
  jxl.has_format = jxl.is_there && jxl.version() < 9000;
}

bool jxl_is_there(char *version) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, jxl_load);
  if (jxl.is_there) {
    uint32_t number = jxl.version();
    snprintf(version, 32, "%u.%u.%u", number / 1000000, number / 1000 % 1000, number % 1000);
  }
  return jxl.is_there;
}
