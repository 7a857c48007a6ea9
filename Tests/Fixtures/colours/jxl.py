"""JPEG XL without loss by libjxl itself, whose programs write neither inks nor every colour space."""
import ctypes
import ctypes.util
import struct

import numpy as np

UINT16 = 3
SPACES = {1: 1, 3: 0}  # grey and RGB by their channels


def put(buffer, offset, form, *values):
    struct.pack_into("<" + form, buffer, offset, *values)


def jxl(samples, profile=None, primaries=None, transfer=13, black=None):
    """[H, W, C] samples of 16 bits in an ICC profile, or in a space: D65 with three points and libjxl's transfer function.

    `black` is the fourth ink's plane; inks are stored as the light that they leave.
    """
    lib = ctypes.CDLL(ctypes.util.find_library("jxl"))
    lib.JxlEncoderCreate.restype = lib.JxlEncoderFrameSettingsCreate.restype = ctypes.c_void_p
    encoder = ctypes.c_void_p(lib.JxlEncoderCreate(None))

    def check(status):
        assert status == 0, status

    height, width, channels = samples.shape
    info = ctypes.create_string_buffer(4096)
    lib.JxlEncoderInitBasicInfo(info)
    put(info, 4, "III", width, height, 16)
    put(info, 36, "i", 1)  # the colours are those that the file says
    put(info, 52, "II", channels, 0 if black is None else 1)
    check(lib.JxlEncoderSetCodestreamLevel(encoder, 10))
    check(lib.JxlEncoderSetBasicInfo(encoder, info))
    if black is not None:
        extra = ctypes.create_string_buffer(4096)
        lib.JxlEncoderInitExtraChannelInfo(4, extra)
        put(extra, 4, "I", 16)
        check(lib.JxlEncoderSetExtraChannelInfo(encoder, ctypes.c_size_t(0), extra))
    if profile:
        check(lib.JxlEncoderSetICCProfile(encoder, profile, ctypes.c_size_t(len(profile))))
    else:
        colours = ctypes.create_string_buffer(4096)
        put(colours, 0, "ii", SPACES[channels], 1)
        put(colours, 24, "i", 2)
        put(colours, 32, "6d", *np.ravel(primaries[:3]))
        put(colours, 80, "i", transfer)
        put(colours, 96, "i", 1)
        check(lib.JxlEncoderSetColorEncoding(encoder, colours))
    settings = ctypes.c_void_p(lib.JxlEncoderFrameSettingsCreate(encoder, None))
    check(lib.JxlEncoderSetFrameLossless(settings, 1))

    def plane(values):
        layout = ctypes.create_string_buffer(struct.pack("<IiiiQ", values.shape[-1], UINT16, 0, 0, 0))
        data = values.astype("<u2").tobytes()
        return layout, data, ctypes.c_size_t(len(data))

    check(lib.JxlEncoderAddImageFrame(settings, *plane(samples)))
    if black is not None:
        check(lib.JxlEncoderSetExtraChannelBuffer(settings, *plane(black), 0))
    lib.JxlEncoderCloseInput(encoder)
    file = ctypes.create_string_buffer(1 << 20)
    place, left = ctypes.c_void_p(ctypes.addressof(file)), ctypes.c_size_t(len(file))
    check(lib.JxlEncoderProcessOutput(encoder, ctypes.byref(place), ctypes.byref(left)))
    lib.JxlEncoderDestroy(encoder)
    return file.raw[:len(file) - left.value]
