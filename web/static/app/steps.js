/**
 * What the undo steps of one task did to its regions and answers, as the page drew them: so that the engine need not tell ten
 * thousand regions again to take a step back. The newest steps are kept; of others the engine tells everything.
 *
 * @typedef {import('./patch.js').View} View
 * @typedef {import('./patch.js').Note} Note
 * @typedef {{era: number, notes: Map<number, Note>}} Known what was known when something was asked
 */
import { applyPatch } from './patch.js'

/** So many regions and answers are kept, of all steps together, and so many steps: of small ones the engine tells all soon enough. */
const MOST = 200_000
const MOST_STEPS = 100

/** @returns {Note} */
const blank = () => ({ regions: new Map(), answers: new Map() })
/** @param {Note} note */
const weight = ({ regions, answers }) => regions.size + answers.size

export class Steps {
  /** by the engine's number of the step, the oldest first @type {Map<number, Note>} */
  #notes = new Map()
  #weight = 0
  #era = 0

  /** What was drawn before may be drawn otherwise from now on. */
  forget() {
    this.#notes = new Map()
    this.#weight = 0
    this.#era += 1
  }

  /** To be taken before an intent is sent: its answer is about the steps that were known then. @returns {Known} */
  known() {
    return { era: this.#era, notes: new Map(this.#notes) }
  }

  /** The view after a patch. @param {View} view @param {Record<string, any>} patch @param {Known} known @returns {View} */
  apply(view, { step, joins, way, ...patch }, known) {
    if (way) {
      const told = known.notes.get(step) ?? blank()
      const at = way === 'back' ? 0 : 1
      return applyPatch(view, { ...patch, regions: entries(told.regions, at), answers: entries(told.answers, at) })
    }
    if (step === undefined) return applyPatch(view, patch)
    const note = blank()
    const next = applyPatch(view, patch, note)
    if (known.era === this.#era) this.#keep(step, note, joins)
    return next
  }

  /** @param {number} step @param {Note} note @param {boolean} joins it goes on with the step that has this number */
  #keep(step, note, joins) {
    const before = this.#notes.get(step)
    if (joins && !before) return
    if (before) this.#drop(step, before)
    if (before) { // the same object: what is asked for before this is known gets the whole step
      join(before.regions, note.regions)
      join(before.answers, note.answers)
    }
    const whole = before ?? note
    this.#notes.set(step, whole)
    this.#weight += weight(whole)
    for (const [oldest, one] of this.#notes) {
      if (this.#weight <= MOST && this.#notes.size <= MOST_STEPS) break
      this.#drop(oldest, one)
    }
  }

  /** @param {number} step @param {Note} note */
  #drop(step, note) {
    this.#notes.delete(step)
    this.#weight -= weight(note)
  }
}

/** The second after the first, in the first. @param {import('./patch.js').Changes} first @param {import('./patch.js').Changes} second */
function join(first, second) {
  for (const [id, [before, after]] of second) first.set(id, [first.has(id) ? first.get(id)?.[0] : before, after])
}

/** As a patch has them. @param {import('./patch.js').Changes} changes @param {0 | 1} at before or after */
function entries(changes, at) {
  if (!changes.size) return undefined
  /** @type {Record<string, any>} */
  const made = {}
  for (const [id, pair] of changes) made[id] = pair[at] ?? null
  return made
}
