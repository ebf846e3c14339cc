/** The switch between one task at a time and many beside each other; the grid itself is fetched when it is first wanted. */
import { gridPlan } from './label-grid-plan.js'

/**
 * @typedef {import('./label-grid.js').LabelGrid} LabelGrid
 * @typedef {Omit<import('./label-grid.js').Desk, 'plan' | 'grid' | 'leave'> & {plan: () => Record<string, any>, next: () => Promise<void>}} Desk next: back to one task at a time
 */

export class Many {
  /** While it is shown. @type {LabelGrid | null} */
  grid = null
  #kept

  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk
    this.#kept = `labelkite-grid-${desk.project}`
  }

  get #plan() {
    return /** @type {import('../elements/types.js').Plan} */ (this.desk.plan())
  }

  /** Whether tasks of this project can be shown beside each other. */
  get fits() {
    return !!gridPlan(this.#plan)
  }

  /** It was open when the page was reloaded. */
  get wanted() {
    return this.fits && !!sessionStorage.getItem(this.#kept)
  }

  /** Shows it. @param {() => void} before lets go of the task in hand */
  async open(before) {
    const grid = gridPlan(this.#plan)
    if (!grid || this.grid) return
    const { LabelGrid } = await import('./label-grid.js')
    if (this.grid || this.desk.signal.aborted) return
    before()
    sessionStorage.setItem(this.#kept, 'on')
    this.grid = new LabelGrid({ ...this.desk, plan: this.#plan, grid, leave: () => void this.leave() })
    this.desk.changed()
    await this.grid.fill()
  }

  /** Gives back what nothing was done on, and goes on one by one. */
  async leave() {
    sessionStorage.removeItem(this.#kept)
    await this.drop()
    await this.desk.next()
  }

  /** It is shown no more; something else is. */
  async drop() {
    const { grid } = this
    this.grid = null
    await grid?.leave()
  }
}
