/** Why a picture could not be drawn: its first bytes tell, where the page may read them. Fetched after a failure only. */
import { t } from '../app/texts.js'
import { failure, hostOf, tooLarge } from './image-load.js'
import { request } from './request.js'

const HEAD = 65_536 // bytes; the size of a JPEG may stand behind a long EXIF block

/** @param {string} url @param {AbortSignal} signal @returns {Promise<import('./types.js').Problem | 'tiff' | 'dicom' | 'tiles'>} what is wrong, or how it is read after all */
export async function diagnose(url, signal) {
  const plain = failure(url)
  if (plain.code !== 'image-load') return plain
  let answer
  try {
    answer = await request(url, signal, HEAD)
  } catch {
    return plain // another host's, or the line is down: nobody tells pages which
  }
  const where = hostOf(url)
  if (answer.status === 404 || answer.status === 410) return { ...plain, code: 'image-gone', message: t('The picture is not there any more.'), hint: t('Skip this task, and tell whoever sent you here.') }
  if (answer.status === 401 || answer.status === 403) return { ...plain, code: 'image-refused', message: t('The link of this picture has expired, or it may not be looked at.'), hint: t('Reload the page: it asks for a new link. If that does not help, skip this task.') }
  if (!answer.ok) return { ...plain, message: t('The picture could not be loaded: its server answers {n}.', { n: answer.status }) }
  const found = sniff(await head(answer))
  if (typeof found === 'string') return found
  if ('width' in found) {
    if (found.width * found.height > 2 ** 28 || Math.max(found.width, found.height) > 65_500) return tooLarge(found.width, found.height, url)
    return { code: 'image-broken', message: t('This picture is damaged: its file ends too early or cannot be decoded.'), where, hint: t('Try again; if that does not help, skip this task.') }
  }
  return { code: 'image-format', message: found.name ? t('This file is {format}, which browsers do not show as a picture.', { format: found.name }) : t('This file is no picture that browsers show.'), where, hint: found.hint }
}

/** @param {Response} answer @returns {Promise<Uint8Array>} its first bytes; the rest is not waited for */
async function head(answer) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (answer.body).getReader()
  let all = new Uint8Array(0)
  while (all.length < HEAD) {
    const { done, value } = await reader.read()
    if (done) return all
    const longer = new Uint8Array(all.length + value.length)
    longer.set(all)
    longer.set(value, all.length)
    all = longer
  }
  await reader.cancel()
  return all
}

/**
 * What the first bytes of a file say: how to read it, the size of a picture, or the name of something else.
 * @param {Uint8Array} bytes @returns {'tiff' | 'dicom' | 'tiles' | {width: number, height: number} | {name: string, hint: string}}
 */
export function sniff(bytes) {
  const text = (/** @type {number} */ from, /** @type {number} */ to) => String.fromCharCode(...bytes.slice(from, to))
  const convert = t('Save it as JPEG, PNG, WebP or TIFF.')
  const start = text(0, 4)
  if (start === 'II*\0' || start === 'MM\0*' || start === 'II+\0' || start === 'MM\0+') return 'tiff'
  if (text(128, 132) === 'DICM') return 'dicom'
  if (start === '\x89PNG' || start === 'GIF8' || text(0, 2) === 'BM' || (start === 'RIFF' && text(8, 12) === 'WEBP') || start.startsWith('\xff\xd8\xff')) return sizeOf(bytes)
  if (/^ftyp(heic|heix|mif1|hevc)/.test(text(4, 12))) return { name: 'HEIC', hint: convert }
  if (start === '8BPS') return { name: t('a Photoshop document'), hint: convert }
  if (start === '%PDF') return { name: t('a PDF'), hint: t('A config shows it with <Pdf>.') }
  if (text(0, 12) === '\0\0\0\fjP  \r\n\x87\n' || text(0, 4) === '\xffO\xffQ') return { name: 'JPEG 2000', hint: convert }
  const words = text(0, 2000).trimStart().toLowerCase()
  if (/<image[^>]+schemas\.microsoft\.com\/deepzoom/.test(words) || /"@context"\s*:\s*"https?:\/\/(library\.stanford\.edu\/iiif|iiif\.io\/api)\/image/.test(words.replaceAll('\\', ''))) return 'tiles'
  if (/^(<!doctype html|<html)/.test(words)) return { name: t('a web page'), hint: t('The address leads to a page instead of the picture itself: whoever sent you here can correct it.') }
  return { name: '', hint: t('Pictures are JPEG, PNG, GIF, WebP, AVIF, BMP, SVG, TIFF or DICOM files, or tiles (.dzi, info.json). Skip this task, and tell whoever sent you here.') }
}

/** @param {Uint8Array} bytes of a picture that browsers know @returns {{width: number, height: number}} as it stands in the file; 0 where it is not found */
export function sizeOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    if (bytes[0] === 0x89) return { width: view.getUint32(16), height: view.getUint32(20) }
    if (bytes[0] === 0x47) return { width: view.getUint16(6, true), height: view.getUint16(8, true) }
    if (bytes[0] === 0x42) return { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) }
    if (bytes[0] !== 0xff) return { width: 0, height: 0 }
    for (let at = 2; ;) { // segments of a JPEG up to its frame header (ITU-T T.81, B.2.2)
      const marker = view.getUint16(at)
      if (marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker)) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
      at += 2 + view.getUint16(at + 2)
    }
  } catch {
    return { width: 0, height: 0 } // cut off
  }
}
