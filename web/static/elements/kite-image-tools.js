import { LitElement, html, nothing } from 'lit'

/** Buttons for looking at a picture. Events go to the surface, which knows the picture: `kite-tool` {tool, value}. */
export class KiteImageTools extends LitElement {
  static properties = { object: { attribute: false }, viewport: { attribute: false }, names: { type: Boolean }, open: { state: true } }

  constructor() {
    super()
    /** @type {import('./types.js').PlanObject | undefined} */
    this.object = undefined
    /** @type {{scale: number, fitted: boolean, brightness: number, contrast: number}} */
    this.viewport = { scale: 1, fitted: true, brightness: 100, contrast: 100 }
    this.names = true
    this.open = false
  }

  createRenderRoot() {
    return this
  }

  render() {
    const { object, viewport } = this
    if (!object) return nothing
    const light = object.brightness_control || object.contrast_control
    return html`<div class="tools" role="toolbar" aria-label="Picture">
      ${object.zoom_control === false
        ? nothing
        : html`${this.#button('minus', 'Zoom out', 'Ctrl+−', 'zoom', 1 / 1.25)}
            <button class="button button-quiet button-small tools-scale number" type="button" title="Show at 100 % (Ctrl+0, twice)" aria-label=${`Zoom ${Math.round(viewport.scale * 100)} percent; show at 100 percent`} @click=${() => this.#tell('actual')}>${Math.round(viewport.scale * 100)} %</button>
            ${this.#button('plus', 'Zoom in', 'Ctrl++', 'zoom', 1.25)}`}
      ${this.#button('fit', 'Fit', 'Ctrl+0', 'fit')}
      ${object.rotate_control ? this.#button('rotate', 'Turn the view by 90°; boxes stay as they are', '', 'rotate') : nothing}
      ${this.#button('tag', 'Names on the boxes', '', 'names', undefined, this.names)}
      ${light
        ? html`<span class="tools-light">
            <button class="button button-quiet button-icon" type="button" title="Brightness and contrast (view only)" aria-label="Brightness and contrast" aria-expanded=${this.open} @click=${() => { this.open = !this.open }}><kite-icon name="light"></kite-icon></button>
            ${this.open
              ? html`<div class="menu tools-menu">
                  ${object.brightness_control ? this.#slider('brightness', 'Brightness') : nothing}
                  ${object.contrast_control ? this.#slider('contrast', 'Contrast') : nothing}
                  <button class="button button-small" type="button" @click=${() => { this.#tell('brightness', 100); this.#tell('contrast', 100) }}>Back to 100 %</button>
                </div>`
              : nothing}
          </span>`
        : nothing}
    </div>`
  }

  /** @param {string} icon @param {string} name @param {string} key @param {string} tool @param {number} [value] @param {boolean} [on] */
  #button(icon, name, key, tool, value, on) {
    return html`<button class="button button-quiet button-icon" type="button" title=${key ? `${name} (${key})` : name} aria-label=${name} aria-pressed=${on === undefined ? nothing : on} @click=${() => this.#tell(tool, value)}><kite-icon name=${icon}></kite-icon></button>`
  }

  /** @param {'brightness' | 'contrast'} what @param {string} name */
  #slider(what, name) {
    return html`<label class="field"><span class="row row-between">${name}<span class="number muted">${this.viewport[what]} %</span></span>
      <input type="range" min="20" max="300" step="5" .value=${String(this.viewport[what])} @input=${(/** @type {Event} */ event) => this.#tell(what, /** @type {HTMLInputElement} */ (event.target).valueAsNumber)} /></label>`
  }

  /** @param {string} tool @param {number} [value] */
  #tell(tool, value) {
    this.dispatchEvent(new CustomEvent('kite-tool', { detail: { object: this.object?.name, tool, value }, bubbles: true }))
  }
}
