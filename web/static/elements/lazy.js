/**
 * An element that is fetched when a plan first needs it: pages of pictures and texts do not pay for it. Lit keeps properties that were
 * set before the class came.
 * @param {string} tag
 * @param {() => Promise<CustomElementConstructor>} load
 * @returns {() => Promise<void>} registers the element, once; asks again after a failure
 */
export function lazy(tag, load) {
  /** @type {Promise<void> | undefined} */
  let asked
  return () => (asked ??= load().then(
    (made) => { if (!customElements.get(tag)) customElements.define(tag, made) },
    (error) => {
      asked = undefined
      throw error
    },
  ))
}
