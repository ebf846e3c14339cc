/** What every owner's page is made of: a light-DOM base element, the bar at the top, and the states loading and failed. */
import { LitElement, html, noChange, nothing } from 'lit'
import { Directive, directive } from 'lit/directive.js'
import { until } from 'lit/directives/until.js'
import { ApiError } from '../app/api.js'
import { navigate } from '../app/router.js'
import { address, providers } from '../app/sign-in.js'
import { adopt } from '../elements/sheet.js'
import changeCss from '../styles/config-change.css' with { type: 'text' }
import galleryCss from '../styles/gallery.css' with { type: 'text' }
import ownerCss from '../styles/owner.css' with { type: 'text' }
import { icon } from './icons.js'

// Who only labels does not wait for the looks of these pages.
for (const css of [ownerCss, galleryCss, changeCss]) adopt(css)

/**
 * A Lit element in light DOM that owns one AbortSignal for as long as it is in the page. Subclasses keep their state in
 * private fields and call `requestUpdate`.
 */
export class OwnerElement extends LitElement {
  #gone = new AbortController()

  createRenderRoot() {
    return this
  }

  /** Aborted when the element leaves the page. */
  get signal() {
    return this.#gone.signal
  }

  connectedCallback() {
    if (this.#gone.signal.aborted) this.#gone = new AbortController()
    super.connectedCallback()
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#gone.abort()
  }
}

/**
 * Put a page's element into the root until the router says that the page is over.
 * @param {HTMLElement} root @param {HTMLElement} element @param {AbortSignal} signal
 */
export function mount(root, element, signal) {
  root.replaceChildren(element)
  signal.addEventListener('abort', () => element.remove(), { once: true })
}

let arrived = false

/**
 * Say where we are: the title, and for people who came by keyboard or with a screen reader the focus on the heading.
 * The first page of a visit is left alone, the browser announces it.
 * @param {HTMLElement} page @param {string} title
 */
export function arrive(page, title) {
  document.title = `${title} · Labelkite`
  const lost = !document.activeElement || document.activeElement === document.body
  if (arrived && lost) page.querySelector('h1')?.focus({ preventScroll: true })
  arrived = true
}

/**
 * A task is shown under the address of its own project only.
 * @template {{task: {id: number, project: number}}} T @param {T} answer @param {string} project of the address @returns {T}
 */
export function ofProject(answer, project) {
  if (String(answer.task.project) === project) return answer
  throw new ApiError(404, [{ code: 'not-found', message: `There is no task ${answer.task.id} in this project.`, hint: '' }])
}

class Vars extends Directive {
  /** @param {Record<string, string | number>} _values */
  render(_values) {
    return noChange
  }

