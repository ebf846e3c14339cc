/** A chart with its name, how it is computed, and its table behind it. The library that draws comes with the first chart. */
import { html, nothing } from 'lit'
import { adopt } from '../elements/sheet.js'
import css from '../styles/report.css' with { type: 'text' }
import { rowsOf, tableView } from './report-table.js'
import { counted } from './words.js'

/** @typedef {import('./report-table.js').Table} Table */
/** @typedef {import('./report-table.js').Row} Row */
/** @typedef {keyof typeof import('./report-plot.js')} ChartName */
/** @typedef {{name: ChartName, rows: Row[], options?: Record<string, unknown>, says: string}} Chart */

const LEAST_PX = 260

adopt(css)

/** `<kite-chart>`: draws `chart` as wide as there is room, and again when there is more or less. */
class KiteChartElement extends HTMLElement {
  /** @type {Chart | null} */ #chart = null
  #drawn = ''
  /** @type {ResizeObserver | null} */ #watch = null

  /** @param {Chart} chart */
  set chart(chart) {
    this.#chart = chart
    void this.#draw()
  }

  connectedCallback() {
    if (!this.firstChild) this.#say('Drawing …')
    this.#watch = new ResizeObserver(() => void this.#draw())
    this.#watch.observe(this)
  }

  disconnectedCallback() {
    this.#watch?.disconnect()
  }

  /** @param {string} text */
  #say(text) {
    const line = document.createElement('p')
    line.className = 'muted small rp-empty'
    line.role = 'status'
    line.textContent = text
    this.replaceChildren(line)
  }

  async #draw() {
    const chart = this.#chart
    if (!chart || !this.isConnected) return
    let plots
    try {
      plots = await import('./report-plot.js')
    } catch {
      return this.#say('The chart could not be drawn: a part of the page did not come. Its numbers are in the table below.')
    }
    const width = Math.max(LEAST_PX, Math.floor(this.clientWidth))
    const wanted = JSON.stringify([chart, width])
    if (chart !== this.#chart || wanted === this.#drawn) return // what is the same is not drawn again with every refresh
    this.#drawn = wanted
    const drawing = plots[chart.name](chart.rows, { ...chart.options, width })
    drawing.setAttribute('role', 'img')
    drawing.setAttribute('aria-label', chart.says)
    this.replaceChildren(drawing)
  }
}

customElements.define('kite-chart', KiteChartElement)

/**
 * @param {Table} table
 * @param {{chart?: ChartName, only?: Record<string, import('./report-table.js').Cell>, how?: string, title?: string, wide?: boolean, note?: string, options?: Record<string, unknown>, path: string, currency: string, newestFirst?: boolean}} how
 *   chart: without one the table itself is shown. only: rows with these values, of a table that has several questions. how: other words on how it is computed.
 */
export function figure(table, { chart, only, how = table.how, title = table.title, wide = false, note, options, path, currency, newestFirst }) {
  const fits = table.columns.flatMap(({ name }, at) => (only && name in only ? [{ at, value: only[name] }] : []))
  const shown = { ...table, title, rows: table.rows.filter((row) => fits.every(({ at, value }) => row[at] === value)) }
  const without = Object.keys(only ?? {})
  const id = `rep-${table.id}-${only?.control ?? ''}-${chart ?? 'table'}`.replace(/[^\w-]/g, '_')
  const many = only ? `${title}. ${counted(shown.rows.length, 'row')} in its table.` : `${title}. ${table.says} ${counted(shown.rows.length, 'row')} in its table.`
  return html`<figure class="card rp-figure ${wide ? 'is-wide' : ''}" aria-labelledby=${id}>
    <h3 id=${id}>${title}</h3>
    ${shown.rows.length ? html`
      ${note ? html`<p class="small">${note}</p>` : nothing}
      ${chart ? html`<kite-chart .chart=${{ name: chart, rows: rowsOf(shown), options, says: many }}></kite-chart>` : tableView(shown, { currency, newestFirst, without })}
      <figcaption class="small muted">${how}</figcaption>
      <div class="row rp-behind">
        ${chart ? html`<details><summary>As a table</summary>${tableView(shown, { currency, newestFirst, without })}</details>` : nothing}
        <a class="small" data-not-in-file href="${path}/report?table=${table.id}" download aria-label="${title}: CSV">CSV</a>
      </div>` : html`<p class="muted rp-empty">${table.empty}</p>`}
  </figure>`
}
