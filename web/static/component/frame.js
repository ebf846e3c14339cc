/**
 * The page inside a component's frame: an opaque origin without cookies, storage and network, whose only way out is the port that the
 * host gives it. Runs the component's code and draws what it makes.
 *
 * From the host: {type: 'open', language, code, data, params, value, readonly, theme} · {type: 'update', value, readonly} · {type: 'theme', theme}
 * To the host:   {type: 'shown'} · {type: 'value', value} · {type: 'height', height} · {type: 'progress', text} · {type: 'error', message, line?}
 */
import DOMPurify from 'dompurify'
import { pythonWorker } from './python.js'

/**
 * @typedef {{language: string, code: string, data: unknown, params: Record<string, unknown>, value: unknown, readonly: boolean, theme: Record<string, string>}} Opened
 * @typedef {{update?: (now: {value: unknown, readonly: boolean}) => void}} Mounted
 */

const OFTEN = 80 // milliseconds between two values that are sent
const MOST = 1_000_000 // characters of a value
const PATIENCE = 10_000 // milliseconds that Python may take for one answer
const root = /** @type {HTMLElement} */ (document.getElementById('root'))
/** @type {MessagePort} */
let port
/** What the host and the component last knew, as JSON. */
let known = 'null'
let readonly = false

// The rules of the frame do not cover these ways out.
for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'RTCDataChannel', 'WebTransport']) delete (/** @type {any} */ (globalThis)[name])

const tell = (/** @type {Record<string, unknown>} */ message) => port?.postMessage(message)

/** @param {unknown} error @param {number} [line] */
function fail(error, line) {
  const at = line ?? Number(/blob:[^\s)]*?:(\d+):\d+/.exec(/** @type {Error} */ (error)?.stack ?? '')?.[1])
  tell({ type: 'error', message: error instanceof Error ? `${error.name}: ${error.message}` : String(error), ...(at ? { line: at } : {}) })
}
addEventListener('error', (event) => fail(event.error ?? event.message, event.filename?.startsWith('blob:') ? event.lineno : undefined))
addEventListener('unhandledrejection', (event) => fail(event.reason))

/** @type {ReturnType<typeof setTimeout> | undefined} */
let sending
/** Tells the host a value; of many in a short time the last. @param {unknown} value */
function send(value) {
  if (readonly) return
  const text = JSON.stringify(value) ?? 'null'
  if (text.length > MOST) throw new RangeError(`The value has ${text.length} characters, more than ${MOST}.`)
  known = text
  sending ??= setTimeout(() => {
    sending = undefined
    tell({ type: 'value', value: JSON.parse(known) })
  }, OFTEN)
}

/** @param {Record<string, string>} theme names of colours and what they come to */
function dress(theme) {
  for (const [name, value] of Object.entries(theme)) document.documentElement.style.setProperty(name === 'color-scheme' ? name : `--${name}`, value)
}

/** The code as a module. Where it is no sound JavaScript, a browser tells the line only of a script. @param {string} code */
async function moduleOf(code) {
  const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))
  try {
    return await import(url)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const line = await new Promise((done) => {
      const script = Object.assign(document.createElement('script'), { type: 'module', src: url })
      const told = (/** @type {ErrorEvent} */ event) => { event.preventDefault(); event.stopImmediatePropagation(); done(event.lineno) }
      addEventListener('error', told, { capture: true, once: true })
      setTimeout(() => { removeEventListener('error', told, { capture: true }); done(undefined) }, 500)
      document.head.append(script)
    })
    throw Object.assign(error, { line })
  }
}

/** @param {Opened} opened @returns {Promise<Mounted>} */
async function openScript(opened) {
  const { default: made } = await moduleOf(opened.code)
  const given = { root, data: opened.data, params: opened.params, value: opened.value, readonly: opened.readonly, send }
  if (typeof made !== 'function') throw new TypeError('The code must have “export default function mount({root, data, params, value, readonly, send})”, or export a custom element.')
  if (!(made.prototype instanceof HTMLElement)) return (await made(given)) ?? {}
  if (!customElements.get('own-component')) customElements.define('own-component', made)
  const element = Object.assign(document.createElement('own-component'), { data: given.data, params: given.params, value: given.value, readonly: given.readonly })
  element.addEventListener('value', (event) => send(/** @type {CustomEvent} */ (event).detail))
  root.replaceChildren(element)
  return { update: (now) => Object.assign(element, now) }
}

