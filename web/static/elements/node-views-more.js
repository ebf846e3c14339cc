/** Nodes of layout that fold, find, ask and repeat. @typedef {import('./node-views.js').NodeTemplate} NodeTemplate */
import { html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { t } from '../app/texts.js'
import { safeStyle } from './config-style.js'
import css from '../styles/layout.css' with { type: 'text' }
import { emit } from './emit.js'
import { printed } from './keys.js'
import { laidOut } from './node-children.js'
import { adopt } from './sheet.js'
import { styled } from './styled.js'

const MAC = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '')
const FILTER_LEAST = 3 // letters, where the config does not say

adopt(css)

/** @type {Record<string, NodeTemplate>} */
export const MORE_NODES = {
  markdown: (surface, node, _taken, hidden) => html`<div class="node-markdown ${node.class_name ?? ''}" id=${node.id_attr || nothing} ?hidden=${hidden} style=${styled(safeStyle(node.style))}>
    <kite-markdown .text=${surface.display?.texts[node.key] ?? ''} .written=${!node.value?.path}></kite-markdown></div>`,

  collapse: (surface, node, taken, hidden) => html`<div class="node-collapse ${node.bordered ? 'is-bordered' : ''}" ?hidden=${hidden}>
    ${(node.children ?? []).map((panel) => html`<details class="fold" name=${node.accordion === false ? nothing : `fold-${node.key}`} ?open=${!!(panel.open ?? node.open)} ?hidden=${surface.shown.hidden.includes(panel.key)}>
      <summary>${surface.display?.texts[panel.key] ?? ''}</summary>
      <div class="fold-body">${laidOut(surface, panel.children ?? [], taken)}</div>
    </details>`)}</div>`,

  filter(surface, node, _taken, hidden) {
    const to = String(node.to ?? '')
    const least = node.min_length ?? FILTER_LEAST
    const typed = surface.typed[to] ?? ''
    const name = node.placeholder || t('Quick Filter')
    const short = typed.trim().length > 0 && typed.trim().length < least
    const type = (/** @type {string} */ text) => {
      surface.typed = { ...surface.typed, [to]: text }
      surface.filters = { ...surface.filters, [to]: text.trim().length >= least ? text : '' }
    }
    const key = (/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) /** @type {HTMLElement | null} */ (surface.querySelector(`[data-name="${CSS.escape(to)}"] :is(.label, .choice input, [role=treeitem])`))?.click()
      else if (event.key !== 'Escape') return
      type('')
      event.preventDefault()
      if (event.key === 'Escape') /** @type {HTMLElement} */ (event.target).blur()
    }
    return html`<div class="node-filter" ?hidden=${hidden} style=${styled(safeStyle(node.style))}>
      <label class="filter-field"><kite-icon name="search"></kite-icon><span class="visually-hidden">${name}</span>
        <input class="input" type="search" placeholder=${name} aria-keyshortcuts=${node.hotkey || nothing} data-filter=${to} .value=${live(typed)} @input=${(/** @type {Event} */ event) => type(/** @type {HTMLInputElement} */ (event.target).value)} @keydown=${key} />
        ${node.hotkey ? html`<kbd class="kbd" aria-hidden="true">${printed(node.hotkey, MAC)}</kbd>` : nothing}</label>
      ${short ? html`<span class="muted" role="status">${t('{n} more letters', { n: least - typed.trim().length })}</span>` : nothing}
    </div>`
  },

  question(surface, node, taken, hidden) {
    const answers = Object.values(surface.shown.regions).filter((region) => region.control === node.name).sort((a, b) => a.n - b.n)
    const faults = [...(surface.shown.problems ?? []), ...surface.problems].filter((problem) => problem.control === node.name && !problem.region)
    return html`<section class="node-question ${faults.length ? 'is-missing' : ''}" ?hidden=${hidden} aria-labelledby=${`question-${node.key}`}>
      <h2 class="question-text" id=${`question-${node.key}`} dir="auto">${surface.display?.texts[node.key] ?? ''}</h2>
      ${laidOut(surface, node.children ?? [], taken)}
      ${answers.length
        ? html`<ol class="question-answers" aria-label=${t('Answers')}>${answers.map((region) => html`<li class=${surface.shown.selection.includes(region.id) ? 'is-selected' : ''} style=${styled({ '--swatch': region.color })}>
            <button class="question-answer" type="button" dir="auto" @click=${() => surface.focusRegion(region.id)}><span class="swatch"></span>${region.text || t('Region {n}', { n: region.n })}</button>
            ${surface.readonly || region.readonly || region.locked
              ? nothing
              : html`<button class="button button-quiet button-icon button-small" type="button" title=${t('Delete this answer')} aria-label=${t('Delete the answer {text}', { text: (region.text ?? '').slice(0, 60) })} @click=${() => emit(surface, { type: 'delete', regions: [region.id] })}><kite-icon name="trash"></kite-icon></button>`}
          </li>`)}</ol>`
        : surface.readonly ? html`<p class="muted">${t('No answer.')}</p>` : nothing}
    </section>`
  },

  repeater(surface, node, taken, hidden) {
    const copies = node.children ?? []
    if (!copies.length) return html`<p class="node-repeater is-empty muted" ?hidden=${hidden}>${t('There is nothing to repeat in this task: its list is empty or missing.')}</p>`
    if (node.mode !== 'pagination') {
      return html`<div class="node-repeater is-list" ?hidden=${hidden}>${copies.map((copy, at) => html`<section class="repeat" aria-label=${t('{place} of {total}', { place: at + 1, total: copies.length })}><p class="repeat-place number" aria-hidden="true">${t('{place} of {total}', { place: at + 1, total: copies.length })}</p>${surface.node(copy, taken)}</section>`)}</div>`
    }
    const at = Math.min(Math.max(0, surface.shown.items?.[node.key] ?? 0), copies.length - 1)
    const go = (/** @type {number} */ item) => emit(surface, { type: 'view_item', node: node.key, item })
    return html`<div class="node-repeater is-paged" ?hidden=${hidden} data-pager=${node.key}>
      <nav class="pager" aria-label=${t('Pages')}>
        <button class="button button-quiet button-icon" type="button" title=${t('Previous (Alt+←)')} aria-label=${t('Previous page')} ?disabled=${at === 0} @click=${() => go(at - 1)}><kite-icon name="left"></kite-icon></button>
        <span class="number" role="status">${t('{place} of {total}', { place: at + 1, total: copies.length })}</span>
        <button class="button button-quiet button-icon" type="button" title=${t('Next (Alt+→)')} aria-label=${t('Next page')} ?disabled=${at === copies.length - 1} @click=${() => go(at + 1)}><kite-icon name="right"></kite-icon></button>
      </nav>
      ${surface.node(copies[at], taken)}
    </div>`
  },
}
