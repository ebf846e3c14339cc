/** The filters that are set, as chips with their groups, and the sentence that they make. Draws only: what is pressed comes back as a change. */
import { html, nothing } from 'lit'
import { askedWords, nothingAsked, testWords } from './explore-words.js'
import { icon } from './icons.js'

/** @typedef {import('./explore-words.js').Asked} Asked */
/** @typedef {import('./explore-words.js').Group} Group */
/** @typedef {import('./explore-index.js').Test} Test */
/**
 * @typedef {object} Given
 * @property {Asked} asked
 * @property {Record<string, string>} people
 * @property {'view' | 'address'} origin where a filter comes from that cannot be drawn as chips
 * @property {(change: Partial<Asked>) => void} change
 * @property {(group: number) => void} add opens the form for one more filter of a group
 */

/** @param {Given} given */
export function chips(given) {
  const { asked: { tests, any, groups, words, raw }, people, origin, change } = given
  const several = tests.length + groups.length > 1
  return html`${tests.length || groups.length || raw ? html`<div class="ex-tests" role="group" aria-label="Filters">
      ${several ? joint(any, 'the filters', () => change({ any: !any })) : nothing}
      ${tests.map((test) => chip(testWords(test, people), '', () => change({ tests: tests.filter((one) => one !== test) })))}
      ${groups.map((group, at) => drawn(group, at, given))}
      ${raw ? html`<button type="button" class="chip ex-test" title=${JSON.stringify(raw)} aria-label="Remove the filter that came with the ${origin}" @click=${() => change({ raw: null })}>Filter of the ${origin}${icon('close')}</button>` : nothing}
      <button type="button" class="button button-small button-quiet" @click=${() => change(nothingAsked())}>Clear all</button>
    </div>` : nothing}
    ${several || words ? html`<p class="muted small ex-sentence">${askedWords(given.asked, people)}</p>` : nothing}`
}

/** @param {Group} group @param {number} at @param {Given} given */
function drawn({ any, tests }, at, { asked: { groups }, people, change, add }) {
  /** Another group in its place; one without filters goes. @param {Group} group */
  const replace = (group) => change({ groups: groups.map((one, n) => (n === at ? group : one)).filter((one) => one.tests.length) })
  return html`<div class="ex-group" role="group" aria-label="Group ${at + 1}">
    ${joint(any, `group ${at + 1}`, () => replace({ any: !any, tests }))}
    ${tests.map((test) => chip(testWords(test, people), ` from group ${at + 1}`, () => replace({ any, tests: tests.filter((one) => one !== test) })))}
    <button type="button" class="button button-small button-quiet" aria-label="Add a filter to group ${at + 1}" @click=${() => add(at)}>${icon('plus')}</button>
  </div>`
}

/** @param {boolean} any @param {string} of @param {() => void} turn */
const joint = (any, of, turn) => html`<button type="button" class="chip" aria-label="Tasks match ${any ? 'any' : 'all'} of ${of}; change" @click=${turn}>${any ? 'any of' : 'all of'}</button>`

/** @param {string} words @param {string} where @param {() => void} remove */
const chip = (words, where, remove) => html`<button type="button" class="chip ex-test" aria-label="Remove the filter ${words}${where}" @click=${remove}>${words}${icon('close')}</button>`
