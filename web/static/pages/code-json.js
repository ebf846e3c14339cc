/** JSON in the editor: its colours, and where it stops to be JSON. */
import { StreamLanguage } from '@codemirror/language'

export const json = StreamLanguage.define({
  name: 'json',
  token(stream) {
    if (stream.eatSpace()) return null
    if (stream.match(/"(?:[^"\\]|\\.)*"?/)) return stream.match(/\s*:/, false) ? 'propertyName' : 'string'
    if (stream.match(/-?\d+(\.\d+)?([eE][+-]?\d+)?/)) return 'number'
    if (stream.match(/true|false|null/)) return 'bool'
    stream.next()
    return 'punctuation'
  },
})

/**
 * What `text` says, or what is wrong with it and where (UTF-16 offset).
 * @param {string} text @returns {{value: any} | {message: string, at: number}}
 */
export function parse(text) {
  try {
    return { value: JSON.parse(text) }
  } catch (error) {
    const { message } = /** @type {SyntaxError} */ (error)
    return { message: plain(text, message), at: place(text, message) }
  }
}

/** Browsers say the place as an offset or as line and column; at the end of the text some say nothing. @param {string} text @param {string} message */
function place(text, message) {
  const position = /position (\d+)/.exec(message)
  if (position) return Math.min(Number(position[1]), text.length)
  const lines = /line (\d+) column (\d+)/.exec(message)
  if (!lines) return text.trimEnd().length
  const before = text.split('\n').slice(0, Number(lines[1]) - 1)
  return Math.min(before.reduce((sum, line) => sum + line.length + 1, 0) + Number(lines[2]) - 1, text.length)
}

/** @param {string} text @param {string} message */
function plain(text, message) {
  if (!text.trim()) return 'Write a task: {"field": "value"}'
  const said = message.replace(/^JSON\.parse: /, '').replace(/ (in JSON )?(at (position \d+ )?)?\(?(at )?line \d+ column \d+.*$/s, '').replace(/ (in JSON )?at position \d+.*$/s, '').replace(/, "[\s\S]*" is not valid JSON$/, '')
  return `Not JSON: ${said.charAt(0).toLowerCase()}${said.slice(1)}`
}
