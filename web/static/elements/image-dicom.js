/**
 * Reads a frame of a DICOM file (PS3.5, PS3.10) with the library `dicom-parser`, in the decoding worker: pixel data that is not compressed,
 * deflated, RLE, or 8-bit JPEG, which the browser decodes. JPEG lossless, JPEG-LS and JPEG 2000 are refused by name.
 *
 * @typedef {import('./image-values.js').Raw} Raw
 */
import dicomParser from 'dicom-parser'
import { inflateSync } from 'fflate'
import { DecodeProblem, rangeOf } from './image-values.js'

const NATIVE = new Set(['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.1.99', '1.2.840.10008.1.2.2'])
const BIG_ENDIAN = '1.2.840.10008.1.2.2'
const RLE = '1.2.840.10008.1.2.5'
const JPEG = new Set(['1.2.840.10008.1.2.4.50'])
/** @type {Record<string, string>} */
const REFUSED = {
  '1.2.840.10008.1.2.4.51': 'JPEG with 12 bits', '1.2.840.10008.1.2.4.57': 'JPEG lossless', '1.2.840.10008.1.2.4.70': 'JPEG lossless', '1.2.840.10008.1.2.4.80': 'JPEG-LS', '1.2.840.10008.1.2.4.81': 'JPEG-LS',
  '1.2.840.10008.1.2.4.90': 'JPEG 2000', '1.2.840.10008.1.2.4.91': 'JPEG 2000', '1.2.840.10008.1.2.4.201': 'HTJ2K', '1.2.840.10008.1.2.4.202': 'HTJ2K', '1.2.840.10008.1.2.4.203': 'HTJ2K',
}

/** @param {Uint8Array} bytes of the file @param {(jpeg: Uint8Array) => Promise<Raw>} [decodeJpeg] @returns {Promise<Raw>} its first frame */
export async function readDicom(bytes, decodeJpeg) {
  const set = parsed(bytes)
  const syntax = set.string('x00020010')?.trim() ?? '1.2.840.10008.1.2'
  const pixels = set.elements.x7fe00010
  const [height, width] = [set.uint16('x00280010') ?? 0, set.uint16('x00280011') ?? 0]
  if (!pixels || !width || !height) throw new DecodeProblem('dicom-no-picture')
  if (!NATIVE.has(syntax) && syntax !== RLE && !JPEG.has(syntax)) throw new DecodeProblem('dicom-compressed', { how: REFUSED[syntax] ?? syntax })
  const frames = Number(set.intString('x00280008') ?? 1)
  const of = frames > 1 ? { frames } : null
  const channels = set.uint16('x00280002') ?? 1
  const bits = set.uint16('x00280100') ?? 16
  const photometric = (set.string('x00280004') ?? 'MONOCHROME2').trim()
  if (JPEG.has(syntax)) {
    if (!decodeJpeg) throw new DecodeProblem('dicom-compressed', { how: 'JPEG' })
    return { ...(await decodeJpeg(jpegOf(set, pixels))), of }
  }
  if (photometric === 'PALETTE COLOR' || (photometric.startsWith('YBR') && photometric !== 'YBR_FULL') || ![8, 16, 32].includes(bits)) {
    throw new DecodeProblem('dicom-colours', { photometric, bits })
  }
  const size = width * height * channels * (bits / 8)
  const words = bits === 8 && syntax === BIG_ENDIAN && pixels.vr === 'OW' // then bytes stand in swapped pairs (PS3.5, 8.1.1)
  const stored = syntax === RLE ? unpacked(dicomParser.readEncapsulatedPixelDataFromFragments(set, pixels, 0, 1), size, bits / 8) : words ? swapped(bytesOf(set, pixels, size + (size % 2))) : bytesOf(set, pixels, size)
  if (stored.length < size) throw new DecodeProblem('dicom-short')
  const planar = channels > 1 && (set.uint16('x00280006') === 1 || syntax === RLE)
  const signed = set.uint16('x00280103') === 1
  const values = beside(typed(words ? stored.subarray(0, size) : stored, bits, signed, syntax === BIG_ENDIAN, set.uint16('x00280101') ?? bits), channels, planar)
  if (channels === 3) return { width, height, channels: 4, bits: 8, range: [0, 255], values: colours(values, photometric === 'YBR_FULL', bits), of }
  const [slope, intercept] = [Number(set.floatString('x00281053') ?? 1), Number(set.floatString('x00281052') ?? 0)]
  const [low, high] = rangeOf(values)
  const [center, spread] = [set.floatString('x00281050'), set.floatString('x00281051')]
  return {
    width, height, channels: 1, values, bits: set.uint16('x00280101') ?? bits, slope, intercept, of, inverted: photometric === 'MONOCHROME1',
    range: [low * slope + intercept, high * slope + intercept], unit: set.string('x00080060')?.trim() === 'CT' ? 'HU' : '',
    ...(center !== undefined && spread ? { normal: /** @type {[number, number]} */ ([center - spread / 2, center + spread / 2]) } : {}),
  }
}

