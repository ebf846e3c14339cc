/** Loads a picture and says in words what went wrong, as far as a page may know. */

export class PictureProblem extends Error {
  /** @param {import('./types.js').Problem} problem */
  constructor(problem) {
    super(problem.message)
    this.problem = problem
  }
}

/** @param {string} url @returns {string} the host, or what kind of address it is */
export function hostOf(url) {
  try {
    const { protocol, host } = new URL(url, location.href)
    return host || protocol.replace(':', '') + ' address'
  } catch {
    return 'an address that cannot be read'
  }
}

/** Pictures of coming tasks, loaded and decoded, until they are drawn. @type {Map<string, HTMLImageElement>} */
const ahead = new Map()
/** More than a page fetches ahead; what is never drawn goes. */
const MOST_AHEAD = 8

/** Load and decode a picture before it is needed. @param {string} url */
export async function loadAhead(url) {
  const image = new Image()
  image.src = url
  await image.decode()
  ahead.set(url, image)
  for (const oldest of ahead.keys()) {
    if (ahead.size <= MOST_AHEAD) break
    ahead.delete(oldest)
  }
}

/** @param {string} url @param {{crossOrigin?: string, signal: AbortSignal}} options @returns {Promise<HTMLImageElement>} decoded, with a natural size */
export async function loadPicture(url, { crossOrigin, signal }) {
  const asked = crossOrigin === 'anonymous' || crossOrigin === 'use-credentials'
  const here = asked ? undefined : ahead.get(url)
  ahead.delete(url)
  if (here?.naturalWidth && here.naturalHeight) return here
  const image = new Image()
  if (asked) image.crossOrigin = crossOrigin
  image.decoding = 'async'
  image.src = url
  signal.addEventListener('abort', () => image.removeAttribute('src'), { once: true })
  try {
    await image.decode()
  } catch {
    throw new PictureProblem(failure(url))
  }
  if (!image.naturalWidth || !image.naturalHeight) {
    throw new PictureProblem({ code: 'image-size', message: 'The picture has no size of its own.', where: hostOf(url), hint: 'Give the SVG file a width and a height.' })
  }
  return image
}

/** @param {string} url @returns {import('./types.js').Problem} */
function failure(url) {
  const where = hostOf(url)
  if (!navigator.onLine && !url.startsWith('data:')) {
    return { code: 'image-offline', message: 'You are offline, and this picture was not loaded before.', where, hint: 'What you have done is kept. Try again when you are online.' }
  }
  return {
    code: 'image-load', message: 'The picture could not be loaded.', where,
    hint: 'It may be gone, its link may have expired, or it is no picture. Try again; if that does not help, skip this task.',
  }
}
