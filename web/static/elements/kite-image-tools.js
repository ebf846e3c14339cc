import { LitElement, html, nothing } from 'lit'
import { t } from '../app/texts.js'

/** Buttons for looking at a picture. Events go to the surface, which knows the picture: `kite-tool` {tool, value}. */
export class KiteImageTools extends LitElement {
  static properties = { object: { attribute: false }, viewport: { attribute: false }, names: { type: Boolean }, shown: { state: true } }

  constructor() {
    super()
    /** @type {import('./types.js').PlanObject | undefined} */
    this.object = undefined
    /** what kite-image told of itself (`kite-viewport`) @type {any} */
    this.viewport = {}
    this.names = true
    /** the panel that is open @type {'' | 'light' | 'view'} */
    this.shown = ''
  }
  /** panels come with their first opening @type {typeof import('./image-panels.js') | null} */
  #panels = null

  createRenderRoot() {
    return this
  }

  /** Opens a panel, or closes it. @param {'light' | 'view'} panel */
  async open(panel) {
    if (this.shown === panel) return this.close()
    this.#panels ??= await import('./image-panels.js')
    this.shown = panel
    await this.updateComplete
    const button = /** @type {HTMLElement} */ (this.querySelector(`[data-panel="${panel}"]`))
    this.#panels.show(/** @type {HTMLElement} */ (this.querySelector('.tools-panel')), button, () => { this.shown = '' })
  }

  close() {
    /** @type {HTMLElement | null} */ (this.querySelector('.tools-panel'))?.hidePopover()
  }

  render() {
    const { object, viewport, shown } = this
    if (!object) return nothing
    const percent = viewport.scale >= 0.1 || !viewport.scale ? Math.round((viewport.scale ?? 1) * 100) : Math.round(viewport.scale * 1000) / 10
    const lit = this.#panels?.isLit(viewport)
    return html`<div class="tools" role="toolbar" aria-label=${t('Picture')}>
      ${viewport.note ? html`<span class="tools-note muted">${viewport.note}</span>` : nothing}
      ${viewport.missing ? html`<button class="button button-small tools-missing" type="button" @click=${() => this.#tell('retry')}>${t('{n} parts are missing: load again', { n: viewport.missing })}</button>` : nothing}
      ${object.zoom_control === false
        ? nothing
        : html`${this.#button('minus', t('Zoom out'), 'Ctrl+−', 'zoom', 1 / 1.25)}
            <button class="button button-quiet button-small tools-scale number" type="button" title=${t('Show at 100 % (Shift+0)')} aria-label=${t('Zoom {n} percent; show at 100 percent', { n: percent })} @click=${() => this.#tell('actual')}>${percent} %</button>
            ${this.#button('plus', t('Zoom in'), 'Ctrl++', 'zoom', 1.25)}`}
      ${this.#button('fit', t('Fit'), 'Ctrl+0', 'fit')}
      ${this.#button('hand', t('Hand: drag to move the picture'), 'H', 'hand', undefined, !!viewport.hand)}
      ${object.rotate_control ? this.#button('rotate', t('Turn the view by 90°; regions stay as they are'), 'Shift+T', 'rotate') : nothing}
      ${this.#opener('light', t('Light: brightness, contrast …'), 'Shift+L', !!lit)}
      ${this.#opener('view', t('View'), '', false)}
      ${shown ? html`<div class="menu tools-panel" popover="auto" role="group" aria-label=${shown === 'light' ? t('Light') : t('View')}>${this.#panels?.[shown](viewport, { names: this.names, selected: this.#selected }, (tool, value) => this.#tell(tool, value))}</div>` : nothing}
    </div>`
  }

  get #selected() {
    const surface = /** @type {import('./kite-surface.js').KiteSurface | null} */ (this.closest('kite-surface'))
    return !!surface?.shown.selection.length
  }

  /** @param {'light' | 'view'} panel @param {string} name @param {string} key @param {boolean} on something in it is not as usual */
  #opener(panel, name, key, on) {
    return html`<button class="button button-quiet button-icon ${on ? 'is-on' : ''}" type="button" data-panel=${panel} title=${key ? `${name} (${key})` : name} aria-label=${on ? `${name}, ${t('changed')}` : name} aria-haspopup="true" aria-expanded=${this.shown === panel}
      @click=${() => void this.open(panel)}><kite-icon name=${panel === 'light' ? 'light' : 'eye'}></kite-icon></button>`
  }

  /** @param {string} icon @param {string} name @param {string} key @param {string} tool @param {number} [value] @param {boolean} [on] */
  #button(icon, name, key, tool, value, on) {
    return html`<button class="button button-quiet button-icon" type="button" title=${key ? `${name} (${key})` : name} aria-label=${name} aria-pressed=${on === undefined ? nothing : on} @click=${() => this.#tell(tool, value)}><kite-icon name=${icon}></kite-icon></button>`
  }

  /** @param {string} tool @param {unknown} [value] */
  #tell(tool, value) {
    this.dispatchEvent(new CustomEvent('kite-tool', { detail: { object: this.object?.name, tool, value }, bubbles: true }))
  }
}