/** @param {Uint8Array} bytes */
function parsed(bytes) {
  try {
    return dicomParser.parseDicom(bytes, {
      inflater: (/** @type {Uint8Array} */ all, /** @type {number} */ from) => { // deflated: the header stays, the rest is unpacked
        const rest = inflateSync(all.subarray(from))
        const whole = new Uint8Array(from + rest.length)
        whole.set(all.subarray(0, from))
        whole.set(rest, from)
        return whole
      },
    })
  } catch (error) {
    throw new DecodeProblem('dicom-broken', { detail: String(/** @type {any} */ (error)?.exception ?? error).slice(0, 120) })
  }
}

/** @param {any} set @param {any} pixels @param {number} size @returns {Uint8Array} of the first frame */
const bytesOf = (set, pixels, size) => set.byteArray.subarray(pixels.dataOffset, pixels.dataOffset + Math.min(size, pixels.length))

/** @param {Uint8Array} bytes */
function swapped(bytes) {
  const out = bytes.slice()
  for (let at = 0; at + 1 < out.length; at += 2) out.subarray(at, at + 2).reverse()
  return out
}

/** @param {any} set @param {any} pixels @returns {Uint8Array} */
function jpegOf(set, pixels) {
  const table = pixels.basicOffsetTable?.length ? pixels.basicOffsetTable : dicomParser.createJPEGBasicOffsetTable(set, pixels)
  return dicomParser.readEncapsulatedImageFrame(set, pixels, 0, table)
}

/** PackBits by planes of bytes, the high byte first (PS3.5, annex G). @param {Uint8Array} frame @param {number} size bytes @param {number} each bytes of a value @returns {Uint8Array} little-endian */
export function unpacked(frame, size, each) {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  const count = view.getUint32(0, true)
  const out = new Uint8Array(size)
  const plane = size / count // of one segment: a byte of every value of one channel
  for (let segment = 0; segment < count; segment++) {
    let at = view.getUint32(4 + segment * 4, true)
    const end = segment + 1 < count ? view.getUint32(8 + segment * 4, true) : frame.length
    const [channel, byte] = [Math.floor(segment / each), each - 1 - (segment % each)]
    let to = channel * plane * each + byte
    const last = to + plane * each
    while (at < end && to < last) {
      const run = view.getInt8(at)
      at += 1
      if (run >= 0) for (let n = 0; n <= run && to < last; n++, to += each) out[to] = frame[at++]
      else if (run > -128) {
        for (let n = 0; n <= -run && to < last; n++, to += each) out[to] = frame[at]
        at += 1
      }
    }
  }
  return out
}

/** @param {Uint8Array} bytes @param {number} bits @param {boolean} signed @param {boolean} big big-endian @param {number} used bits that count @returns {import('./image-values.js').Values} */
function typed(bytes, bits, signed, big, used) {
  const copy = bytes.slice() // values begin where an array of them may
  if (bits === 8) return signed ? new Int8Array(copy.buffer) : copy
  const each = bits / 8
  if (big) for (let at = 0; at + each <= copy.length; at += each) copy.subarray(at, at + each).reverse()
  if (bits === 32) return signed ? new Int32Array(copy.buffer) : new Uint32Array(copy.buffer)
  const values = signed ? new Int16Array(copy.buffer) : new Uint16Array(copy.buffer)
  const spare = 16 - used
  if (spare > 0) for (let at = 0; at < values.length; at++) values[at] = signed ? (values[at] << (16 + spare)) >> (16 + spare) : values[at] & (0xffff >> spare) // overlays may stand in the spare bits
  return values
}

/** Channels of a pixel beside each other. @param {import('./image-values.js').Values} values @param {number} channels @param {boolean} planar @returns {import('./image-values.js').Values} */
function beside(values, channels, planar) {
  if (!planar) return values
  const out = values.slice()
  const plane = values.length / channels
  for (let at = 0; at < plane; at++) for (let c = 0; c < channels; c++) out[at * channels + c] = values[c * plane + at]
  return out
}

/** @param {import('./image-values.js').Values} values @param {boolean} ybr @param {number} bits */
function colours(values, ybr, bits) {
  const rgba = new Uint8ClampedArray((values.length / 3) * 4)
  const scale = 255 / (2 ** bits - 1)
  for (let from = 0, to = 0; from < values.length; from += 3, to += 4) {
    const [a, b, c] = [values[from] * scale, values[from + 1] * scale, values[from + 2] * scale]
    rgba[to] = ybr ? a + 1.402 * (c - 128) : a // ITU-R BT.601, PS3.3 C.7.6.3.1.2
    rgba[to + 1] = ybr ? a - 0.344136 * (b - 128) - 0.714136 * (c - 128) : b
    rgba[to + 2] = ybr ? a + 1.772 * (b - 128) : c
    rgba[to + 3] = 255
  }
  return rgba
}
