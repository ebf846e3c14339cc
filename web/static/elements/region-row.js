/** How one row of the list of regions looks. Rows must be cheap to scroll through: buttons are made only where they are seen. A row's name says
 * in words what its parts show. */
import { html, nothing } from 'lit'
import { t, text, told } from '../app/texts.js'
import { emit } from './emit.js'
import { hovers } from './hovered.js'
import { styled } from './styled.js'

/** @typedef {import('./kite-regions.js').KiteRegions} KiteRegions */

/** @type {Record<string, string>} what a row's sign says about where a region comes from */
const ORIGINS = { prediction: text('from a prediction'), 'prediction-changed': text('a prediction, changed') }

/** Buttons of a row are for the pointer; keys and the section below do the same for what is selected.
 * @param {string} icon @param {string} title @param {string} look @param {() => void} run */
const act = (icon, title, look, run) => html`<span class="region-act ${look}" title=${title} @click=${(/** @type {Event} */ event) => { event.stopPropagation(); run() }}><kite-icon name=${icon}></kite-icon></span>`

/** @param {KiteRegions} list @param {import('./region-rows.js').Row} row */
const twisty = (list, row) => (row.children
  ? html`<span class="region-fold ${row.open ? 'is-open' : ''}" title=${row.open ? t('Fold') : t('Unfold')} @click=${(/** @type {Event} */ event) => { event.stopPropagation(); list.fold(row.key, !row.open) }}><kite-icon name="right"></kite-icon></span>`
  : html`<span class="region-fold"></span>`)

/** @param {KiteRegions} list @param {import('./region-rows.js').GroupRow} row @param {number} at @param {ReadonlySet<string>} selected */
export function groupRow(list, row, at, selected) {
  const all = row.ids.every((id) => selected.has(id))
  const hidden = row.ids.every((id) => list.view?.regions[id]?.hidden)
  return html`<div class="region region-group ${at === list.at ? 'is-at' : ''}" id=${`row-group-${at}`} role=${list.deep ? 'treeitem' : 'option'} aria-selected=${all} aria-level=${list.deep ? row.level + 1 : nothing} aria-expanded=${list.deep ? row.open : nothing}
      aria-posinset=${row.place} aria-setsize=${row.of} aria-label=${t('{name}, {n} regions', { name: row.name, n: row.ids.length })} style=${styled({ '--swatch': row.color || 'transparent', transform: `translateY(${list.top(at)}px)` })}
      @click=${(/** @type {MouseEvent} */ event) => list.pick(at, event)}>
    ${twisty(list, row)}${row.color ? html`<span class="swatch"></span>` : nothing}<span class="clip"><span class="region-name">${row.name}</span> <span class="muted number">${row.ids.length}</span></span>
    <span class="region-acts">${act(hidden ? 'eye-off' : 'eye', hidden ? t('Show') : t('Hide'), hidden ? 'is-on' : '', () => emit(list, { type: 'mark', regions: row.ids, hidden: !hidden }))}</span>
  </div>`
}

