import { html, nothing } from 'lit'
import { t } from '../app/texts.js'

/** @typedef {import('./kite-pdf.js').KitePdf} KitePdf */

/** What stands above a PDF: what a drag does, pages, zoom, search. @param {KitePdf} pdf @param {boolean} hidden */
export function pdfTools(pdf, hidden) {
  const count = pdf.pages.length
  return html`<div class="pdf-tools tools" role="toolbar" aria-label=${t('Pages')} ?hidden=${hidden}>
    ${pdf.marks && !pdf.readonly ? modes(pdf) : nothing}
    <button class="button button-quiet button-icon" type="button" title=${t('Small pages beside the document (O)')} aria-label=${t('Small pages')} aria-pressed=${pdf.strip} ?hidden=${count < 2} @click=${() => pdf.showStrip(!pdf.strip)}><kite-icon name="panel"></kite-icon></button>
    <button class="button button-quiet button-icon" type="button" title=${t('Previous page (Page up)')} aria-label=${t('Previous page')} ?disabled=${pdf.page <= 1} @click=${() => pdf.turnTo(pdf.page - 1)}><kite-icon name="left"></kite-icon></button>
    <label class="pdf-place">${t('Page')} <input class="input number" type="number" min="1" max=${count} .value=${String(pdf.page)} aria-label=${t('Page')} @change=${(/** @type {Event} */ event) => pdf.turnTo(/** @type {HTMLInputElement} */ (event.target).valueAsNumber)} /> <span class="number">${t('of {count}', { count })}</span></label>
    <button class="button button-quiet button-icon" type="button" title=${t('Next page (Page down)')} aria-label=${t('Next page')} ?disabled=${pdf.page >= count} @click=${() => pdf.turnTo(pdf.page + 1)}><kite-icon name="right"></kite-icon></button>
    <button class="button button-quiet button-icon" type="button" title=${t('Zoom out (−)')} aria-label=${t('Zoom out')} @click=${() => pdf.zoomTo(pdf.zoom / 1.25)}><kite-icon name="minus"></kite-icon></button>
    <button class="button button-quiet button-small tools-scale number" type="button" title=${t('As wide as the room')} aria-label=${t('Zoom {percent} percent of the width; fit the width', { percent: Math.round(pdf.zoom * 100) })} @click=${() => pdf.zoomTo(1)}>${Math.round(pdf.zoom * 100)} %</button>
    <button class="button button-quiet button-icon" type="button" title=${t('Zoom in (+)')} aria-label=${t('Zoom in')} @click=${() => pdf.zoomTo(pdf.zoom * 1.25)}><kite-icon name="plus"></kite-icon></button>
    <button class="button button-quiet button-icon" type="button" title=${t('Find in the document (Ctrl+F)')} aria-label=${t('Find in the document')} aria-pressed=${pdf.finding} ?hidden=${pdf.wordless} @click=${() => (pdf.finding ? pdf.closeSearch() : pdf.find())}><kite-icon name="search"></kite-icon></button>
    ${pdf.finding ? findRow(pdf) : nothing}
  </div>`
}

/** @param {KitePdf} pdf */
function modes(pdf) {
  const mode = (/** @type {'text' | 'box'} */ name, /** @type {string} */ label, /** @type {string} */ title, /** @type {string} */ icon) => html`<button class="button button-quiet button-small" type="button" title=${title} aria-pressed=${pdf.mode === name}
    ?disabled=${name === 'text' && pdf.wordless} @click=${() => pdf.use(name)}><kite-icon name=${icon}></kite-icon>${label}</button>`
  return html`<span class="pdf-modes" role="group" aria-label=${t('What a drag does')}>${mode('text', t('Text'), t('Drags select text (T)'), 'text')}${mode('box', t('Box'), t('Drags draw boxes (B)'), 'box')}</span>`
}

/** @param {KitePdf} pdf */
function findRow(pdf) {
  const { hits = [], at = -1, read = 0 } = pdf.finder?.search ?? {}
  const count = pdf.pages.length
  const said = !pdf.words.trim() ? '' : hits.length ? t('{at} of {n}', { at: at + 1, n: hits.length }) : read < count ? t('{read} of {count} pages read', { read, count }) : t('Not found')
  return html`<span class="pdf-find" role="search"><input class="input" type="search" aria-label=${t('Find in the document')} placeholder=${t('Find')} .value=${pdf.words} @input=${(/** @type {Event} */ event) => pdf.look(/** @type {HTMLInputElement} */ (event.target).value)} @keydown=${(/** @type {KeyboardEvent} */ event) => pdf.findKey(event)} />
    <span class="muted number" role="status">${said}</span></span>`
}
