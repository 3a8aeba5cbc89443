"""An independent decoder: canmatrix. Arguments: DBC file, file of frames (id word in decimal, data in hex). Prints a JSON object a frame."""
import json
import logging
import sys

logging.disable(logging.CRITICAL)
import canmatrix.formats  # noqa: E402

matrix = list(canmatrix.formats.loadp(sys.argv[1], dbcImportEncoding="cp1252").values())[0]
frames = {}
for frame in matrix.frames:
    frames[frame.arbitration_id.id | (0x80000000 if frame.arbitration_id.extended else 0)] = frame
with open(sys.argv[2], encoding="ascii") as lines:
    for line in lines:
        word, data = line.split()
        frame = frames.get(int(word))
        try:
            decoded = frame.decode(bytes.fromhex(data)) if frame else {}
            print(json.dumps({name: [value.raw_value, float(value.phys_value)] for name, value in decoded.items()}))
        except Exception as problem:  # what it cannot decode is not compared
            print(json.dumps({"!": str(problem)}))
