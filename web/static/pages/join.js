// The page behind a link: says what it is for, asks for a name, and gets everything ready in the meantime.
import { html, render } from 'lit'
import { ApiError, api } from '../app/api.js'
import { LANGUAGES, chooseLanguage } from '../app/languages.js'
import { navigate } from '../app/router.js'
import { annotateEngine } from '../app/runtime.js'
import * as signIn from '../app/sign-in.js'
import { t, told } from '../app/texts.js'
import { forgetOpened } from '../app/opened.js'
import { forget } from '../elements/region-clipboard.js'
import { written } from '../elements/written.js'

/**
 * @param {HTMLElement} root
 * @param {Record<string, string>} _params
 * @param {AbortSignal} signal
 */
export async function open(root, _params, signal) {
  const kept = signIn.kept()
  const invite = location.hash.slice(1) || kept
  let problem = signIn.problem()
  /** @type {signIn.Provider[]} */ let providers = []
  let busy = false
  /** @type {{project: {id: number, title: string, instructions?: string} | null, role: string, may: string[], needs_name: boolean, bound_to?: string, needs?: 'sign-in' | 'email'} | null} */
  let preview = null
  document.title = 'Labelkite'

  const fail = (/** @type {unknown} */ error) => {
    if (signal.aborted) return
    if (!(error instanceof ApiError)) throw error
    problem = told(error.message)
    busy = false
    draw()
  }

  const join = async (/** @type {string} */ name, email = '') => {
    busy = true
    problem = ''
    draw()
    try {
      const { person, projects } = await api.post('/api/session', { invite, name, email }, { signal })
      forget()
      await forgetOpened()
      const project = preview?.project ?? projects[0]
      // The instructions stood on this page: no need to open them again at once.
      if (project) localStorage.setItem(`labelkite-instructions-${project.id}-${person.id}`, 'shown')
      const reads = preview?.may.includes('read')
      const whole = !project || (reads && !preview?.project)
      navigate(whole ? '/projects' : reads ? `/projects/${project.id}` : `/label/${project.id}`, { replace: true })
    } catch (error) {
      fail(error)
    }
  }

  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault()
    const typed = new FormData(/** @type {HTMLFormElement} */ (event.target))
    const name = String(typed.get('name') ?? '').trim()
    if (!name && preview?.needs_name) {
      problem = t('Please type a name, so that the owner can tell whose work it is.')
      draw()
      root.querySelector('input')?.focus()
      return
    }
    void join(name, String(typed.get('email') ?? ''))
  }

  const signInButtons = () => providers.map((provider) => html`<a class="button button-primary join-start" href=${signIn.address(provider, invite ? '/join' : '/')}
    @click=${() => {
      if (invite) signIn.keep(invite)
      forget()
      void forgetOpened()
    }}>${t('Sign in with {name}', { name: provider.name })}</a>`)

  const languages = () => html`<nav class="row join-languages" aria-label=${t('Language')}>${Object.entries(LANGUAGES).map(([name, { name: called }]) => html`<button type="button" class="button button-quiet button-small" lang=${name}
    aria-pressed=${name === document.documentElement.lang} @click=${() => chooseLanguage(name)}>${called}</button>`)}</nav>`

  const draw = () => {
    render(html`<main class="join">
      ${preview?.needs === 'sign-in' ? html`<div class="card join-card stack">
            <p class="muted small join-brand">Labelkite</p>
            <h1>${preview.project?.title ?? t('Labeling')}</h1>
            <p>${t('This link is for {address} only. Sign in with that address.', { address: preview.bound_to ?? '' })}</p>
            ${problem ? html`<div class="notice notice-problem" role="alert">${problem}</div>` : ''}
            ${signInButtons()}
          </div>`
        : preview ? html`<form class="card join-card stack" novalidate @submit=${submit}>
            <p class="muted small join-brand">Labelkite</p>
            <h1>${preview.project?.title ?? t('Labeling')}</h1>
            ${preview.project?.instructions ? html`<div class="join-instructions">${written(preview.project.instructions)}</div>`
              : !preview.project ? '' // who opens the owner's link is let in at once
              : preview.may.includes('read') ? html`<p class="muted">${t('You have been asked to look after this project. It opens right here in the browser; there is nothing to install.')}</p>`
              : html`<p class="muted">${t('You have been asked to label some data. It opens right here in the browser; there is nothing to install, and your work is saved as you go.')}</p>`}
            ${preview.needs === 'email' ? html`<div class="field">
              <label for="join-email">${t('Your mail address')}</label>
              <input class="input" id="join-email" name="email" type="email" autocomplete="email" maxlength="254" required ?disabled=${busy} aria-describedby="join-email-hint">
              <span class="field-hint" id="join-email-hint">${t('The link is for {address} only.', { address: preview.bound_to ?? '' })}</span>
            </div>` : ''}
            ${preview.needs_name ? html`<div class="field">
              <label for="join-name">${t('Your name')}</label>
              <input class="input" id="join-name" name="name" autocomplete="name" maxlength="80" required ?disabled=${busy}
                aria-describedby="join-hint" aria-invalid=${problem ? 'true' : 'false'}>
              <span class="field-hint" id="join-hint">${t('The owner of the project sees it beside your work.')}</span>
            </div>` : ''}
            ${problem ? html`<div class="notice notice-problem" role="alert">${problem}</div>` : ''}
            <button class="button button-primary join-start" ?disabled=${busy}>${busy ? t('Opening …') : preview.may.includes('read') ? t('Open the project') : t('Start labeling')}</button>
          </form>`
        : html`<div class="card join-card stack">
            ${problem ? html`<h1>${invite ? t('This link does not open') : signIn.problem() ? t('You are not signed in') : t('This link is not complete')}</h1>
              <div class="notice notice-problem" role="alert">${problem}</div>${signInButtons()}`
              : html`<p class="muted" role="status">${t('Opening the link …')}</p>`}
          </div>`}
      ${languages()}
    </main>`, root)
  }

  if (!invite) {
    problem ||= t('The part of the link after # is missing. Copy the whole link and open it again.')
    providers = await signIn.providers(signal)
    draw()
    return
  }
  try {
    preview = await api.post('/api/invites/preview', { invite }, { signal })
  } catch (error) {
    fail(error)
    return
  }
  if (preview?.needs === 'sign-in') {
    providers = await signIn.providers(signal)
    draw()
    return
  }
  if (preview && !preview.needs && (!preview.needs_name || (preview.role === 'owner' && !preview.project))) {
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
