/** What can be done with the selected tasks, and saving a view. Each asks first, and gives what to say of it; null where nothing was done. */
import { html } from 'lit'
import { ApiError, api } from '../app/api.js'
import { ask, peopleChecks } from './ask.js'
import { attempt } from './page.js'
import { counted } from './words.js'

/** @typedef {{text: string}} Done */

const AT_ONCE = 6
/** So many refusals have a reason in common: the rest is not tried. */
const MOST_REFUSED = 20

/**
 * Work on many tasks, a few at a time. What was not done is tried again when it is called again; a task that is gone meanwhile is done.
 * @param {number[]} ids @param {(id: number, said: FormData) => Promise<unknown>} work @returns {(said: FormData) => Promise<void>}
 */
function forEach(ids, work) {
  const left = new Set(ids)
  return async (said) => {
    /** @type {unknown[]} */
    const refused = []
    const waiting = [...left]
    const next = async () => {
      for (let id = waiting.shift(); id !== undefined && refused.length < MOST_REFUSED; id = waiting.shift()) {
        const { error } = await attempt(() => work(/** @type {number} */ (id), said))
        if (!error || (error instanceof ApiError && error.status === 404)) left.delete(id)
        else refused.push(error)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, next))
    if (refused.length) throw refused[0]
  }
}

/**
 * @param {string} path @param {{query: unknown, order: string[], shape: string}} view @param {AbortSignal} signal
 * @returns {Promise<number>} its id, 0: not saved
 */
export async function saveView(path, view, signal) {
  let id = 0
  await ask({
    title: 'Save this view', yes: 'Save', failed: 'The view was not saved.', signal,
    body: html`<label class="field"><span class="field-label">Name</span><input class="input" name="name" required maxlength="100" autocomplete="off"></label>
      <label class="check"><input type="checkbox" name="shared"><span>Others who manage the project see it too</span></label>`,
    work: async (said) => {
      const made = await api.post(`${path}/views`, { ...view, name: String(said.get('name')), shared: said.get('shared') === 'on' })
      id = made.id
    },
  })
  return id
}

/**
 * @typedef {(tasks: number[], change: Record<string, unknown>, words: {doing: string, done: string}) => Promise<void>} Begin begins the change as a job that can be undone
 */

/** @param {number[]} tasks @param {Record<string, string>} people @param {AbortSignal} signal @param {Begin} begin @returns {Promise<boolean>} */
export async function assign(tasks, people, signal, begin) {
  const listed = Object.entries(people).map(([id, name]) => ({ id: Number(id), name }))
  return ask({
    title: `Assign ${counted(tasks.length, 'task')}`, yes: 'Assign', failed: 'The tasks were not assigned.', signal,
    body: peopleChecks({ name: 'people', legend: 'Only these get them', people: listed, hint: 'Nobody ticked: whoever the settings of the project let.' }),
    work: async (said) => {
      const chosen = said.getAll('people').map(Number)
      const names = chosen.map((id) => people[id]).join(', ')
      await begin(tasks, { people: chosen }, names ? { doing: `Assigning to ${names}`, done: `assigned to ${names}` } : { doing: 'Giving to everybody', done: 'free for everybody' })
    },
  })
}

/** @param {number[]} tasks @param {Record<string, string>} _ @param {AbortSignal} signal @param {Begin} begin @returns {Promise<boolean>} */
export async function priority(tasks, _, signal, begin) {
  return ask({
    title: `Priority of ${counted(tasks.length, 'task')}`, yes: 'Set', failed: 'The priority was not set.', signal,
    body: html`<label class="field"><span class="field-label">Priority</span><input class="input ow-short" name="priority" type="number" step="any" required value="1">
      <span class="field-hint">Higher comes earlier, in projects with the order “priority”.</span></label>`,
    work: (said) => {
      const value = Number(said.get('priority'))
      return begin(tasks, { priority: value }, { doing: `Setting priority ${value}`, done: `got priority ${value}` })
    },
  })
}

/** @param {number[]} tasks @param {AbortSignal} signal @returns {Promise<Done | null>} */
export async function remove(tasks, signal) {
  const done = await ask({
    title: `Delete ${counted(tasks.length, 'task')}`, yes: 'Delete', failed: 'Some tasks are still there.', danger: true, signal,
    body: html`<p>They are gone with their answers, drafts and predictions. <strong>This cannot be undone.</strong></p>`,
    work: forEach(tasks, (id) => api.delete(`/api/tasks/${id}`)),
  })
  return done ? { text: `${counted(tasks.length, 'task')} deleted` } : null
}
