#!/usr/bin/env python3
"""Prints pith/curate/classify/common_signs.inc: the Chinese signs that GB 2312 or Big5 counts as common.

    scripts/generate_common_signs.py > pith/curate/classify/common_signs.inc
"""


def common(point):
    for encoding, first, last in (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6)):  # rows of level 1
        try:
            if first <= chr(point).encode(encoding)[0] <= last:
                return True
        except UnicodeEncodeError:
            pass
    return False


bits = [common(point) for point in range(0x4E00, 0xA000)]
digits = "".join("%x" % sum(bits[i + j] << j for j in range(4)) for i in range(0, len(bits), 4))
print("// A bit a sign from U+4E00 to U+9FFF, least first, four a hexadecimal digit: common in GB 2312 (level 1)")
print("// or in Big5 (level 1). Written by scripts/generate_common_signs.py.")
for i in range(0, len(digits), 96):
    print('"%s"' % digits[i:i + 96])
