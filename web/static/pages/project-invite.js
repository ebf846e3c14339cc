/** A link for people with all that can be said about it: role, days, how many may come by it, for which address. */
import { html } from 'lit'
import { api } from '../app/api.js'
import { ask } from './ask.js'
import { ROLES, ROLE_MEANS } from './numbers.js'
import { attempt } from './page.js'
import { may } from './project-frame.js'

/**
 * Ask, make the link, show it: it is shown only this once.
 * @param {import('./project-frame.js').Project} project @param {AbortSignal} signal @returns {Promise<boolean>} whether one was made
 */
export async function makeLink(project, signal) {
  const roles = Object.keys(ROLE_MEANS).filter((role) => !['owner', 'manager'].includes(role) || may(project, 'own'))
  let url = ''
  const made = await ask({
    title: 'Make a link', yes: 'Make link', failed: 'There is no link yet.', signal,
    body: html`
      <div class="field"><label for="inv-role">Whoever opens it becomes</label>
        <select id="inv-role" name="role" class="select">${roles.map((role) => html`<option value=${role}>${ROLES[role]}: ${ROLE_MEANS[role]}</option>`)}</select></div>
      <div class="pj-two">
        <div class="field"><label for="inv-days">Works for … days</label><input id="inv-days" name="days" class="input number" type="number" min="1" max="365" step="1" required value="30"></div>
        <div class="field"><label for="inv-uses">People who may join by it</label><input id="inv-uses" name="max_uses" class="input number" type="number" min="1" max="10000" step="1" placeholder="any number" aria-describedby="inv-uses-hint">
          <span id="inv-uses-hint" class="field-hint">Empty: any number.</span></div>
      </div>
      <div class="field"><label for="inv-email">Only for this mail address</label><input id="inv-email" name="email" class="input" type="email" autocomplete="off" aria-describedby="inv-email-hint">
        <span id="inv-email-hint" class="field-hint">Empty: for whoever has the link. Labelkite sends no mail; you send the link.</span></div>`,
    work: async (said) => {
      const [uses, email] = [String(said.get('max_uses')).trim(), String(said.get('email')).trim()]
      const answer = await api.post(`/api/projects/${project.id}/invites`, {
        role: said.get('role'), days: Number(said.get('days')), ...(uses ? { max_uses: Number(uses) } : {}), ...(email ? { email } : {}),
      })
      url = new URL(answer.url, location.origin).href
    },
  })
  if (!made || signal.aborted) return made
  const { error: forbidden } = await attempt(() => navigator.clipboard.writeText(url))
  await ask({
    title: 'The link', yes: 'Done', no: '', failed: '', signal, work: async () => {},
    body: html`<div class="field"><label for="inv-url">Link</label>
        <input id="inv-url" class="input input-mono" readonly autofocus .value=${url} @focus=${(/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.target).select()}></div>
      <p role="status">${forbidden ? 'The browser does not let this page copy: select the link and copy it.' : 'Copied. Paste it into a message.'}</p>
      <p class="muted small">It is shown only now. You can make another at any time.</p>`,
  })
  return true
}