/** @param {KiteRegions} list @param {import('./region-rows.js').RegionRow} row @param {number} at @param {boolean} selected */
export function regionRow(list, row, at, selected) {
  const { region } = row
  const name = list.textOf(region) || t('No label')
  const frozen = list.readonly || !!region.readonly
  const fault = told(list.problems.find((problem) => problem.region === region.id)?.message)
  const n = region.provisional ? '' : region.n
  const score = typeof region.score === 'number' ? region.score.toFixed(2) : ''
  const from = region.suggestion ? t('suggestion') : region.origin && ORIGINS[region.origin] ? t(ORIGINS[region.origin]) : ''
  const answered = list.inList.flatMap((control) => words(region.answers?.[control])).join(', ').slice(0, 80)
  // In the order of what is seen, so that whoever says what they see is understood.
  const said = [
    `${n}: ${name}${region.text ? `, “${region.text.slice(0, 80)}”` : ''}`, answered, score && t('{score} score', { score }), from, region.hidden && t('hidden'), region.locked && t('locked'), region.note && t('has a note'), fault,
  ].filter(Boolean).join(', ')
  return html`<div class="region ${selected ? 'is-selected' : ''} ${hovers(list.hovered, region.id) ? 'is-hovered' : ''} ${region.hidden ? 'is-hidden' : ''} ${region.suggestion ? 'is-suggestion' : ''} ${at === list.at ? 'is-at' : ''} ${region.id === list.target?.id ? `is-target-${list.target.part}` : ''}"
      id=${`row-${region.id}`} data-id=${region.id} role=${list.deep ? 'treeitem' : 'option'} aria-selected=${selected} aria-label=${said} aria-level=${list.deep ? row.level + 1 : nothing} aria-expanded=${list.deep && row.children ? row.open : nothing}
      aria-posinset=${row.place} aria-setsize=${row.of} style=${styled({ '--swatch': region.color, '--level': String(row.level), transform: `translateY(${list.top(at)}px)` })}
      @click=${(/** @type {MouseEvent} */ event) => list.pick(at, event)} @pointerdown=${(/** @type {PointerEvent} */ event) => list.grab(event, region)}
      @pointerenter=${() => list.hover(region.id)} @pointerleave=${() => list.hover('')}>
    ${list.deep ? twisty(list, row) : nothing}<span class="region-n number">${n}</span><span class="swatch"></span>
    <span class="clip"><span class="region-name">${name}</span>${region.text ? html` <span class="muted" dir="auto">${region.text.slice(0, 80)}</span>` : nothing}${answered ? html` <span class="region-said">${answered}</span>` : nothing}</span>
    ${fault ? html`<kite-icon class="region-missing" name="problem" title=${fault}></kite-icon>` : nothing}
    ${region.note ? html`<kite-icon class="muted" name="edit" title=${region.note.slice(0, 200)}></kite-icon>` : nothing}
    ${score ? html`<span class="region-score number" title=${from || nothing}>${score}</span>` : nothing}
    ${region.suggestion && !frozen
      ? html`<span class="region-acts region-decide">${act('check', t('Accept'), 'is-good', () => emit(list, { type: 'accept', regions: [region.id] }))}${act('close', t('Reject'), 'is-problem', () => emit(list, { type: 'reject', regions: [region.id] }))}</span>`
      : acts(list, region, selected, frozen)}
  </div>`
}

/** @param {KiteRegions} list @param {import('./types.js').Region} region @param {boolean} selected @param {boolean} frozen */
function acts(list, region, selected, frozen) {
  if (!selected && list.hovered !== region.id && !region.hidden && !region.locked) return nothing
  return html`<span class="region-acts">
    ${act(region.hidden ? 'eye-off' : 'eye', region.hidden ? t('Show') : t('Hide'), region.hidden ? 'is-on' : '', () => emit(list, { type: 'mark', regions: [region.id], hidden: !region.hidden }))}
    ${frozen ? nothing : act(region.locked ? 'lock' : 'lock-open', region.locked ? t('Unlock') : t('Lock'), region.locked ? 'is-on' : '', () => emit(list, { type: 'mark', regions: [region.id], locked: !region.locked }))}
    ${frozen || region.locked ? nothing : act('trash', t('Delete'), '', () => emit(list, { type: 'delete', regions: [region.id] }))}
  </span>`
}

/** An answer in a few words. @param {any} answer @returns {string[]} */
function words(answer) {
  if (!answer) return []
  if (answer.rating) return ['★'.repeat(answer.rating)]
  const said = answer.text ?? answer.choices ?? answer.taxonomy ?? answer.number ?? answer.datetime ?? []
  return (Array.isArray(said) ? said : [said]).map((one) => (Array.isArray(one) ? one.at(-1) : String(one)))
}
