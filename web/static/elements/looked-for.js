/** Filters by words, as the searches of tables and conversations do. Pure. */

/** Whether a text has all the words, in any order and case. @param {string} words @returns {(text: string) => boolean} */
export function having(words) {
  const parts = words.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  return (text) => {
    const low = parts.length ? text.toLocaleLowerCase() : ''
    return parts.every((part) => low.includes(part))
  }
}
