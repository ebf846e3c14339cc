import { t } from '../app/texts.js'
import { request } from './request.js'

/**
 * A wave to look at: the lowest and highest value of every few samples, and those of each column of pixels out of them.
 *
 * @typedef {{rate: number, channels: Float32Array[]}} Wave rate: pairs a second; channels: lowest and highest in turn, -1..1
 */

export const MOST_SECONDS = 30 * 60
export const MOST_BYTES = 150e6
const RATE = 8000 // samples a second that are decoded: the eye needs no more
const PER_PAIR = 40 // 200 pairs a second: 5 ms
const CHUNK = 1 << 20 // samples between two rests

export class WaveProblem extends Error {}

/** Gives the page a turn. */
const rest = () => new Promise((done) => setTimeout(done))

/**
 * @param {string} url @param {{split: boolean, credentials?: RequestCredentials, signal: AbortSignal, progress: (text: string) => void}} options split: a lane for each channel
 * @returns {Promise<Wave>} Throws WaveProblem with a sentence for people
 */
export async function loadWave(url, { split, signal, progress }) {
  progress(t('Fetching the sound for its wave'))
  const data = await fetched(url, signal, progress)
  progress(t('Reading the sound for its wave'))
  let sound
  try {
    sound = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(data)
  } catch {
    throw new WaveProblem(t('this browser cannot read its format'))
  }
  signal.throwIfAborted()
  const channels = Array.from({ length: sound.numberOfChannels }, (_, at) => sound.getChannelData(at))
  const found = []
  for (const samples of split ? channels : [await mixed(channels, signal)]) found.push(await pairs(samples, PER_PAIR, async () => { await rest(); signal.throwIfAborted() }))
  return { rate: RATE / PER_PAIR, channels: found }
}

/** @param {string} url @param {AbortSignal} signal @param {(text: string) => void} progress */
async function fetched(url, signal, progress) {
  let answer
  try {
    answer = await request(url, signal)
  } catch (error) {
    if (signal.aborted) throw error
    throw new WaveProblem(t('its host does not let pages read it'))
  }
  if (!answer.ok || !answer.body) throw new WaveProblem(t('its host answered {status}', { status: answer.status }))
  const total = Number(answer.headers.get('content-length')) || 0
  if (total > MOST_BYTES) throw new WaveProblem(t('the file has {size} MB, and above {most} MB it would slow the page down', { size: Math.round(total / 1e6), most: MOST_BYTES / 1e6 }))
  const parts = []
  let size = 0
  for await (const part of /** @type {AsyncIterable<Uint8Array>} */ (/** @type {unknown} */ (answer.body))) {
    parts.push(part)
    size += part.length
    if (size > MOST_BYTES) throw new WaveProblem(t('the file has more than {most} MB', { most: MOST_BYTES / 1e6 }))
    if (total > 2e6) progress(t('Fetching the sound for its wave, {share} %', { share: Math.round((size / total) * 100) }))
  }
  const whole = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole.buffer
}

/** All channels in one. @param {Float32Array[]} channels @param {AbortSignal} signal */
async function mixed(channels, signal) {
  if (channels.length < 2) return channels[0] ?? new Float32Array(0)
  const sum = new Float32Array(channels[0].length)
  for (const samples of channels) {
    for (let i = 0; i < sum.length; i++) sum[i] += samples[i] / channels.length
    await rest()
    signal.throwIfAborted()
  }
  return sum
}

/** @param {Float32Array} samples @param {number} per samples of a pair @param {() => Promise<void>} [pause] between chunks @returns {Promise<Float32Array>} lowest and highest in turn */
export async function pairs(samples, per, pause = async () => {}) {
  const count = Math.ceil(samples.length / per)
  const found = new Float32Array(count * 2)
  for (let at = 0; at < count; at++) {
    if ((at * per) % CHUNK < per && at) await pause()
    let [low, high] = [Infinity, -Infinity]
    for (let i = at * per, end = Math.min(i + per, samples.length); i < end; i++) {
      const value = samples[i]
      if (value < low) low = value
      if (value > high) high = value
    }
    found[at * 2] = low
    found[at * 2 + 1] = high
  }
  return found
}

/**
 * Lowest and highest of each column of pixels.
 * @param {Float32Array} pairs @param {number} rate pairs a second @param {number} from @param {number} to seconds @param {number} columns
 * @returns {Float32Array} lowest and highest in turn; 0, 0 where there is nothing
 */
export function columnsOf(pairs, rate, from, to, columns) {
  const found = new Float32Array(columns * 2)
  const [count, step] = [pairs.length / 2, ((to - from) * rate) / columns]
  for (let x = 0; x < columns; x++) {
    const first = Math.floor(from * rate + x * step)
    const last = Math.max(first + 1, Math.floor(from * rate + (x + 1) * step))
    let [low, high] = [Infinity, -Infinity]
    for (let i = Math.max(0, first); i < Math.min(last, count); i++) {
      if (pairs[i * 2] < low) low = pairs[i * 2]
      if (pairs[i * 2 + 1] > high) high = pairs[i * 2 + 1]
    }
    if (low > high) continue
    found[x * 2] = low
    found[x * 2 + 1] = high
  }
  return found
}

/** Loudest value, for the scale of the picture. @param {Wave} wave */
export function loudest({ channels }) {
  let most = 0
  for (const channel of channels) for (let i = 0; i < channel.length; i++) most = Math.max(most, Math.abs(channel[i]))
  return most
}
