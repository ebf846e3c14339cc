import { t } from '../app/texts.js'

/** Corners of the selected region by keyboard: `[` and `]` walk through them, arrows move the one that is picked, Delete takes it away. */

/** @type {Record<string, [number, number]>} */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

export class VertexKeys {
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
    const [region] = selected
    if (selected.length !== 1 || !stage.edit?.reshapes(region.kind) || event.altKey) return false
    const stops = stage.edit.stops(region, stage.size, stage.control(region.control))
    const at = stops.findIndex((stop) => stop.name === stage.vertex)
    if (event.key === '[' || event.key === ']') {
      const next = at < 0 ? (event.key === ']' ? 0 : stops.length - 1) : (at + (event.key === ']' ? 1 : -1) + stops.length) % stops.length
      stage.vertex = stops[next].name
      if (stage.camera.reveal({ minX: stops[next].x, maxX: stops[next].x, minY: stops[next].y, maxY: stops[next].y }, stage.width, stage.height)) stage.ask(true)
      this.say(t('Corner {n} of {all}, at {x}, {y}. Arrow keys move it, Delete takes it away, Escape leaves it.', { n: next + 1, all: stops.length, x: Math.round(stops[next].x), y: Math.round(stops[next].y) }))
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
      this.tell({ intent: { type: 'edit_region', region: region.id, shape, gesture: `corner-${region.id}-${stops[at].name}` } })
      this.say(t('At {x}, {y}', { x: Math.round(x), y: Math.round(y) }))
      return true
    }
    if (event.key !== 'Delete' && event.key !== 'Backspace') return false
    const shape = stage.edit.removed(region, stops[at].name, context)
    if (!shape) {
      this.say(t('This corner has to stay.'))
      return true
    }
    stage.vertex = null
    this.tell({ intent: { type: 'edit_region', region: region.id, shape } })
    this.say(t('Corner taken away.'))
    return true
  }
}
