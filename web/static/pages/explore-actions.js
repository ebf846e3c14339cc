/** What can be done with the selected tasks, and saving a view. Each asks first, and gives what to say of it; null where nothing was done. */
import { html } from 'lit'
import { api } from '../app/api.js'
import { ask, peopleChecks } from './ask.js'
import { counted } from './words.js'

/** @typedef {{text: string, undo?: () => Promise<unknown>}} Done */

const AT_ONCE = 6

/** @param {number[]} ids @param {(id: number) => Promise<unknown>} work */
async function each(ids, work) {
  const left = [...ids]
  const next = async () => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) await work(id)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, next))
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

/** @param {string} path @param {number[]} tasks @param {Record<string, string>} people @param {AbortSignal} signal @returns {Promise<Done | null>} */
export async function assign(path, tasks, people, signal) {
  const listed = Object.entries(people).map(([id, name]) => ({ id: Number(id), name }))
  let names = ''
  const done = await ask({
    title: `Assign ${counted(tasks.length, 'task')}`, yes: 'Assign', failed: 'The tasks were not assigned.', signal,
    body: peopleChecks({ name: 'people', legend: 'Only these get them', people: listed, hint: 'Nobody ticked: whoever the settings of the project let.' }),
    work: async (said) => {
      const chosen = said.getAll('people').map(Number)
      names = chosen.map((id) => people[id]).join(', ')
      await api.post(`${path}/assign`, { tasks, people: chosen })
    },
  })
  if (!done) return null
  const text = names ? `${counted(tasks.length, 'task')} assigned to ${names}` : `${counted(tasks.length, 'task')} free for everybody`
  return names ? { text, undo: () => api.post(`${path}/assign`, { tasks, people: [] }) } : { text }
}

/** @param {string} path @param {number[]} tasks @param {Record<string, string>} _ @param {AbortSignal} signal @returns {Promise<Done | null>} */
export async function priority(path, tasks, _, signal) {
  const done = await ask({
    title: `Priority of ${counted(tasks.length, 'task')}`, yes: 'Set', failed: 'Some tasks kept their priority.', signal,
    body: html`<label class="field"><span class="field-label">Priority</span><input class="input ow-short" name="priority" type="number" step="any" required value="1">
      <span class="field-hint">Higher comes earlier, in projects with the order “priority”.</span></label>`,
    work: (said) => each(tasks, (id) => api.put(`/api/tasks/${id}/priority`, { priority: Number(said.get('priority')) })),
  })
  if (!done) return null
  return { text: `Priority set for ${counted(tasks.length, 'task')}`, undo: () => each(tasks, (id) => api.put(`/api/tasks/${id}/priority`, { priority: null })) }
}

/** @param {string} path @param {number[]} tasks @param {Record<string, string>} _ @param {AbortSignal} signal @returns {Promise<Done | null>} */
export async function remove(path, tasks, _, signal) {
  const done = await ask({
    title: `Delete ${counted(tasks.length, 'task')}`, yes: 'Delete', failed: 'Some tasks are still there.', danger: true, signal,
    body: html`<p>They are gone with their answers, drafts and predictions. <strong>This cannot be undone.</strong></p>`,
    work: () => each(tasks, (id) => api.delete(`/api/tasks/${id}`)),
  })
  return done ? { text: `${counted(tasks.length, 'task')} deleted` } : null
}
