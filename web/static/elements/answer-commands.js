import { addCommands } from './commands.js'
import { marks } from './surface-layout.js'

/** @typedef {import('./kite-surface.js').KiteSurface} KiteSurface */
/** @typedef {{control: string, region: string, place: Element | null, open: boolean}} Question region: empty for one about the whole task; open: it has no answer */

/** A question as it stands in the page. */
const QUESTION = '.kite-data .node-control[data-name], kite-region .region-answer[data-name]'

/**
 * Answers that were given and that the page does not show yet: keys may be faster than frames.
 * @type {{surface: KiteSurface, control: string, region: string, view: unknown, pending: unknown}[]}
 */
let fresh = []
document.addEventListener('kite-intent', (event) => {
  const { control, region = '' } = /** @type {CustomEvent} */ (event).detail
  const surface = /** @type {KiteSurface | null} */ (/** @type {Element} */ (event.target).closest('kite-surface'))
  fresh = fresh.filter(isUnseen)
  if (surface && control) fresh.push({ surface, control, region, view: surface.view, pending: surface.pending })
}, { capture: true })

/** @param {{surface: KiteSurface, view: unknown, pending: unknown}} one */
function isUnseen({ surface, view, pending }) {
  return surface.view === view && surface.pending === pending
}

/** @param {import('./types.js').Plan} plan */
const asks = (plan) => plan.controls.some((control) => !marks(control))

/** Questions in sight, in the order of the page. @param {KiteSurface} surface @returns {Question[]} */
function inSight(surface) {
  const { answers, regions, selection } = surface.shown
  const selected = selection.length === 1 ? regions[selection[0]] : undefined
  return [...surface.querySelectorAll(QUESTION)].flatMap((place) => {
    const control = /** @type {HTMLElement} */ (place).dataset.name ?? ''
    const found = surface.control(control)
    if (!found || marks(found) || !place.checkVisibility()) return []
    const region = place.matches('.region-answer') ? selected : undefined
    if (place.matches('.region-answer') && !region) return []
    const given = fresh.some((one) => one.surface === surface && one.control === control && one.region === (region?.id ?? '') && isUnseen(one))
    return [{ control, region: region?.id ?? '', place, open: !given && !(region ? region.answers : answers)?.[control] }]
  })
}

/** Questions about other regions that have no answer, in the order of the regions from the selected one on; those that hang on a condition come up when their region is selected. @param {KiteSurface} surface @returns {Question[]} */
function ofOthers(surface) {
  const { regions, selection } = surface.shown
  const from = regions[selection[0]]?.n ?? 0
  const asked = (surface.drawn?.controls ?? []).filter((control) => control.per_region && !marks(control) && !control.when)
  return Object.values(regions).filter((region) => !selection.includes(region.id) && !region.locked && !region.readonly && !region.suggestion).sort((a, b) => Number(a.n < from) - Number(b.n < from) || a.n - b.n)
    .flatMap((region) => asked.filter((control) => control.to.includes(region.object) && !region.answers?.[control.name]).slice(0, 1).map((control) => ({ control: control.name, region: region.id, place: null, open: true })))
}

/**
 * Takes the keyboard to the next question without an answer: after the one that has it, about the selected region and the task first, then
 * region by region; after the last one from the beginning. Where all have one: to the next question.
 * @param {KiteSurface} surface
 */
function next(surface) {
  const home = document.activeElement?.closest(QUESTION)
  const shown = inSight(surface)
  const from = shown.findIndex(({ place }) => place === home) + 1
  const around = [...shown.slice(from), ...shown.slice(0, from)]
  const open = around.filter((question) => question.open)
  const about = open.filter(({ region, place }) => region && place !== home)
  const ahead = from ? open.filter((question) => shown.indexOf(question) >= from) : open
  const [found] = [...about, ...(home?.matches('.region-answer') ? [] : ahead), ...ofOthers(surface), ...open, ...around]
  if (!found) return false
  if (found.region) surface.focusRegion(found.region, found.control)
  else void surface.focusNode(found.control)
  return true
}

addCommands([{ id: 'answer.next', does: 'Go to the next question without an answer', keys: 'alt+q', group: 'Page', typing: true, selection: true, fits: asks, run: next }])
