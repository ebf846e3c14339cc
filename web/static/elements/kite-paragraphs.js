import { html, nothing } from 'lit'
import { t } from '../app/texts.js'
import { DocumentMarker } from './document-marker.js'
import { DocumentText } from './document-text.js'
import { emit } from './emit.js'
import { unitsOf } from './hyper-path.js'
import { syncGroup } from './media-sync.js'
import { ObjectElement } from './object-element.js'
import { resolved } from './object-load.js'
import { PhrasePlayer } from './phrase-player.js'
import { authors, clock, wanted } from './phrases.js'
import { styled } from './styled.js'

/** @typedef {{author: string, text: string, start?: number, end?: number}} Phrase */
/** @typedef {import('./document-marks.js').Place} Place */

const MANY = 6 // phrases from which on one looks for some of them

/**
 * A conversation, phrase by phrase: bubbles in the colours of their authors, or plain lines. Text is marked as in any document; the arrows
 * up and down walk from phrase to phrase, a label's key then marks the whole phrase, Enter plays it.
 */
export class KiteParagraphs extends ObjectElement {
  static properties = { ...ObjectElement.properties, phrases: { state: true }, heard: { state: true }, running: { state: true }, at: { state: true }, author: { state: true }, words: { state: true } }

  constructor() {
    super()
    /** @type {Phrase[]} */
    this.phrases = []
    /** the phrase that sounds, -1: none */
    this.heard = -1
    this.running = false
    /** the phrase that was walked to, -1: none */
    this.at = -1
    /** whose phrases are shown; empty: everybody's */
    this.author = ''
    /** what is looked for */
    this.words = ''
  }
  /** @type {DocumentMarker | null} */
  #marker = null
  /** @type {AbortController | null} */
  #gone = null
  /** @type {DocumentText | null} */
  #text = null
  /** of each phrase in the whole text @type {number[]} */
  #starts = []
  /** a whole phrase that has a region gets another label */
  #relabels = false
  /** the whole phrase that was marked last @type {{at: number, control: string, id: string, view: unknown} | null} */
  #made = null
  #player = new PhrasePlayer(() => this.querySelector('audio'), () => this.phrases, (heard) => this.#moved(heard))

