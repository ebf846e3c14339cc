/**
 * The gallery of configs to start from: one file of the site, loaded when somebody asks.
 *
 * `terms`: what the field calls such work, to be found by.
 *
 * @typedef {{id: string, title: string, purpose: string, terms: string, config: string, picture?: string}} Template
 * @typedef {{id: string, title: string, about: string, templates: Template[]}} Group
 */

/** Known before the gallery is loaded. */
export const TEMPLATE_COUNT = __TEMPLATES__.count

/** @type {Promise<Group[]> | null} */
let loading = null

/** The groups in their order. A load that failed is tried again by the next call. @returns {Promise<Group[]>} */
export function loadTemplates() {
  loading ??= fetch(__TEMPLATES__.url).then((answer) => {
    if (!answer.ok) throw new Error(`the templates could not be loaded (${answer.status})`)
    return answer.json()
  }).catch((error) => {
    loading = null
    throw error
  })
  return loading
}

/**
 * The groups with what fits every word of *query*: the title, the purpose, the field's terms, the group's name or the names of
 * tags have a word that begins with it. Not in the middle of words: "NER" is no part of "generation".
 * @param {Group[]} groups @param {string} query @returns {Group[]}
 */
export function search(groups, query) {
  const words = query.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean)
  if (!words.length) return groups
  return groups.flatMap((group) => {
    const templates = group.templates.filter((template) => {
      const tags = [...template.config.replace(/<!--[\s\S]*?-->/g, '').matchAll(/<([A-Za-z]+)/g)].map((found) => found[1])
      const parts = tags.map((tag) => tag.replace(/(?<=[a-z])(?=[A-Z])/g, ' '))
      const text = [template.id, template.title, template.purpose, template.terms, group.title, ...tags, ...parts].join(' ')
      const known = text.toLowerCase().split(/[^\p{L}\p{N}]+/u)
      return words.every((word) => known.some((one) => one.startsWith(word.replace(/(?<=..)s$/, ''))))
    })
    return templates.length ? [{ ...group, templates }] : []
  })
}
