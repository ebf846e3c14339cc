/** A question before something is done: a dialog that says what happens, does it, and stays open with the reason if it fails. */
import { html, nothing, render } from 'lit'
import { attempt, failure } from './page.js'

/**
 * @param {{title: string, body: unknown, yes: string, no?: string, failed: string, danger?: boolean, signal: AbortSignal,
 *   work: (said: FormData) => Promise<unknown>}} given failed: what to say when the work fails; signal: the page's, which closes it; no: empty where there is nothing to decide
 * @returns {Promise<boolean>} whether it was done
 */
export function ask({ title, body, yes, no = 'Cancel', failed, danger = false, signal, work }) {
  const dialog = document.createElement('dialog')
  dialog.className = 'dialog'
  dialog.setAttribute('aria-label', title)
  let done = false
  let busy = false
  /** @type {unknown} */
  let error = null
  const draw = () => render(html`<form class="pj-ask" @submit=${send}>
    <div class="dialog-head"><h2>${title}</h2></div>
    <div class="dialog-body stack">${body}${error ? failure(error, { what: failed }) : nothing}</div>
    <div class="dialog-foot">
      ${no ? html`<button type="button" class="button" @click=${() => dialog.close()}>${no}</button>` : nothing}
      <button type="submit" class="button ${danger ? 'button-danger' : 'button-primary'}" ?disabled=${busy}>${busy ? 'One moment …' : yes}</button>
    </div>
  </form>`, dialog)
  /** @param {SubmitEvent} event */
  const send = async (event) => {
    event.preventDefault()
    if (busy) return
    const said = new FormData(/** @type {HTMLFormElement} */ (event.target))
    busy = true
    draw()
    const result = await attempt(() => work(said))
    busy = false
    error = result.error ?? null
    done = !error
    draw()
    if (done) dialog.close()
  }
  draw()
  document.body.append(dialog)
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(done)
    }, { once: true })
    signal.addEventListener('abort', () => dialog.close(), { once: true })
  })
}

/**
 * People to tick, as a group of checkboxes of one name.
 * @param {{name: string, legend: string, people: {id: number, name: string}[], hint?: string}} given
 */
export const peopleChecks = ({ name, legend, people, hint }) => html`<fieldset class="field">
  <legend class="field-label">${legend}</legend>
  ${people.map((person) => html`<label class="check"><input type="checkbox" name=${name} value=${person.id}><span>${person.name}</span></label>`)}
  ${hint ? html`<span class="field-hint">${hint}</span>` : nothing}
</fieldset>`
