const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-'

/** A new id for a region or an answer: 10 characters, 60 random bits. */
export function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => ALPHABET[byte & 63]).join('')
}
