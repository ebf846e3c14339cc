import { t } from '../app/texts.js'

/** Corners of the selected region by keyboard: `[` and `]` walk through them, arrows move the one that is picked, `+` adds one behind it, Delete takes it
 * away. Loaded with the first shape that has corners. */

/** @type {Record<string, [number, number]>} */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/** `=` is the key of `+` without Shift. */
const ADDS = new Set(['+', '=', 'Insert'])

export class VertexKeys {
  /** the region that the last key was about, as it was drawn then @type {import('./types.js').Region | null} */
  #seen = null
  /** what keys have made of its shape since @type {any} */
  #shape = null

  /** @param {import('./image-stage.js').ImageStage} stage @param {(effect: import('./image-gestures.js').Effect) => void} tell @param {(text: string) => void} say */
  constructor(stage, tell, say) {
    this.stage = stage
    this.tell = tell
    this.say = say
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether it was one of its keys */
  key(event) {
    const { stage } = this
    const { selected } = stage.editable()
    if (selected.length !== 1 || !stage.edit?.reshapes(selected[0].kind) || event.altKey) return false
    const region = this.#newest(selected[0])
    const stops = stage.edit.stops(region, stage.size, stage.control(region.control))
    const at = stops.findIndex((stop) => stop.name === stage.vertex)
    if (event.key === '[' || event.key === ']') {
      if (!stops.length) return false
      stage.cursor = null // its arrows are the corner's now
      this.#pick(stops, at < 0 ? (event.key === ']' ? 0 : stops.length - 1) : (at + (event.key === ']' ? 1 : -1) + stops.length) % stops.length)
      return true
    }
    if (at < 0) return false
    if (event.key === 'Escape') {
      stage.vertex = null
      this.say('')
      return true
    }
    const context = stage.toolContext()
    if (event.key in WAYS) {
      const [dx, dy] = WAYS[event.key]
      const step = event.shiftKey ? 10 : 1
      const [x, y] = [stops[at].x + dx * step, stops[at].y + dy * step]
      const [sx, sy] = stage.camera.toScreen(x, y)
      const shape = stage.edit.pulled(region, region.shape, stops[at].name, { x, y, sx, sy }, context)
      this.#edit(region, shape, { gesture: `corner-${region.id}-${stops[at].name}` })
      this.say(t('At {x}, {y}', { x: Math.round(x), y: Math.round(y) }))
      return true
    }
    if (ADDS.has(event.key)) {
      const edge = stage.edit.after(region, stops[at].name, stage.size, stage.control(region.control))
      const made = edge && stage.edit.taken(region, edge.handle, { ...edge, sx: 0, sy: 0 }, { ...context, owner: stage.control(region.control) })
      if (!made) {
        this.say(t('No corner can be added here.'))
        return true
      }
      this.#edit(region, made.now)
      const more = stage.edit.stops({ ...region, shape: made.now }, stage.size, stage.control(region.control))
      this.#pick(more, more.findIndex((stop) => stop.name === made.handle))
      return true
    }
    if (event.key !== 'Delete' && event.key !== 'Backspace') return false
    const shape = stage.edit.removed(region, stops[at].name, context)
    if (!shape) {
      this.say(t('This corner has to stay.'))
      return true
    }
    this.#edit(region, shape)
    const left = stage.edit.stops({ ...region, shape }, stage.size, stage.control(region.control))
    stage.vertex = left[at % left.length].name // the next one: Delete again must not take the whole region
    this.say(t('Corner taken away.'))
    return true
  }

  /** A region as the last key left it: the page shows that with its next frame only, and several keys can come before. @param {import('./types.js').Region} seen */
  #newest(seen) {
    if (this.#seen !== seen) this.#shape = null
    this.#seen = seen
    return this.#shape ? { ...seen, shape: this.#shape } : seen
  }

  /** @param {import('./types.js').Region} region @param {any} shape @param {object} [more] */
  #edit(region, shape, more) {
    this.#shape = shape
    this.tell({ intent: { type: 'edit_region', region: region.id, shape, ...more } })
  }

  /** @param {import('./image-edit.js').Handle[]} stops @param {number} place */
  #pick(stops, place) {
    const { stage } = this
    const { name, x, y } = stops[place]
    stage.vertex = name
    if (stage.camera.reveal({ minX: x, maxX: x, minY: y, maxY: y }, stage.width, stage.height)) stage.ask(true)
    this.say(t('Corner {n} of {all}, at {x}, {y}. Arrow keys move it, plus adds one behind it, Delete takes it away, Escape leaves it.', { n: place + 1, all: stops.length, x: Math.round(x), y: Math.round(y) }))
  }
}
