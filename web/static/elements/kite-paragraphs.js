import { html, nothing } from 'lit'
import { DocumentMarks } from './document-marks.js'
import { emit } from './emit.js'
import { cycled } from './image-gestures.js'
import { ObjectElement } from './object-element.js'
import { resolved } from './object-load.js'
import { authors, clock } from './phrases.js'
import { styled } from './styled.js'

/** @typedef {{author: string, text: string, start?: number, end?: number}} Phrase */

/** A conversation, phrase by phrase: bubbles in the colours of their authors, or plain lines; times that play the recording. */
export class KiteParagraphs extends ObjectElement {
  static properties = { ...ObjectElement.properties, phrases: { state: true }, playing: { state: true } }

  constructor() {
    super()
    /** @type {Phrase[]} */
    this.phrases = []
    /** the phrase that sounds, -1: none */
    this.playing = -1
  }
  /** @type {DocumentMarks | null} */
  #marks = null

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#marks?.stop()
    this.#marks = null
  }

  /** @param {import('./types.js').Source} source @param {AbortSignal} signal */
  async take(source, signal) {
    const made = await resolved(source, this.context.content, signal, this.tell)
    if (!signal.aborted) this.phrases = made.phrases ?? []
  }

  laidOut() {
    this.#paint()
  }

  /** @param {Map<string, any>} changed */
  updated(changed) {
    if (this.state.kind === 'shown' && (changed.has('view') || changed.has('layers') || changed.has('hovered'))) this.#paint()
  }

  /** @param {string | number} at @returns {Text | undefined} */
  #textOf(at) {
    const place = this.querySelectorAll('.phrase-text')[Number(at)]
    return /** @type {Text | undefined} */ (place?.firstChild ?? undefined)
  }

  #paint() {
    if (!this.view || !this.isConnected) return
    this.#marks ??= new DocumentMarks(document, ({ shape }) => {
      const [from, to] = [this.#textOf(shape.start), this.#textOf(shape.end)]
      if (!from || !to) return null
      const range = document.createRange()
      range.setStart(from, Math.min(shape.startOffset ?? 0, from.length))
      range.setEnd(to, Math.min(shape.endOffset ?? to.length, to.length))
      return range
    })
    this.#marks.show(this.object.name, this.view, this.layers, this.hovered)
  }

  /** @param {string} id */
  reveal(id) {
    this.#marks?.reveal(id)
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const hits = this.#marks?.at(event.clientX, event.clientY) ?? []
    const selection = this.view?.selection ?? []
    if (hits.length) emit(this, { type: 'select', regions: [cycled(hits, selection)], add: event.shiftKey })
    else if (selection.length && !(event.target instanceof Element && event.target.closest('button, audio'))) emit(this, { type: 'select', regions: [], add: false })
  }

  get #audio() {
    return /** @type {HTMLAudioElement | null} */ (this.querySelector('audio'))
  }

  /** Plays one phrase, or stops it. @param {number} at */
  #play(at) {
    const audio = this.#audio
    if (!audio) return
    if (this.playing === at) return audio.pause()
    audio.currentTime = this.phrases[at].start ?? 0
    this.playing = at
    audio.play().catch(() => { this.playing = -1 })
  }

  #time() {
    const audio = this.#audio
    const end = this.phrases[this.playing]?.end
    if (audio && end !== undefined && audio.currentTime >= end) audio.pause()
  }

  body() {
    const dialogue = this.object.layout === 'dialogue'
    const who = authors(this.phrases)
    const audio = this.source?.audio
    return html`<div class="sheet" tabindex="0" role="region" aria-label="Conversation" ?hidden=${this.state.kind === 'failed'} @click=${this.#click}>
      ${audio ? html`<audio class="phrases-audio" controls preload="metadata" src=${audio} @timeupdate=${this.#time} @pause=${() => { this.playing = -1 }}></audio>` : nothing}
      <ol class="sheet-page phrases ${dialogue ? 'phrases-dialogue' : ''}">
        ${this.phrases.map((phrase, at) => this.#phrase(phrase, at, who.get(phrase.author), !!audio))}
        ${this.state.kind === 'shown' && !this.phrases.length ? html`<li class="muted">This conversation is empty.</li>` : nothing}
      </ol>
    </div>`
  }

  /** @param {Phrase} phrase @param {number} at @param {{color: string, place: number} | undefined} author @param {boolean} audio */
  #phrase(phrase, at, author, audio) {
    const time = phrase.start === undefined ? '' : clock(phrase.start)
    const again = at > 0 && this.phrases[at - 1].author === phrase.author && this.object.layout === 'dialogue'
    return html`<li class="phrase ${author && author.place % 2 ? 'is-other' : ''} ${again ? 'is-again' : ''} ${this.playing === at ? 'is-playing' : ''}" style=${styled({ '--swatch': author?.color ?? 'transparent' })}>
      <span class="phrase-head">${phrase.author ? html`<span class="phrase-author" dir="auto">${phrase.author}</span>` : nothing}
        ${time && audio
          ? html`<button class="button button-quiet button-small number" type="button" aria-label=${`${this.playing === at ? 'Stop' : 'Play'} from ${time}`} @click=${() => this.#play(at)}>${this.playing === at ? '■' : '▶'} ${time}</button>`
          : time ? html`<time class="muted number">${time}</time>` : nothing}</span>
      <span class="phrase-text" dir="auto" .textContent=${phrase.text}></span>
    </li>`
  }
}
