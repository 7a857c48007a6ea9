#include "HEIF.h"

struct heif_functions heif;

static void heif_load(void) {
  const char *const names[] = {"libheif.so.1", "libheif.1.dylib", "libheif.dylib", NULL};
  void *handle = library_open(names);
  if (!handle) return;
  const library_symbol symbols[] = {
      {"heif_get_version_number", &heif.version},
      {"heif_context_alloc", &heif.context},
      {"heif_context_free", &heif.context_free},
      {"heif_context_set_maximum_image_size_limit", &heif.context_limit},
      {"heif_context_read_from_memory_without_copy", &heif.read},
      {"heif_context_get_primary_image_handle", &heif.primary},
      {"heif_image_handle_get_width", &heif.width},
      {"heif_image_handle_get_height", &heif.height},
      {"heif_image_handle_has_alpha_channel", &heif.has_alpha},
      {"heif_image_handle_is_premultiplied_alpha", &heif.is_premultiplied},
      {"heif_image_handle_get_luma_bits_per_pixel", &heif.bits},
      {"heif_image_handle_get_raw_color_profile_size", &heif.profile_size},
      {"heif_image_handle_get_raw_color_profile", &heif.profile},
      {"heif_image_handle_get_nclx_color_profile", &heif.nclx},
      {"heif_image_get_nclx_color_profile", &heif.image_nclx},
      {"heif_nclx_color_profile_free", &heif.nclx_free},
      {"heif_nclx_color_profile_alloc", &heif.nclx_alloc},
      {"heif_decode_image", &heif.decode},
      {"heif_image_get_plane_readonly", &heif.plane},
      {"heif_image_get_width", &heif.image_width},
      {"heif_image_get_height", &heif.image_height},
      {"heif_image_get_bits_per_pixel_range", &heif.image_bits},
      {"heif_image_release", &heif.image_free},
      {"heif_image_handle_release", &heif.handle_free},
      {"heif_context_get_encoder_for_format", &heif.encoder},
      {"heif_encoder_set_lossy_quality", &heif.quality},
      {"heif_encoder_set_parameter_string", &heif.set_text},
      {"heif_encoder_release", &heif.encoder_free},
      {"heif_image_create", &heif.image},
      {"heif_image_add_plane", &heif.add_plane},
      {"heif_image_get_plane", &heif.own_plane},
      {"heif_image_set_nclx_color_profile", &heif.set_nclx},
      {"heif_image_set_raw_color_profile", &heif.set_profile},
      {"heif_context_encode_image", &heif.encode},
      {"heif_context_add_exif_metadata", &heif.add_exif},
      {"heif_context_write", &heif.write},
  };
  heif.is_there = LIBRARY_BIND(handle, symbols);
  const library_symbol threads[] = {{"heif_context_set_max_decoding_threads", &heif.context_threads}};
  (void)LIBRARY_BIND(handle, threads);
  // From 1.13 on decoders can be plugins, which are looked for here.
  const library_symbol start[] = {{"heif_init", &heif.init}};
  if (heif.is_there && LIBRARY_BIND(handle, start)) heif.init(NULL);
}

bool heif_is_there(char *version) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, heif_load);
  if (heif.is_there) {
    uint32_t number = heif.version();
    snprintf(version, 32, "%u.%u.%u", number >> 24, number >> 16 & 255, number >> 8 & 255);
  }
  return heif.is_there;
}

bool heif_fails(heif_error error, char *message) {
  if (error.code) codec_say(message, error.message ? error.message : "libheif cannot read it");
  return error.code != 0;
}
