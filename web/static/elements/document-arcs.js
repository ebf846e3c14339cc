import { loadArcs } from './arcs-load.js'
import { NAME } from './text-names.js'

/** Relations between marked places of a document as arcs over it. A document is not ours to spread: arcs lie over the lines above. */
export class DocumentArcs {
  /** @type {import('./kite-arcs.js').KiteArcs | null} */
  #arcs = null
  #asked = false

  /** @param {HTMLElement} page positioned @param {() => import('./document-text.js').DocumentText} text @param {() => void} came their code is there */
  constructor(page, text, came) {
    this.page = page
    this.text = text
    this.came = came
  }

  /** @param {import('./object-views.js').ObjectContext} context @param {import('./span-index.js').SpanIndex} index */
  draw(context, index) {
    const relations = (context.view.relations ?? []).filter(({ from, to }) => index.byId.has(from) && index.byId.has(to))
    if (!this.#arcs) {
      if (relations.length && !this.#asked) this.#fetch()
      return
    }
    const origin = this.page.getBoundingClientRect()
    /** @type {Map<string, import('./relation-arcs.js').Place>} */
    const places = new Map()
    for (const id of new Set(relations.flatMap(({ from, to }) => [from, to]))) places.set(id, this.#place(context, /** @type {import('./span-index.js').Span} */ (index.byId.get(id)), origin))
    this.#arcs.show({
      relations, places, regions: context.view.regions, options: context.display?.relations ?? [], many: context.plan.relations?.choice === 'multiple', hovered: context.hovered,
      nameOf: context.nameOf, readonly: context.readonly, width: this.page.clientWidth, gutter: Number.parseFloat(getComputedStyle(this.page).paddingInlineStart) || 24,
    })
  }

  #fetch() {
    this.#asked = true
    loadArcs().then(() => {
      this.#arcs = /** @type {import('./kite-arcs.js').KiteArcs} */ (document.createElement('kite-arcs'))
      this.page.append(this.#arcs)
      this.came()
    }, () => { this.#asked = false }) // the list has the relations
  }

  /** @param {import('./object-views.js').ObjectContext} context @param {import('./span-index.js').Span} span @param {DOMRect} origin @returns {import('./relation-arcs.js').Place} */
  #place(context, span, origin) {
    const text = this.text()
    const [first, ...more] = text.boxes(span.start, Math.min(span.end, span.start + 60)).filter(({ width }) => width > 0)
    if (!first) return { far: 1, where: (span.region.text ?? '').replace(/\s+/g, ' ').slice(0, 24) }
    const line = more.filter(({ top }) => Math.abs(top - first.top) < 3)
    const top = Math.round(first.top - origin.top)
    return { line: top, top, left: Math.min(first.left, ...line.map(({ left }) => left)) - origin.left, right: Math.max(first.right, ...line.map(({ right }) => right)) - origin.left, lift: context.names ? NAME : 0 }
  }

  /** Moves the keyboard to the arcs of a region. @param {string} id */
  focusArc(id) {
    return this.#arcs?.focusArc(id) ?? false
  }

  stop() {
    this.#arcs?.remove()
  }
}

