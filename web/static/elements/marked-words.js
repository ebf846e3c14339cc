/** What is meant by words that were selected. Pure. */

/**
 * Without the space around them: a step by words, or a hand that goes a little too far, takes it along. Nothing but space stays as it is.
 * @param {string} text @param {{start16: number, end16: number}} place in the text
 * @returns {{start16: number, end16: number}}
 */
export function withoutSpace(text, { start16, end16 }) {
  const words = text.slice(start16, end16)
  const bare = words.trim()
  if (!bare) return { start16, end16 }
  const start = start16 + words.length - words.trimStart().length
  return { start16: start, end16: start + bare.length }
}

/** Two clicks between words meant none of them. @param {string} text @param {{start16: number, end16: number}} place @param {number} clicks that selected it */
export const missed = (text, { start16, end16 }, clicks) => clicks > 1 && !text.slice(start16, end16).trim()

/** The engine has said last that the words are marked with these labels already. @param {{problems?: import('./types.js').Problem[]} | undefined} view */
export const refused = (view) => !!view?.problems?.some(({ code }) => code === 'marked')
