// The page behind a link: says what it is for, asks for a name, and gets everything ready in the meantime.
import { html, render } from 'lit'
import { ApiError, api } from '../app/api.js'
import { navigate } from '../app/router.js'
import { annotateEngine } from '../app/runtime.js'

/**
 * @param {HTMLElement} root
 * @param {Record<string, string>} _params
 * @param {AbortSignal} signal
 */
export async function open(root, _params, signal) {
  const invite = location.hash.slice(1)
  let problem = ''
  let busy = false
  /** @type {{project: {id: number, title: string, instructions?: string} | null, role: string, needs_name: boolean} | null} */
  let preview = null
  document.title = 'Labelkite'

  const fail = (/** @type {unknown} */ error) => {
    if (signal.aborted) return
    if (!(error instanceof ApiError)) throw error
    problem = error.message
    busy = false
    draw()
  }

  const join = async (/** @type {string} */ name) => {
    busy = true
    problem = ''
    draw()
    try {
      const { person, projects } = await api.post('/api/session', { invite, name }, { signal })
      const project = preview?.project ?? projects[0]
      // The instructions stood on this page: no need to open them again at once.
      if (project) localStorage.setItem(`labelkite-instructions-${project.id}-${person.id}`, 'shown')
      navigate(preview?.role === 'owner' || !project ? '/projects' : `/label/${project.id}`, { replace: true })
    } catch (error) {
      fail(error)
    }
  }

  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault()
    const name = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get('name') ?? '').trim()
    if (!name) {
      problem = 'Please type a name, so that the owner can tell whose work it is.'
      draw()
      root.querySelector('input')?.focus()
      return
    }
    void join(name)
  }

  const draw = () => {
    render(html`<main class="join">
      ${preview ? html`<form class="card join-card stack" novalidate @submit=${submit}>
            <p class="muted small join-brand">Labelkite</p>
            <h1>${preview.project?.title ?? 'Labeling'}</h1>
            ${preview.project?.instructions ? html`<div class="join-instructions">${preview.project.instructions}</div>`
              : html`<p class="muted">You have been asked to label some data. It opens right here in the browser; there is nothing to install, and your work is saved as you go.</p>`}
            <div class="field">
              <label for="join-name">Your name</label>
              <input class="input" id="join-name" name="name" autocomplete="name" maxlength="80" required ?disabled=${busy}
                aria-describedby="join-hint" aria-invalid=${problem ? 'true' : 'false'}>
              <span class="field-hint" id="join-hint">The owner of the project sees it beside your work.</span>
            </div>
            ${problem ? html`<div class="notice notice-problem" role="alert">${problem}</div>` : ''}
            <button class="button button-primary join-start" ?disabled=${busy}>${busy ? 'Opening …' : 'Start labeling'}</button>
          </form>`
        : html`<div class="card join-card stack">
            ${problem ? html`<h1>This link does not open</h1><div class="notice notice-problem" role="alert">${problem}</div>`
              : html`<p class="muted" role="status">Opening the link …</p>`}
          </div>`}
    </main>`, root)
  }

  if (!invite) {
    problem = 'The link is not complete: the part after # is missing. Copy the whole link and open it again.'
    draw()
    return
  }
  try {
    preview = await api.post('/api/invites/preview', { invite }, { signal })
  } catch (error) {
    fail(error)
    return
  }
  if (preview && (!preview.needs_name || preview.role === 'owner')) {
    await join(preview.needs_name ? 'Owner' : '')
    return
  }
  draw()
  document.title = `${preview?.project?.title ?? 'Labelkite'} · Labelkite`
  root.querySelector('input')?.focus()
  // While the name is being typed, the labeling page and Python load.
  void import('./label.js')
  void annotateEngine().ready.catch(() => {})
}
