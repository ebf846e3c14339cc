/** What is not on the server yet: a list that opens at the save state. Fetched when it is first asked for. */
import { html, nothing, render } from 'lit'
import { textOf } from '../app/outgoing.js'
import { locale, t, told } from '../app/texts.js'
import css from '../styles/label-outbox.css' with { type: 'text' }
import { adopt } from '../elements/sheet.js'

/** @typedef {import('../app/worklog.js').Outgoing} Outgoing */

/** @param {Outgoing} item */
const bytes = (item) => new Blob([textOf(item)]).size

/** @param {number} count */
const size = (count) => (count < 1024 ? t('{n} bytes', { n: count }) : count < 1024 * 1024 ? t('{n} KB', { n: Math.round(count / 1024) }) : t('{n} MB', { n: Math.round(count / 1024 / 102.4) / 10 }))

/**
 * @param {{outbox: import('../app/outbox.js').Outbox, draft: import('../app/draft-saver.js').DraftSaver, session: import('../app/task-session.js').TaskSession | null, project: {id: number, title: string}, signal: AbortSignal}} given
 */
export function openOutbox({ outbox, draft, session, project, signal }) {
  adopt(css)
  const place = document.createElement('div')
  document.body.append(place)
  const gone = new AbortController()
  const end = () => {
    gone.abort()
    place.remove()
  }
  const draw = () => render(dialog({
    items: [...outbox.refused, ...outbox.waiting], trouble: outbox.trouble || draft.trouble, session: session?.unsynced ? session : null,
    now: () => {
      outbox.now()
      void draft.save()
    },
    download: () => void download(project, outbox, session), close: end,
  }), place)
  outbox.addEventListener('change', draw, { signal: gone.signal })
  session?.addEventListener('view', draw, { signal: gone.signal })
  signal.addEventListener('abort', end, { signal: gone.signal })
  const tick = setInterval(draw, 5_000) // "2 minutes ago" goes on
  gone.signal.addEventListener('abort', () => clearInterval(tick))
  draw()
  const opened = /** @type {HTMLDialogElement} */ (place.querySelector('dialog'))
  opened.showModal()
}

/** @param {{items: Outgoing[], trouble: string | null, session: import('../app/task-session.js').TaskSession | null, now: () => void, download: () => void, close: () => void}} facts */
function dialog({ items, trouble, session, now, download: save, close }) {
  const count = items.length + (session ? 1 : 0)
  return html`<dialog class="dialog outbox" aria-labelledby="outbox-title" @close=${close}>
    <div class="dialog-head"><h2 id="outbox-title">${t('What is not on the server yet')}</h2>
      <form method="dialog"><button class="button button-quiet button-icon" aria-label=${t('Close')}><kite-icon name="close"></kite-icon></button></form></div>
    <div class="dialog-body">
      ${count ? html`<p class="muted">${navigator.onLine ? t('All of it is kept in this browser and sent by itself.') : t('You are offline. All of it is kept in this browser and sent as soon as the connection is back; you may go on, and close this page.')}</p>
        ${trouble ? html`<p class="outbox-trouble" role="status"><kite-icon name="offline"></kite-icon><span>${trouble}</span></p>` : nothing}
        <ul class="outbox-rows">
          ${items.map((item) => html`<li><kite-icon name=${item.refused ? 'problem' : 'save'}></kite-icon><span class="grow"><strong>${item.body.was_cancelled ? t('Task {n}, skipped', { n: String(item.task) }) : t('Task {n}', { n: String(item.task) })}</strong>
              ${item.refused ? html`<br><span class="outbox-refused">${t('Not taken: {why}', { why: told(item.refused[0]?.message) })}</span>` : nothing}</span>
            <time class="muted small" datetime=${new Date(item.at).toISOString()}>${ago(item.at)}</time><span class="muted small number">${size(bytes(item))}</span></li>`)}
          ${session ? html`<li><kite-icon name="edit"></kite-icon><span class="grow"><strong>${t('Task {n}', { n: String(session.task) })}</strong> <span class="muted">${t('in work')}</span></span><span class="muted small">${t('a draft')}</span></li>` : nothing}
        </ul>` : html`<p>${t('Everything is on the server.')}</p>`}
    </div>
    <div class="dialog-foot">
      <button class="button" type="button" ?disabled=${!count} title=${t('For emergencies: a file that the owner of the project can read')} @click=${save}><kite-icon name="download"></kite-icon>${t('Download as a file')}</button>
      <button class="button button-primary" type="button" ?disabled=${!count} @click=${now}>${t('Send now')}</button></div>
  </dialog>`
}

/** @param {number} at */
function ago(at) {
  const minutes = Math.round((Date.now() - at) / 60_000)
  const words = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' })
  return minutes < 60 ? words.format(-minutes, 'minute') : words.format(-Math.round(minutes / 60), 'hour')
}

/** Everything that waits, as it would be sent; of the task in hand what there is now. @param {{id: number, title: string}} project @param {import('../app/outbox.js').Outbox} outbox @param {import('../app/task-session.js').TaskSession | null} session */
async function download(project, outbox, session) {
  const waiting = [...outbox.refused, ...outbox.waiting].map(({ task, at, method, path, key, refused, ...item }) => ({ task, at: new Date(at).toISOString(), method, path, key, body: JSON.parse(textOf(item)), refused }))
  const draft = session?.unsynced ? await session.dump().then(({ result }) => ({ task: session.task, result: JSON.parse(result), lead_time: session.leadTime }), () => null) : null
  const text = JSON.stringify({ labelkite_waiting: 1, project: project.id, title: project.title, waiting, draft }, null, 1)
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  link.download = `labelkite-waiting-${project.id}.json`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