  connectedCallback() {
    super.connectedCallback()
    if (this.#text) this.#listen()
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#gone?.abort()
    this.#marker = null
    this.#player.stop()
  }

  /** @param {import('./types.js').Source} source @param {AbortSignal} signal */
  async take(source, signal) {
    let file = ''
    const made = await resolved(source, async (text) => this.context.content((file = text)), signal, this.tell)
    if (signal.aborted) return
    if (file) emit(this, { type: 'object_loaded', object: this.object.name, text: file })
    this.phrases = made.phrases ?? []
    this.at = -1
    this.author = this.words = ''
  }

  laidOut() {
    const list = /** @type {HTMLElement} */ (this.querySelector('.phrases'))
    this.#text = new DocumentText(list, ({ node }) => !!node.parentElement?.classList.contains('phrase-text'))
    this.#starts = []
    let at = 0
    for (const { text } of this.phrases) {
      this.#starts.push(at)
      at += text.length
    }
    if (this.#marker) this.#marker.renew()
    else this.#listen()
  }

  #listen() {
    const gone = (this.#gone = new AbortController())
    const sheet = /** @type {HTMLElement} */ (this.querySelector('.sheet'))
    sheet.addEventListener('keydown', (event) => { if (event.target === sheet) this.#key(event) }, { signal: gone.signal })
    this.#marker = new DocumentMarker({
      host: this, sheet, page: /** @type {HTMLElement} */ (this.querySelector('.sheet-page')), root: document, text: () => /** @type {DocumentText} */ (this.#text),
      context: () => this.context, tool: 'phrase', placeOf: (region) => this.#placeOf(region.shape), shapeOf: (place) => this.#shapeOf(place),
      widened: ({ start16 }) => this.#shapeOf(this.#whole(this.#phraseAt(start16))),
    }, gone.signal)
    this.#marker.sync()
    const surface = this.closest('kite-surface')
    surface?.addEventListener('kite-intent', (event) => this.#labelled(/** @type {CustomEvent} */ (event).detail), { signal: gone.signal })
    if (surface) this.#player.join(surface, syncGroup(/** @type {any} */ (this.object), /** @type {any} */ (this.context.plan.objects)))
  }

  /** @param {any} shape @returns {Place | null} */
  #placeOf(shape) {
    const [from, to] = [Number(shape.start), Number(shape.end)]
    if (!this.phrases[from] || !this.phrases[to]) return null
    const offset = (/** @type {number} */ at, /** @type {number | null | undefined} */ units, /** @type {number} */ points) => Math.min(units ?? unitsOf(this.phrases[at].text, points), this.phrases[at].text.length)
    const start16 = this.#starts[from] + offset(from, shape.startOffset16, shape.startOffset ?? 0)
    const end16 = this.#starts[to] + offset(to, shape.endOffset16, shape.endOffset ?? this.phrases[to].text.length)
    return start16 < end16 ? { start16, end16 } : null
  }

  /** @param {Place} place */
  #shapeOf({ start16, end16 }) {
    const from = this.#phraseAt(start16)
    const to = Math.max(from, this.#phraseAt(end16 - 1))
    return { start: String(from), end: String(to), startOffset16: start16 - this.#starts[from], endOffset16: end16 - this.#starts[to] }
  }

  /** @param {number} offset */
  #phraseAt(offset) {
    let found = 0
    this.#starts.forEach((start, at) => { if (start <= offset && this.phrases[at].text) found = at })
    return found
  }

  /** All of a phrase. @param {number} at @returns {Place} */
  #whole(at) {
    return { start16: this.#starts[at], end16: this.#starts[at] + this.phrases[at].text.length }
  }

  /** @param {Map<string, any>} changed */
  updated(changed) {
    if (this.state.kind !== 'shown') return
    if (changed.has('view') || changed.has('layers') || changed.has('hovered') || changed.has('names')) this.#marker?.sync()
    else if (changed.has('author') || changed.has('words')) this.#marker?.ask()
  }

  /** @param {string} id */
  async reveal(id) {
    const from = Number(this.view?.regions[id]?.shape.start)
    if (!wanted(this.phrases, this.author, this.words)[from]) {
      this.author = this.words = ''
      await this.updateComplete
    }
    this.#marker?.reveal(id)
  }

  // ---- walking from phrase to phrase ----

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && !event.shiftKey) this.#walk(step)
    else if (event.key === 'Enter' && this.at >= 0 && !this.#marker?.chosen()) {
      if (this.#plays) this.#player.play(this.at)
      else this.#markPhrase()
    } else if (event.key === 'Escape' && this.at >= 0 && !this.view?.selection.length) this.at = -1
    else return
    event.preventDefault()
    event.stopImmediatePropagation()
  }

  /** @param {number} step */
  #walk(step) {
    const shown = wanted(this.phrases, this.author, this.words)
    let at = this.at < 0 ? (step > 0 ? -1 : this.phrases.length) : this.at
    do at += step
    while (at >= 0 && at < shown.length && !shown[at])
    if (at >= 0 && at < shown.length) this.#goTo(at)
  }

  /** @param {number} at */
  #goTo(at) {
    this.at = at
    if (this.view?.selection.length) emit(this, { type: 'select', regions: [], add: false }) // the next key is for this phrase
    const [node, offset] = /** @type {DocumentText} */ (this.#text).place(this.#starts[at])
    if (this.phrases[at].text) document.getSelection()?.collapse(node, offset)
    this.#row(at)?.scrollIntoView({ block: 'nearest' })
    const { author, text } = this.phrases[at]
    this.#say(`${author ? `${author}: ` : ''}${text}`)
  }

  /** @param {number} at @returns {HTMLElement | null} */
  #row(at) {
    return this.querySelector(`.phrase[data-at="${at}"]`)
  }

