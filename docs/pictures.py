"""Screenshots as small PNG files: at most 256 colours, which is plenty for a chat."""

from __future__ import annotations

import base64
import struct
import zlib

from playwright.async_api import Page

# The browser reduces the colours, for it has the decoder and is fast: a median cut in which a box counts by the width
# of its colours and by how much of the picture it covers, so that wide gradients get the steps that they need.
_REDUCE = """
async (source) => {
  const bytes = Uint8Array.from(atob(source), (letter) => letter.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes]));
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const pixels = image.width * image.height;
  const colours = new Map();
  for (let at = 0; at < data.length; at += 4) {
    const colour = (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
    colours.set(colour, (colours.get(colour) || 0) + 1);
  }
  const split = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];
  const boxes = [[...colours.keys()]];
  const range = (box) => {
    let widest = [0, 0];
    for (const channel of [0, 1, 2]) {
      let low = 255, high = 0;
      for (const colour of box) {
        const value = split(colour)[channel];
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
      if (high - low > widest[0]) widest = [high - low, channel];
    }
    return widest;
  };
  const weight = (box) => box.reduce((sum, colour) => sum + colours.get(colour), 0);
  const spans = [range(boxes[0])];
  const weights = [weight(boxes[0])];
  while (boxes.length < 256) {
    let best = -1, score = 0;
    for (let at = 0; at < boxes.length; at += 1) {
      const value = spans[at][0] * weights[at] ** 0.35;
      if (boxes[at].length > 1 && value > score) [best, score] = [at, value];
    }
    if (best < 0) break;
    const box = boxes[best], channel = spans[best][1];
    box.sort((a, b) => split(a)[channel] - split(b)[channel]);
    let sum = 0, cut = 0;
    while (cut < box.length - 1 && (sum += colours.get(box[cut])) < weights[best] / 2) cut += 1;
    const upper = box.splice(Math.max(1, cut));
    boxes.push(upper);
    spans[best] = range(box); spans.push(range(upper));
    weights[best] = weight(box); weights.push(weight(upper));
  }
  const palette = new Uint8Array(boxes.length * 3);
  const place = new Map();
  // The most frequent colour stands for its box: flat areas keep exactly theirs.
  const chosen = boxes.map((box) => split(box.reduce((a, b) => (colours.get(b) > colours.get(a) ? b : a))));
  chosen.forEach((colour, index) => palette.set(colour, index * 3));
  for (const colour of colours.keys()) {
    const [red, green, blue] = split(colour);
    let nearest = 0, least = Infinity;
    for (let index = 0; index < chosen.length; index += 1) {
      const [r, g, b] = chosen[index];
      const distance = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
      if (distance < least) [nearest, least] = [index, distance];
    }
    place.set(colour, nearest);
  }
  const indices = new Uint8Array(pixels);
  for (let at = 0; at < pixels; at += 1) {
    indices[at] = place.get((data[at * 4] << 16) | (data[at * 4 + 1] << 8) | data[at * 4 + 2]);
  }
  const text = (bytes) => {
    let result = '';
    for (let at = 0; at < bytes.length; at += 32768) result += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return btoa(result);
  };
  return { width: image.width, height: image.height, palette: text(palette), indices: text(indices) };
}
"""


async def small_png(page: Page, screenshot: bytes) -> bytes:
    """The screenshot with fewer colours; ``page`` lends its browser for the work."""
    reduced = await page.evaluate(_REDUCE, base64.b64encode(screenshot).decode())
    palette, indices = (base64.b64decode(reduced[name]) for name in ("palette", "indices"))
    return indexed_png(reduced["width"], reduced["height"], palette, indices)


def indexed_png(width: int, height: int, palette: bytes, indices: bytes) -> bytes:
    """A PNG of colour type 3: ``palette`` holds red, green and blue of each colour, ``indices`` a byte a pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + indices[at : at + width] for at in range(0, width * height, width))
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"PLTE", palette)
        + chunk(b"IDAT", zlib.compress(rows, 9))
        + chunk(b"IEND", b"")
    )
