/** English texts that have more than one form; every other English text is its own key. The key is the form for many. */

/** @type {Record<string, {one: string, other: string}>} */
export const PLURALS = {
  '{n} suggestions': { one: '{n} suggestion', other: '{n} suggestions' },
  '{n} regions selected': { one: '{n} region selected', other: '{n} regions selected' },
}
