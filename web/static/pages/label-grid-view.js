// Parts of the grid that only draw.
import { html } from 'lit'
import { t } from '../app/texts.js'
import { head } from './label-grid-plan.js'

/** What a task shows, as a tile or at its full size.
 * @param {string} type of the object @param {any} source of the Display @param {{small: boolean, broken: boolean, fails: () => void}} how broken: its picture could not be shown */
export function drawData(type, source, { small, broken, fails }) {
  if (source.problem) return html`<p class="grid-text muted">${source.problem.message}</p>`
  if (type === 'text') {
    return source.text === undefined ? html`<p class="grid-text muted">${t('This text is fetched when it is opened alone.')}</p>` : html`<p class="grid-text" dir="auto">${small ? head(source.text) : source.text}</p>`
  }
  if (broken) return html`<p class="grid-text muted">${t('This picture cannot be shown.')}</p>`
  return html`<img class="grid-image" src=${source.url ?? ''} alt="" draggable="false" decoding="async" @error=${fails} />`
}

/** In the place of the tiles. @param {string} state @param {string} trouble why nothing could be fetched @param {{again: () => void, leave: () => void}} acts */
export function drawEmpty(state, trouble, { again, leave }) {
  if (state === 'loading') return html`<div class="label-message"><p class="muted" role="status">${t('Looking for tasks …')}</p></div>`
  if (state === 'away') {
    return html`<div class="label-message" role="status"><h2>${t('No tasks could be fetched')}</h2><p class="muted">${trouble} ${t('Nothing is lost: what you sent is kept in this browser.')}</p>
      <div class="row"><button class="button" type="button" @click=${again}>${t('Try now')}</button></div></div>`
  }
  return html`<div class="label-message" role="status"><h2>${t('No task is left for the grid')}</h2><p class="muted">${t('Everything has been given out. What a reviewer sent back, if there is any, waits one by one.')}</p>
    <div class="row"><button class="button button-primary" type="button" @click=${leave}>${t('One by one')}</button><button class="button" type="button" @click=${again}>${t('Look again')}</button></div></div>`
}