  /** @param {string} text */
  #say(text) {
    const live = this.querySelector('[aria-live]')
    if (live) live.textContent = text
  }

  /** The region that is all of a phrase. @param {number} at @param {string} control @returns {string | undefined} its id */
  #regionOf(at, control) {
    const { start16, end16 } = this.#whole(at)
    const known = this.#marker?.marks.index.spans.find(({ start, end, region }) => start === start16 && end === end16 && region.control === control)
    if (known) return known.id
    const made = this.#made // keys may come faster than the view
    return made?.at === at && made.view === this.view && made.control === control ? made.id : undefined
  }

  /** A label's key, while a phrase is walked to: the whole phrase gets it. @param {import('./types.js').Intent} intent */
  #labelled({ type, control, label, by }) {
    const mine = document.activeElement === this.querySelector('.sheet') && this.context.controls.some(({ name }) => name === control)
    if (type !== 'pick_label' || by !== 'key' || this.#relabels || !label || !mine || this.at < 0 || this.context.readonly || this.#marker?.chosen() || this.view?.selection.length) return
    const known = this.#regionOf(this.at, control)
    queueMicrotask(() => {
      if (!known) return this.#markPhrase(control)
      this.#relabels = true
      emit(this, { type: 'select', regions: [known], add: false })
      emit(this, { type: 'pick_label', control, label, by: 'key' })
      emit(this, { type: 'select', regions: [], add: false })
      this.#relabels = false
    })
  }

  #markPhrase(control = '') {
    if (!this.phrases[this.at]?.text) return
    const [id] = this.#marker?.add(this.#whole(this.at)) ?? []
    this.#made = { at: this.at, control, id, view: this.view }
  }

  // ---- the recording ----

  get #plays() {
    return !!this.source?.audio || this.#synced
  }

  /** Another object of the group has the sound. */
  get #synced() {
    const { plan } = this.context
    const group = syncGroup(/** @type {any} */ (this.object), /** @type {any} */ (plan.objects))
    return !!group && plan.objects.some((object) => ['audio', 'video'].includes(object.type) && group.split(' ').includes(object.name))
  }

  /** @param {number} heard */
  #moved(heard) {
    const before = this.heard
    this.heard = heard
    this.running = this.#player.running
    if (heard < 0 || heard === before || !this.running) return
    const sheet = this.querySelector('.sheet')?.getBoundingClientRect()
    const old = this.#row(before)?.getBoundingClientRect()
    const near = !old || (!!sheet && old.bottom > sheet.top && old.top < sheet.bottom)
    // Who reads elsewhere is left alone, unless the config wants the page to go along.
    if (this.object.context_scroll) this.#row(heard)?.scrollIntoView({ block: 'center' })
    else if (near) this.#row(heard)?.scrollIntoView({ block: 'nearest' })
  }

  // ---- drawing ----

  /** Moves the keyboard to the arcs of a region. @param {string} id */
  focusArc(id) {
    return this.#marker?.arcs.focusArc(id) ?? false
  }

  /** @param {string} id */
  rightToLeft(id) {
    return this.#marker?.rightToLeft(id) ?? false
  }

  /** Goes to the search. */
  find() {
    const field = /** @type {HTMLInputElement | null} */ (this.querySelector('.phrases-find > .input'))
    field?.select()
    return !!field
  }

  body() {
    const dialogue = this.object.layout === 'dialogue'
    const who = authors(this.phrases)
    const audio = this.#synced ? undefined : this.source?.audio
    const shown = wanted(this.phrases, this.author, this.words)
    return html`${this.phrases.length >= MANY ? this.#finder(who, shown) : nothing}
    <div class="sheet" tabindex="0" role="region" aria-label=${t('Conversation')} aria-description=${t('Up and down go from phrase to phrase; a label’s key marks the whole phrase. Left and right move a caret, with Shift they select, Enter marks.')}
      ?hidden=${this.state.kind === 'failed'}>
      ${audio ? html`<audio class="phrases-audio" ?controls=${!!this.object.show_player} preload="metadata" src=${audio} @play=${() => this.#player.told('play')} @pause=${() => this.#player.told('pause')} @seeked=${() => this.#player.told('seek')}></audio>` : nothing}
      <div class="sheet-page is-marked">
        <ol class="phrases ${dialogue ? 'phrases-dialogue' : ''}">
          ${this.phrases.map((phrase, at) => this.#phrase(phrase, at, who.get(phrase.author), shown[at]))}
          ${this.state.kind === 'shown' && !this.phrases.length ? html`<li class="muted">${t('This conversation is empty.')}</li>` : nothing}
        </ol>
        ${this.phrases.length && !shown.includes(true) ? html`<p class="muted" role="status">${t('No phrase has this.')}</p>` : nothing}
      </div>
      <div class="visually-hidden" aria-live="polite"></div>
    </div>`
  }

  /** @param {Map<string, {color: string}>} who @param {boolean[]} shown */
  #finder(who, shown) {
    const count = shown.filter(Boolean).length
    return html`<div class="phrases-find tools" role="search">
      ${who.size > 1
        ? html`<select class="select" aria-label=${t('Whose phrases')} @change=${(/** @type {Event} */ event) => { this.author = /** @type {HTMLSelectElement} */ (event.target).value }}>
            <option value="" ?selected=${!this.author}>${t('Everybody')}</option>${[...who.keys()].map((name) => html`<option value=${name} ?selected=${name === this.author}>${name}</option>`)}</select>`
        : nothing}
      <input class="input" type="search" placeholder=${t('Find in the conversation')} aria-label=${t('Find in the conversation')} .value=${this.words} @input=${(/** @type {Event} */ event) => { this.words = /** @type {HTMLInputElement} */ (event.target).value }}
        @keydown=${this.#findKey} />
      ${this.author || this.words.trim() ? html`<span class="muted number" role="status">${t('{n} of {all}', { n: count, all: this.phrases.length })}</span>` : nothing}
    </div>`
  }

  /** @param {KeyboardEvent} event */
  #findKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const field = /** @type {HTMLInputElement} */ (event.target)
    if (event.key === 'Escape' && field.value) this.words = ''
    else if (event.key === 'Enter' || event.key === 'ArrowDown') {
      /** @type {HTMLElement} */ (this.querySelector('.sheet')).focus()
      this.at = -1
      this.#walk(1)
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  /** @param {Phrase} phrase @param {number} at @param {{color: string, place: number} | undefined} author @param {boolean} shown */
  #phrase(phrase, at, author, shown) {
    const time = phrase.start === undefined ? '' : clock(phrase.start)
    const plays = this.#plays && !!time
    const again = at > 0 && this.phrases[at - 1].author === phrase.author && this.object.layout === 'dialogue'
    const heard = this.heard === at
    return html`<li class="phrase ${author && author.place % 2 ? 'is-other' : ''} ${again ? 'is-again' : ''} ${heard ? 'is-playing' : ''} ${this.at === at ? 'is-current' : ''}" data-at=${at} ?hidden=${!shown} style=${styled({ '--swatch': author?.color ?? 'transparent' })}
      @pointerdown=${() => { this.at = at }}>
      <span class="phrase-head">${phrase.author ? html`<span class="phrase-author" dir="auto">${phrase.author}</span>` : nothing}
        ${plays
          ? html`<button class="button button-quiet button-small number" type="button" aria-label=${heard && this.running ? t('Stop at {time}', { time }) : t('Play from {time}', { time })} @click=${() => this.#player.play(at)}>${heard && this.running ? '■' : '▶'} ${time}</button>`
          : time ? html`<time class="muted number">${time}</time>` : nothing}</span>
      <span class="phrase-text" dir="auto" .textContent=${phrase.text}></span>
    </li>`
  }
}
