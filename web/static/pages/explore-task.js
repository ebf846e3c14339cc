/** One task over the table of tasks: the task's own page in a dialog, with the rows that were found before and after it. */
import { arrive } from './page.js'
import { open } from './task.js'

/** @typedef {import('./explore-index.js').Row} Row */

/**
 * @param {string} project @param {Row} row @param {(step: number) => Promise<Row | undefined>} move to the next row that was found, or the one before
 * @param {AbortSignal} signal the page's, which closes it
 * @returns {Promise<void>} when it is closed
 */
export function openTask(project, row, move, signal) {
  const title = document.title
  const dialog = document.createElement('dialog')
  dialog.className = 'dialog ex-task'
  const head = document.createElement('div')
  head.className = 'dialog-head'
  const heading = document.createElement('h2')
  const root = document.createElement('div')
  root.className = 'dialog-body ex-task-body'
  const gone = new AbortController()
  let shown = new AbortController()
  let at = row
  /** @param {string} text @param {() => void} work */
  const button = (text, work) => {
    const made = document.createElement('button')
    made.type = 'button'
    made.className = 'button button-small'
    made.textContent = text
    made.addEventListener('click', work)
    return made
  }
  const tab = document.createElement('a')
  tab.className = 'button button-small'
  tab.target = '_blank'
  tab.textContent = 'Open in a tab'
  const show = () => {
    shown.abort()
    shown = new AbortController()
    heading.textContent = `Task ${at.inner}`
    dialog.setAttribute('aria-label', `Task ${at.inner}`)
    tab.href = `/projects/${project}/tasks/${at.id}`
    open(root, { id: project, task: String(at.id) }, shown.signal)
  }
  /** @param {number} step */
  const go = async (step) => {
    const next = await move(step)
    if (!next || next.id === at.id || gone.signal.aborted) return
    at = next
    show()
  }
  // The task's own page hears these keys too, and would leave the table.
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Escape') dialog.close()
    else if (event.key === 'j') void go(1)
    else if (event.key === 'k') void go(-1)
    else return
    event.preventDefault()
    event.stopPropagation()
  }, { capture: true, signal: gone.signal })
  const actions = document.createElement('span')
  actions.className = 'row'
  actions.append(button('Previous (K)', () => void go(-1)), button('Next (J)', () => void go(1)), tab, button('Close', () => dialog.close()))
  head.append(heading, actions)
  dialog.append(head, root)
  document.body.append(dialog)
  show()
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      shown.abort()
      gone.abort()
      dialog.remove()
      arrive(document.body, title.replace(/ · Labelkite$/, ''))
      resolve()
    }, { once: true })
    signal.addEventListener('abort', () => dialog.close(), { once: true, signal: gone.signal })
  })
}