  /** @param {any} part @param {[Record<string, string | number>]} values */
  update(part, [values]) {
    for (const [name, value] of Object.entries(values)) part.element.style.setProperty(name, String(value))
    return noChange
  }
}

/** Custom properties of an element, set by script: the content security policy forbids style attributes. */
export const vars = directive(Vars)

/**
 * The bar at the top: the way back, and the name of where one is.
 * @param {{href?: string, text: string}[]} crumbs from the outside in; the last one is the page itself
 * @param {unknown} [actions]
 */
export const topbar = (crumbs, actions = nothing) => html`
  <header class="topbar ow-topbar">
    <a class="brand" href="/projects">${icon('kite')}Labelkite</a>
    <nav aria-label="Path" class="grow">
      <ol class="crumbs">
        ${crumbs.map(({ href, text }) => html`<li>${href ? html`<a href=${href}>${text}</a>` : html`<span aria-current="page">${text}</span>`}</li>`)}
      </ol>
    </nav>
    ${actions}
  </header>`

/** Shown only when it takes long enough to be noticed. @param {string} text */
export const waiting = (text) => html`<p class="ow-wait muted" role="status"><span class="ow-wait-bar" aria-hidden="true"></span>${text}</p>`

/** Not there, or not for whoever asks: to ask again gives no other answer. @param {unknown} error */
export const isClosed = (error) => error instanceof ApiError && (error.status === 403 || error.status === 404)

/** What an annotator is told of work that is kept is not so on these pages. @template {import('../app/api.js').Problem} P @param {P} problem */
const asOwner = (problem) => (problem.code === 'server-away' ? { ...problem, hint: 'Check that Labelkite is running and that you are connected.' } : problem)

/**
 * What happened, what is safe, what to do.
 * @param {unknown} error
 * @param {{what: string, again?: () => void, leave?: {href: string, text: string}}} given leave: where to go when it is closed, in place of asking again
 */
export function failure(error, { what, again, leave }) {
  const known = error instanceof ApiError
  const away = leave && isClosed(error) ? leave : null
  const problems = known ? error.problems.map(asOwner) : [{ message: 'This page met a fault of its own.', hint: String(error) }]
  const stranger = known && error.status === 401
  return html`<div class="notice notice-problem" role="alert">
    ${icon('problem')}
    <div class="stack stack-tight grow">
      <strong>${what}</strong>
      ${problems.map((problem) => html`<p>${problem.message} ${problem.hint ?? ''}</p>`)}
      ${stranger ? html`<p>Open the link that you were sent. The owner’s is printed where Labelkite was started.</p>` : nothing}
    </div>
    ${known && error.status === 401 ? until(signInButtons(), nothing) : nothing}
    ${away ? html`<div class="notice-actions"><a class="button" href=${away.href}>${away.text}</a></div>`
    : again ? html`<div class="notice-actions"><button type="button" class="button" @click=${again}>Try again</button></div>` : nothing}
  </div>`
}

/** Where one can sign in, if the server is set up for it. */
const signInButtons = async () => (await providers()).map((provider) => html`<div class="notice-actions">
  <a class="button button-primary" href=${address(provider, location.pathname + location.search)}>Sign in with ${provider.name}</a></div>`)

/**
 * Problems as sentences, each with its place and its way out.
 * @param {{message: string, where?: string, hint?: string}[]} problems
 */
export const problemList = (problems) => html`<ul class="problem-list">
  ${problems.map(({ where, message, hint }) => html`<li>${where ? html`<span class="strong">${where}</span> · ` : nothing}${message}
    ${hint ? html`<span class="muted">${hint}</span>` : nothing}</li>`)}
</ul>`

/**
 * Run a change the person asked for; what goes wrong is returned, not thrown.
 * @template T @param {() => Promise<T>} work @returns {Promise<{value?: T, error?: unknown}>}
 */
export async function attempt(work) {
  try {
    return { value: await work() }
  } catch (error) {
    return { error }
  }
}

/** Keeps a text in this tab, where there is room for it. @param {string} name @param {string} text */
export function keepInTab(name, text) {
  try {
    sessionStorage.setItem(name, text)
  } catch {
    sessionStorage.removeItem(name) // better nothing than what it was before
  }
}

/** @param {EventTarget | null} target */
export const isTyping = (target) =>
  target instanceof HTMLElement && (target.isContentEditable || !!target.closest('input:not([type=checkbox]):not([type=radio]), textarea, select, kite-code'))

/**
 * Keys of a list: j and k (or the arrows, once a row has the focus) move, Enter opens by itself since rows are links,
 * Escape goes back.
 * @param {HTMLElement} page @param {AbortSignal} signal @param {{back?: string}} [options]
 */
export function listKeys(page, signal, { back } = {}) {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    if (document.querySelector('dialog[open]')) return
    if (event.key === 'Escape' && back && !page.querySelector(':popover-open')) return navigate(back)
    const rows = /** @type {HTMLElement[]} */ ([...page.querySelectorAll('a[data-row]')])
    const at = rows.findIndex((row) => row === document.activeElement)
    const arrows = at >= 0
    const step = event.key === 'j' || (arrows && event.key === 'ArrowDown') ? 1 : event.key === 'k' || (arrows && event.key === 'ArrowUp') ? -1 : 0
    if (!step || !rows.length) return
    event.preventDefault()
    const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step))]
    next.focus()
    next.closest('tr')?.scrollIntoView({ block: 'nearest' })
  }, { signal })
}

/**
 * A click anywhere in a row opens it, unless it meant something else (a control, a text selection).
 * @param {MouseEvent} event
 */
export function openRow(event) {
  const target = /** @type {Element} */ (event.target)
  if (target.closest('a, button, input, label') || String(getSelection()) !== '') return
  const link = /** @type {HTMLAnchorElement | null} */ (target.closest('tr')?.querySelector('a[data-row]') ?? null)
  if (link) navigate(link.pathname + link.search)
}
