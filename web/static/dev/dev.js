import { startLanguage } from '../app/languages.js'
import { defineElements } from '../elements/define.js'
import { ANSWERS } from './answers.js'
import { DOCUMENTS } from './documents.js'
import { image, longText, manyBoxes, manyLabels, relatedText, sentiment, street, text } from './fixtures.js'

/**
 * Shows one state of the surface: ?case=image|boxes|text|arcs|long|choices|labels|broken|layers|readonly, or one of documents.js and answers.js, &count= &theme=light|dark.
 * Nothing answers here: intents stay pending, so what is drawn is the echo.
 */

await startLanguage()
defineElements()
const ask = new URLSearchParams(location.search)
const count = Number(ask.get('count') ?? 1000)
document.documentElement.dataset.theme = ask.get('theme') ?? ''

/** @returns {Promise<any>} */
async function state() {
  const document = { ...DOCUMENTS, ...ANSWERS }[ask.get('case') ?? '']
  if (document) return document(ask)
  switch (ask.get('case') ?? 'image') {
    case 'boxes': return manyBoxes(await street(), count)
    case 'text': {
      const shown = text()
      return ask.has('url') ? { ...shown, display: { ...shown.display, objects: { t: { url: ask.get('url') } } } } : shown
    }
    case 'arcs': return relatedText()
    case 'long': return longText(Number(ask.get('size') ?? 1_000_000), count, Number(ask.get('relations') ?? 0), ask.has('unbroken'))
    case 'choices': return sentiment()
    case 'labels': return manyLabels(await street())
    case 'broken': return image('missing.jpg')
    case 'readonly': return { ...image(await street()), readonly: true }
    case 'layers': {
      const state = image(await street())
      const ana = { ...state.view, regions: Object.fromEntries(Object.entries(state.view.regions).map(([id, region]) => [id, { ...region, shape: { ...region.shape, x: region.shape.x + 1.2, y: region.shape.y - 1 } }])) }
      return { ...state, layers: [{ id: 'a', name: 'Ana', color: '#56b4e9', dash: [6, 3], view: ana }] }
    }
    default: return image(await street(), { crosshair: ask.has('crosshair') })
  }
}

/** @param {string} name @param {string} className @param {(string | Node)[]} children */
function make(name, className, ...children) {
  const element = document.createElement(name)
  if (className) element.className = className
  element.append(...children)
  return element
}

const surface = /** @type {import('../elements/kite-surface.js').KiteSurface} */ (document.createElement('kite-surface'))
surface.extraKeys = [{ keys: 'ctrl+enter', does: 'Submit' }, { keys: 'ctrl+space', does: 'Skip' }]
surface.addEventListener('kite-intent', (event) => {
  const intent = /** @type {CustomEvent} */ (event).detail
  if (intent.type !== 'object_loaded') surface.pending = [...surface.pending, intent]
  globalThis.intents.push(intent)
})
const saved = Object.assign(document.createElement('kite-save-state'), { state: 'saved' })
const toast = document.createElement('kite-toast')
const key = (/** @type {string} */ text) => make('kbd', 'kbd', text)
const foot = make('footer', 'workbench-foot', saved, make('div', 'workbench-actions', make('button', 'button button-quiet', 'Skip ', key('Ctrl+Space')), make('button', 'button', 'Back'), make('button', 'button button-primary', 'Submit ', key('Ctrl+⏎'))))
const top = make('header', 'workbench-top', make('h1', 'workbench-title', 'Street signs'), make('button', 'button button-quiet button-small', 'Instructions'), make('span', 'grow', ''), make('span', 'muted number', '38 today · 214 left'), make('button', 'button button-quiet button-small', 'Ana'))
document.body.append(make('div', 'workbench', top, surface, foot), toast)

globalThis.intents = /** @type {import("../elements/types.js").Intent[]} */ ([])
const made = await state()
const began = performance.now()
Object.assign(surface, made)
await surface.updateComplete
await surface.ready
await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
globalThis.openedIn = performance.now() - began
document.documentElement.dataset.ready = ''
