"""Run by the SDK's own Python: what its brush decoder makes of results on stdin, as hashes of the alpha per region."""

import hashlib
import json
import sys

import numpy as np

sys.path.append(sys.argv[1])  # where Pillow is: the decoder's module imports it

from label_studio_sdk.converter.brush import decode_rle

found = {}
for row in json.load(sys.stdin):
    pixels = decode_rle(row["value"]["rle"])
    alpha = np.reshape(pixels, [row["original_height"], row["original_width"], 4])[:, :, 3]
    found[row["id"]] = hashlib.sha256(((alpha > 0) * np.uint8(255)).tobytes()).hexdigest()
json.dump(found, sys.stdout)