/** @param {Opened} opened @returns {Promise<Mounted>} */
async function openPython(opened) {
  tell({ type: 'progress', text: 'Starting Python' })
  const core = new URL(__COMPONENT_CORE__, location.href).href
  const worker = new Worker(URL.createObjectURL(new Blob([`(${pythonWorker})(${JSON.stringify(core)})`], { type: 'text/javascript' })))
  /** @type {Map<number, (answer: any) => void>} */
  const waiting = new Map()
  let serial = 0
  let stopped = false
  /** @type {Promise<void>} */
  const up = new Promise((done, fault) => {
    worker.onerror = (event) => fault(new Error(event.message || 'Python could not be started'))
    worker.onmessage = ({ data }) => {
      if (data.ready) done()
      else if (data.id === undefined) fault(new Error(data.error.message))
      else waiting.get(data.id)?.(data)
      waiting.delete(data.id)
    }
  })
  /** @param {Record<string, string>} message @returns {Promise<any>} */
  const ask = (message) => new Promise((done, fault) => {
    if (stopped) return
    const id = ++serial
    const clock = setTimeout(() => {
      stopped = true
      worker.terminate()
      fault(new Error(`The component ran for more than ${PATIENCE / 1000} seconds and was stopped.`))
    }, PATIENCE)
    waiting.set(id, (answer) => {
      clearTimeout(clock)
      if (answer.error) fault(Object.assign(new Error(answer.error.message), { line: answer.error.line }))
      else done(answer)
    })
    worker.postMessage({ id, ...message })
  })
  await up
  tell({ type: 'progress', text: '' })
  await ask({ op: 'open', code: opened.code })
  const draw = async () => {
    const { html } = await ask({ op: 'render', data: JSON.stringify(opened.data ?? null), value: known, params: JSON.stringify(opened.params) })
    const focused = focusOf()
    root.replaceChildren(DOMPurify.sanitize(html, { RETURN_DOM_FRAGMENT: true }))
    if (readonly) for (const one of root.querySelectorAll('button, input, select, textarea')) one.toggleAttribute('disabled', true)
    focused?.()
  }
  const handle = async (/** @type {Event} */ event) => {
    const target = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest('[data-event]'))
    if (!target || readonly || (event.type === 'click') !== !target.matches('input, select, textarea')) return
    const { event: name, ...data } = target.dataset
    const told = { name, type: event.type, value: /** @type {any} */ (target).value ?? data.value ?? null, checked: /** @type {any} */ (target).checked ?? null, data, fields: fields() }
    try {
      const { value } = await ask({ op: 'event', event: JSON.stringify(told), value: known })
      send(value ?? null)
      await draw()
    } catch (error) {
      fail(error, /** @type {any} */ (error).line)
    }
  }
  for (const type of ['click', 'change']) root.addEventListener(type, handle)
  await draw()
  return { update: () => void draw().catch((error) => fail(error, error.line)) }
}

/** Values of all inputs with a name. */
function fields() {
  /** @type {Record<string, unknown>} */
  const found = {}
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (root.querySelectorAll('[name]'))) {
    if (input.type === 'radio' && !input.checked) continue
    found[input.name] = input.type === 'checkbox' ? input.checked : input.value
  }
  return found
}

/** Puts the keyboard back where it was after everything was drawn anew. @returns {(() => void) | undefined} */
function focusOf() {
  const { activeElement } = document
  if (!activeElement || !root.contains(activeElement)) return
  const alike = 'button, input, select, textarea, a[href], [tabindex]'
  const at = [...root.querySelectorAll(alike)].indexOf(activeElement)
  return () => /** @type {HTMLElement | undefined} */ (root.querySelectorAll(alike)[at])?.focus()
}

const STYLE = `html { color: var(--text); background: transparent; font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; accent-color: var(--accent); }
body { margin: 0; padding: 8px; } *, *::before, *::after { box-sizing: border-box; }
button, input, select, textarea { font: inherit; color: inherit; } button, input:not([type=range], [type=checkbox], [type=radio], [type=color]), select, textarea { min-height: 32px; padding: 4px 10px; border: 1px solid var(--line-strong); border-radius: 6px; background: var(--surface); }
button { cursor: pointer; } button:hover { border-color: var(--text-muted); } button[aria-pressed=true] { background: var(--accent); border-color: var(--accent); color: var(--surface); } :disabled { opacity: 0.6; cursor: default; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; } table { border-collapse: collapse; } th, td { padding: 4px 10px; border: 1px solid var(--line); text-align: left; } img { max-width: 100%; }`

/** @param {Opened} opened */
async function open(opened) {
  const sheet = document.createElement('style')
  sheet.textContent = STYLE
  document.head.append(sheet)
  dress(opened.theme)
  known = JSON.stringify(opened.value ?? null)
  ;({ readonly } = opened)
  new ResizeObserver(() => tell({ type: 'height', height: Math.ceil(document.body.getBoundingClientRect().height) })).observe(document.body)
  /** @type {Mounted} */
  let mounted = {}
  try {
    mounted = await (opened.language === 'python' ? openPython(opened) : openScript(opened))
    tell({ type: 'shown' })
  } catch (error) {
    fail(error, /** @type {any} */ (error).line)
  }
  port.onmessage = ({ data: now }) => {
    if (now.type === 'theme') dress(now.theme)
    if (now.type !== 'update') return
    const text = JSON.stringify(now.value ?? null)
    if (text === known && now.readonly === readonly) return
    if (sending) return // the host has not seen the last of it
    known = text
    ;({ readonly } = now)
    mounted.update?.({ value: now.value ?? null, readonly })
  }
}

addEventListener('message', (event) => {
  if (port || event.source !== parent || !event.ports[0] || event.data !== 'kite-component') return
  ;[port] = event.ports
  port.onmessage = ({ data }) => { if (data.type === 'open') void open(data) }
})
