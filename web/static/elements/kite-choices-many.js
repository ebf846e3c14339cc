import { KiteTaxonomy } from './kite-taxonomy.js'

/** Choices that are too many to stand beside each other: a list that is searched, as a Taxonomy's. `answer` is {choices}. */
export class KiteChoicesMany extends KiteTaxonomy {
  get chosen() {
    return (this.answer?.choices ?? []).map((/** @type {string | string[]} */ choice) => [choice].flat())
  }

  get single() {
    return this.control?.choice !== 'multiple'
  }

  /** @param {string[]} path @param {boolean} checked */
  toggled(path, checked) {
    if (!checked && this.control?.choice === 'single-radio') return
    this.tell({ type: 'choose', choice: this.control?.allow_nested ? path : path[path.length - 1], checked })
  }
}
