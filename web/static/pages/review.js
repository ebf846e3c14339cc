/** The review page: a task that waits, everybody's answers, what differs, and one key per decision. */
import { html, nothing } from 'lit'
import { ApiError, api } from '../app/api.js'
import { PreviewSession } from '../app/preview-session.js'
import { navigate } from '../app/router.js'
import { annotateEngine } from '../app/runtime.js'
import { adopt } from '../elements/sheet.js'
import '../elements/surface.js'
import css from '../styles/review.css' with { type: 'text' }
import { answersTable, consensusSample, lineSample, styleOf } from './answers-view.js'
import { differences } from './differences.js'
import './kite-comments.js'
import { OwnerElement, arrive, attempt, failure, isTyping, mount, ofProject, problemList, topbar, waiting } from './page.js'
import { stateBadge } from './progress.js'
import { LEAVE } from './project-frame.js'
import { against, inWords } from './review-diff.js'
import { answerList, approvals, backDialog, decisionBar, differenceList, history, perControl, why } from './review-parts.js'
import { stage } from './review-stage.js'
import { counted, sentence } from './words.js'

/** @typedef {import('./review-parts.js').Review} Review */
/** @typedef {import('./review-parts.js').Answer} Answer */
/** @typedef {import('./review-parts.js').Picked} Picked */

adopt(css)

/** @type {never[]} */
const NOTHING = []
const KEYS = [
  { keys: '1,2,3', does: 'Pick that answer; once more: none' }, { keys: '0', does: 'Pick the proposed consensus' }, { keys: 'a', does: 'Accept the picked answer' }, { keys: 'm', does: 'Merge: accept the proposed consensus' },
  { keys: 'e', does: 'Correct: edit, starting with the picked answer' }, { keys: 'b', does: 'Send back with a comment' }, { keys: 'n', does: 'Next, without a decision' },
  { keys: 'v', does: 'Overlaid, or side by side' }, { keys: 'u', does: 'Take the last decision back' },
]

class ReviewPage extends OwnerElement {
  project = ''
  /** the task to begin with; empty: the first that waits */
  task = ''
  /** @type {Review | null} */ #review = null
  #state = 'loading' // or 'review', 'empty', 'failed'
  /** @type {unknown} */ #error = null
  /** what stood in the way of the last decision @type {unknown} */ #trouble = null
  #title = ''
  #waiting = 0
  /** @type {Picked} */ #picked = null
  /** key of the difference that alone is shown */ #only = ''
  /** @type {string[]} regions of the picked answer */ #selection = []
  #beside = false
  /** @type {PreviewSession | null} the reviewer's own answer, while it is drawn */ #editing = null
  #began = 0
  #busy = false
  /** tasks that were left without a decision @type {Set<number>} */ #passed = new Set()
  /** the task of the last decision, which may be taken back */ #decided = 0
  /** reads files behind an object's url; Python starts only for these @type {Promise<PreviewSession> | null} */ #reader = null
  /** what the surface gets; new only when something changed, because elements compare by identity @type {{on: string, view: any, layers: any[], blank: boolean} | null} */ #drawn = null

  connectedCallback() {
    super.connectedCallback()
    document.addEventListener('keydown', (event) => this.#key(event), { signal: this.signal })
    addEventListener('pagehide', () => this.#giveBack(), { signal: this.signal })
    addEventListener('beforeunload', (event) => { if (this.#editing?.view?.undo) event.preventDefault() }, { signal: this.signal })
    this.signal.addEventListener('abort', () => { this.#giveBack(); this.#editing?.close() })
    void this.#begin()
  }

  get #path() {
    return `/api/projects/${encodeURIComponent(this.project)}`
  }

  async #begin() {
    this.#state = 'loading'
    this.#error = null
    this.requestUpdate()
    void attempt(() => api.get(this.#path, { signal: this.signal })).then(({ value }) => {
      this.#title = value?.title ?? ''
      this.#waiting = value?.progress?.review ?? 0
      this.requestUpdate()
    })
    await this.#open(() => (this.task ? this.#get(Number(this.task)) : api.get(`${this.#path}/reviews/next?or_null=1`, { signal: this.signal })))
  }

  /** @param {number} task @returns {Promise<Review>} */
  async #get(task) {
    return ofProject(await api.get(`/api/tasks/${task}/review`, { signal: this.signal }), this.project)
  }

  /** @param {() => Promise<Review | null>} ask */
  async #open(ask) {
    const { value, error } = await attempt(ask)
    if (!this.isConnected) return
    this.#editing?.close()
    Object.assign(this, { task: '' })
    this.#editing = null
    this.#reader = null
    this.#review = value ?? null
    this.#error = error ?? null
    this.#trouble = null
    this.#only = ''
    this.#selection = []
    this.#drawn = null
    this.querySelector('form')?.reset() // what was written belongs to the task before
    this.#state = error ? 'failed' : value ? 'review' : 'empty'
    const answers = value?.annotations ?? []
    this.#picked = answers.length === 1 ? answers[0].id : null
    this.requestUpdate()
    await this.updateComplete
    arrive(this, value ? `Review task ${value.task.inner_id} · ${this.#title}` : `Review · ${this.#title}`)
  }

  #giveBack() {
    if (this.#review?.lease) api.delete(`/api/tasks/${this.#review.task.id}/lease`, { keepalive: true }).catch(() => {})
  }

  /** The next one without a decision about this one: what was passed over comes again when there is nothing else. */
  async #pass() {
    const { task } = /** @type {Review} */ (this.#review)
    this.#passed.add(task.id)
    await this.#following(task.id)
  }

  /** @param {number} [from] a task that was passed over, and is held no more */
  async #following(from) {
    this.#busy = true
    if (from) await attempt(() => api.delete(`/api/tasks/${from}/lease`))
    await this.#open(async () => {
      if (!this.#passed.size) return api.get(`${this.#path}/reviews/next?or_null=1`, { signal: this.signal })
      const { reviews, count } = await api.get(`${this.#path}/reviews`, { signal: this.signal })
      this.#waiting = count
      const free = /** @type {{task: number, held: boolean, own: boolean}[]} */ (reviews).filter((one) => !one.held && !one.own)
      const next = free.find((one) => !this.#passed.has(one.task)) ?? free.find((one) => one.task !== from) ?? free[0]
      if (!next) return null
      if (this.#passed.has(next.task)) this.#toast('You have seen everything that waits; it begins anew.')
      return this.#get(next.task)
    })
    this.#busy = false
    this.requestUpdate()
  }

  // ---- deciding ----

  /** The answer that is picked, as an annotation; null for the consensus and for none. */
  get #one() {
    return this.#review?.annotations.find((one) => one.id === this.#picked) ?? null
  }

  /** @param {Record<string, unknown>} decision @param {string} words for the toast: "Ana’s answer is accepted" */
  async #decide(decision, words) {
    const review = /** @type {Review} */ (this.#review)
    if (this.#busy) return
    this.#busy = true
    this.#trouble = null
    this.requestUpdate()
    const { value, error } = await attempt(() => api.post(`/api/tasks/${review.task.id}/review`, { ...decision, version: review.version }, { key: crypto.randomUUID() }))
    this.#busy = false
    if (error instanceof ApiError && error.problems[0]?.code === 'changed-meanwhile') {
      this.#toast(sentence(error.problems[0]))
      await this.#open(() => this.#get(review.task.id))
    } else if (error) {
      this.#trouble = error
      this.requestUpdate()
    } else {
      this.#decided = review.task.id
      this.#waiting = Math.max(0, this.#waiting - 1)
      const rest = value.verified || decision.action === 'send_back' ? '' : ` ${value.approved} of ${value.approvals} reviewers have approved it.`
      review.lease = undefined // the decision has ended it
      await this.#following()
      this.#toast(`${words}.${rest}`, { label: 'Undo (U)', run: () => void this.#undo() })
    }
  }

  #accept() {
    const review = /** @type {Review} */ (this.#review)
    if (this.#picked === 'consensus') return this.#merge()
    const one = this.#one
    if (!one) return this.#toast(review.annotations.length ? 'Pick the answer that is right first: press its number.' : 'There is no answer to accept.')
    void this.#decide({ action: 'accept', annotation: one.id }, `${one.person.name}’s answer is accepted`)
  }

  #merge() {
    if (!this.#review?.consensus?.view) return this.#toast('There is no consensus to take: no answer counts.')
    void this.#decide({ action: 'merge' }, 'The proposed consensus is accepted')
  }

  async #undo() {
    if (!this.#decided || this.#busy) return
    const task = this.#decided
    const { error } = await attempt(() => api.delete(`/api/tasks/${task}/review`))
    if (error instanceof ApiError) return this.#toast(sentence(error.problems[0]))
    this.#decided = 0
    this.#waiting += 1
    this.#giveBack()
    await this.#open(() => this.#get(task))
    this.#toast('The decision is taken back.')
  }

  #askBack() {
    const review = /** @type {Review} */ (this.#review)
    if (!this.#one && review.annotations.filter((one) => one.purpose === 'label').length) return this.#toast('Pick whose answer goes back first: press its number.')
    if (!this.#one || this.#one.purpose !== 'label') return this.#toast('Only what somebody labeled can be sent back.')
    const dialog = /** @type {HTMLDialogElement} */ (this.querySelector('#rv-back'))
    dialog.showModal()
    dialog.querySelector('textarea')?.focus()
  }

  /** @param {Event} event */
  #sendBack(event) {
    event.preventDefault()
    const one = this.#one
    const field = /** @type {HTMLTextAreaElement} */ (this.querySelector('#rv-back-text'))
    const comment = field.value.trim()
    if (!comment || !one) return field.focus()
    const [region = null] = this.#selection
    field.closest('dialog')?.close() // not the first dialog of the page: the task may have some of its own
    field.value = ''
    void this.#decide({ action: 'send_back', annotation: one.id, comment, ...(region ? { region } : {}) }, `Sent back to ${one.person.name}`)
  }

  // ---- correcting ----

  async #edit() {
    const { plan, task, consensus, annotations } = /** @type {Review} */ (this.#review)
    const begin = this.#one?.result ?? consensus?.result ?? annotations[0]?.result ?? []
    const session = new PreviewSession(annotateEngine())
    this.#editing = session
    this.#only = ''
    this.#began = Date.now()
    session.addEventListener('change', () => this.requestUpdate())
    this.requestUpdate()
    const { error } = await attempt(() => session.load(plan, task.data, { result: begin }))
    if (error && this.#editing === session) {
      this.#toast('The editor could not be opened. Try again.')
      this.#leaveEditor()
    }
  }

  #leaveEditor() {
    this.#editing?.close()
    this.#editing = null
    this.#trouble = null
    this.requestUpdate()
  }

  async #save() {
    const session = this.#editing
    if (!session?.view || this.#busy) return
    await session.dump()
    const problems = [...session.problems]
    this.querySelector('kite-surface')?.dispatchEvent(new CustomEvent('kite-halves', { detail: problems }))
    if (problems.some((/** @type {any} */ one) => one.severity !== 'warning')) {
      this.#trouble = new ApiError(400, /** @type {import('../app/api.js').Problem[]} */ (problems))
      return this.requestUpdate()
    }
    await this.#decide({ action: 'correct', result: session.result, config_version: this.#review?.config_version, lead_time: Math.round((Date.now() - this.#began) / 100) / 10 }, 'Your correction is the right answer now')
  }

  // ---- keys ----

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.defaultPrevented || document.querySelector('dialog[open]')) return
    if (this.#editing) {
      if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
        event.preventDefault()
        void this.#save()
      }
      return
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || this.#busy || isTyping(event.target)) return
    const key = event.key.toLowerCase()
    const act = this.#state === 'review' ? this.#acts(key) : key === 'u' && this.#state === 'empty' ? () => void this.#undo() : undefined
    if (!act) return
    event.preventDefault()
    act()
  }

  /** @param {string} key @returns {(() => void) | undefined} */
  #acts(key) {
    const one = /^[1-9]$/.test(key) ? this.#review?.annotations[Number(key) - 1] : undefined
    if (one) return () => this.#pick(this.#picked === one.id ? null : one.id)
    return {
      0: () => this.#review?.consensus?.view && this.#pick(this.#picked === 'consensus' ? null : 'consensus'),
      a: () => this.#accept(), m: () => this.#merge(), e: () => void this.#edit(), b: () => this.#askBack(), n: () => void this.#pass(), u: () => void this.#undo(),
      v: () => this.#look(!this.#beside),
      escape: () => (this.#selection.length ? this.#select([]) : this.#only ? this.#show('') : this.#picked !== null ? this.#pick(null) : navigate(`/projects/${this.project}`)),
    }[key]
  }

  /** @param {Picked} picked */
  #pick(picked) {
    this.#picked = picked
    this.#only = ''
    this.#select([])
  }

  /** @param {string[]} regions */
  #select(regions) {
    this.#selection = regions
    this.requestUpdate()
  }

  /** @param {string} key of a difference, empty for everything */
  #show(key) {
    this.#only = this.#only === key ? '' : key
    this.#beside = false
    this.requestUpdate()
  }

  /** @param {boolean} beside */
  #look(beside) {
    this.#beside = beside
    this.#only = ''
    this.requestUpdate()
  }

  /** @param {string} text @param {{label: string, run: () => void}} [action] */
  #toast(text, action) {
    const toasts = /** @type {import('../elements/kite-toast.js').KiteToast} */ (this.querySelector('kite-toast'))
    toasts.messages = toasts.messages.filter((one) => !one.action) // only the newest decision can be taken back here
    toasts.show({ text, kind: action ? 'good' : 'info', action })
  }

  /** What a surface says that only looks: which regions are selected. @param {CustomEvent} event */
  #looks({ detail }) {
    const view = this.#underneath()
    if (detail.type === 'select') this.#select(detail.add ? [...new Set([...this.#selection, ...detail.regions])] : detail.regions)
    else if (detail.type === 'select_next' && view) {
      const ids = Object.keys(view.regions)
      const at = ids.indexOf(this.#selection[0])
      if (ids.length) this.#select([ids[(at + (detail.back || detail.step < 0 ? ids.length - 1 : 1)) % ids.length]])
    }
  }

  // ---- what is drawn ----

  /** The view of what is picked. */
  #underneath() {
    return this.#picked === 'consensus' ? this.#review?.consensus?.view : this.#one?.view
  }

  #stage() {
    const on = JSON.stringify([this.#picked, this.#only, this.#selection])
    if (this.#drawn?.on !== on) {
      const only = this.#differences.find(({ key }) => key === this.#only)
      this.#drawn = { on, ...stage(/** @type {Review} */ (this.#review), this.#picked, only, this.#selection) }
    }
    return this.#drawn
  }

  get #differences() {
    return this.#review ? differences(this.#review) : []
  }

  /** How an answer differs from the others, in words. @param {Answer} one */
  #differs = (one) => {
    const { annotations, consensus } = /** @type {Review} */ (this.#review)
    return annotations.filter((other) => other !== one).map((other) => ({ name: other.person.name, words: inWords(against(consensus, one.id, other.id)) }))
      .filter(({ words }) => words).map(({ name, words }) => `Against ${name}: ${words}`).join('. ')
  }

  /** @param {string} object @param {string} text what the file holds */
  #content = async (object, text) => {
    this.#reader ??= this.#read()
    return (await this.#reader).content(object, text)
  }

  async #read() {
    const { plan, task } = /** @type {Review} */ (this.#review)
    const session = new PreviewSession(annotateEngine())
    this.signal.addEventListener('abort', () => session.close())
    await session.load(plan, task.data)
    return session
  }

  /** "Car 3" of an answer; empty where the region is gone. @param {number | null} annotation @param {string} id */
  #nameOf = (annotation, id) => {
    const region = this.#review?.annotations.find((one) => one.id === annotation)?.view.regions?.[id]
    return region ? `${region.labels.join(', ') || 'Region'} ${region.n}` : ''
  }

  render() {
    const crumbs = [{ href: '/projects', text: 'Projects' }, { href: `/projects/${this.project}`, text: this.#title || '…' }, { text: 'Review' }]
    return html`
      ${topbar(crumbs, this.#waiting ? html`<span class="muted number" role="status">${counted(this.#waiting, 'task waits', 'tasks wait')}</span>` : nothing)}
      <main class="rv">
        ${this.#state === 'loading' ? waiting('Looking for the first task to review …') : this.#state === 'failed' ? this.#failed() : this.#state === 'empty' ? this.#empty() : this.#page(/** @type {Review} */ (this.#review))}
      </main>
      <kite-toast></kite-toast>`
  }

  #failed() {
    const error = this.#error
    if (!(error instanceof ApiError && error.status === 403)) return html`<div class="page">${failure(error, { what: 'This review could not be loaded.', again: () => void this.#begin(), leave: this.#title ? { href: `/projects/${this.project}`, text: 'Back to the project' } : LEAVE })}</div>`
    const problem = error.problems[0]
    const own = problem?.code === 'own-work'
    return html`<div class="rv-empty"><h1 tabindex="-1">${own ? 'This is your own work' : 'You do not review this project'}</h1>
      <p class="muted">${problem ? sentence(problem) : ''}</p>
      ${own ? html`<button type="button" class="button" @click=${() => void this.#begin()}>Next review</button>` : nothing}
      <a class="button" href="/label/${this.project}">Label instead</a></div>`
  }

  #empty() {
    const others = this.#waiting
    return html`<div class="rv-empty"><h1 tabindex="-1">Nothing waits for ${others ? 'you' : 'review'}</h1>
      <p class="muted">${others ? `${counted(others, 'task waits', 'tasks wait')}, but you labeled ${others === 1 ? 'it' : 'them'} yourself, or another reviewer has ${others === 1 ? 'it' : 'them'} open.`
        : 'Tasks come here when people disagree, and of the others the share that the project’s settings say. What is sent back comes again once it is answered.'}</p>
      <div class="row"><button type="button" class="button" @click=${() => { this.#passed.clear(); void this.#begin() }}>Look again</button>
        ${this.#decided ? html`<button type="button" class="button" @click=${() => void this.#undo()}>Take the last decision back <kbd class="kbd">U</kbd></button>` : nothing}
        <a class="button" href="/projects/${this.project}">Back to the project</a></div></div>`
  }

  /** @param {Review} review */
  #page(review) {
    const { annotations, consensus, state, task } = review
    const editing = this.#editing
    const list = this.#differences
    return html`
      <div class="ow-task-head">
        <h1 tabindex="-1">Task ${task.inner_id}</h1>
        ${stateBadge(state)}
        <span class="rv-why">${why(review)}</span>${approvals(review)}${perControl(review)}
      </div>
      <div class="ow-task-grid">
        ${editing ? this.#editor(editing) : html`<div>
          <div class="rv-modes" role="group" aria-label="How the answers are shown">
            <button type="button" class="button button-small" aria-pressed=${!this.#beside} @click=${() => this.#look(false)}>Overlaid</button>
            <button type="button" class="button button-small" aria-pressed=${this.#beside} @click=${() => this.#look(true)}>Side by side</button> <kbd class="kbd">V</kbd>
            <span class="muted small grow clip">${this.#beside ? nothing : this.#legend()}</span></div>
          ${this.#beside ? this.#columns(review) : this.#over(review)}</div>`}
        <aside class="ow-task-side">
          ${answerList(review, this.#picked, (picked) => (editing ? undefined : this.#pick(picked)), this.#differs)}
          ${differenceList(list, this.#only, (key) => (editing ? undefined : this.#show(key)), annotations.length > 1)}
          <kite-comments .task=${task.id} .annotation=${this.#one?.id ?? null} .region=${this.#selection[0] ?? null} .nameOf=${this.#nameOf}
            @kite-comment-show=${(/** @type {CustomEvent} */ event) => this.#reveal(event.detail)}></kite-comments>
          ${history(review, () => { this.#decided = task.id; void this.#undo() })}
          ${consensus?.problems?.length ? html`<section class="stack stack-tight"><h2>Could not be read</h2>${problemList(consensus.problems)}</section>` : nothing}
        </aside>
        ${annotations.length && !editing ? answersTable(review) : nothing}
      </div>
      <div class="rv-bottom">${this.#trouble instanceof ApiError ? html`<div class="notice notice-problem" role="alert"><kite-icon name="problem"></kite-icon>
        <div class="grow stack stack-tight"><strong>This was not decided.</strong>${problemList(this.#trouble.problems)}</div></div>` : this.#trouble ? failure(this.#trouble, { what: 'This was not decided.' }) : nothing}${this.#foot(review)}</div>
      ${backDialog(this.#one, this.#one && this.#selection[0] ? this.#nameOf(this.#one.id, this.#selection[0]) : '', (event) => this.#sendBack(event))}`
  }

  #legend() {
    const one = this.#one
    if (this.#only) return 'Only this difference'
    if (this.#picked === 'consensus') return 'The proposed consensus, with everybody’s answers over it'
    if (one) return `${one.person.name}’s answer; drawn over it is what others have and it has not, or has under another label`
    return 'Everybody’s answers; thin and grey is what all agree on'
  }

  /** @param {Review} review */
  #over({ plan, display }) {
    const { view, layers, blank } = this.#stage()
    return html`<section class="ow-task-stage ${blank ? 'is-layers' : ''}" aria-label="Data with answers">
      <kite-surface .plan=${plan} .display=${display} .view=${view} .layers=${layers} .pending=${NOTHING} .problems=${NOTHING} .readonly=${true} .panel=${false} .extraKeys=${KEYS} .content=${this.#content}
        @kite-intent=${(/** @type {CustomEvent} */ event) => this.#looks(event)}></kite-surface></section>`
  }

  /** @param {Review} review */
  #columns({ plan, display, annotations, consensus }) {
    const columns = [
      ...annotations.map((one, i) => ({ picked: /** @type {Picked} */ (one.id), name: one.person.name, key: i < 9 ? String(i + 1) : '', view: one.view, sample: lineSample(styleOf(i)) })),
      ...(consensus?.view ? [{ picked: /** @type {Picked} */ ('consensus'), name: 'Proposed consensus', key: '0', view: consensus.view, sample: consensusSample }] : []),
    ]
    return html`<div class="rv-columns" role="group" aria-label="Answers side by side">${columns.map(({ picked, name, key, view, sample }) => html`<section class="rv-column ${picked === this.#picked ? 'is-picked' : ''}" aria-label=${name}>
      <button type="button" aria-pressed=${picked === this.#picked} @click=${() => this.#pick(picked === this.#picked ? null : picked)}>${sample}<span class="strong grow clip">${name}</span>${key ? html`<kbd class="kbd">${key}</kbd>` : nothing}</button>
      <div><kite-surface .plan=${plan} .display=${display} .view=${view} .layers=${NOTHING} .pending=${NOTHING} .problems=${NOTHING} .readonly=${true} .panel=${false} .keys=${false} .content=${this.#content}></kite-surface></div></section>`)}</div>`
  }

  /** @param {PreviewSession} session */
  #editor(session) {
    return html`<div><div class="rv-modes"><span class="badge badge-info">Correcting</span><span class="muted small">Your answer becomes the right one. ${this.#one ? `It begins with ${this.#one.person.name}’s.` : 'It begins with the proposed consensus.'}</span></div>
      <section class="ow-task-stage" aria-label="Your correction">${session.view ? html`<kite-surface .plan=${session.plan} .display=${this.#review?.display} .view=${session.view} .layers=${NOTHING} .pending=${session.pending} .problems=${this.#trouble ? session.problems : NOTHING} .readonly=${false} .content=${session.content}
        @kite-intent=${(/** @type {CustomEvent} */ event) => void session.send(event.detail)}></kite-surface>`
        : session.refused.length ? problemList(session.refused) : waiting('Python is loading for the editor …')}</section></div>`
  }

  /** @param {Review} review */
  #foot(review) {
    if (this.#editing) {
      return html`<footer class="rv-foot"><span class="grow"></span>
        <button type="button" class="button" ?disabled=${this.#busy} @click=${() => this.#leaveEditor()}>Do not correct</button>
        <button type="button" class="button button-primary" ?disabled=${this.#busy || !this.#editing.view} @click=${() => void this.#save()}>Save as the right answer <kbd class="kbd">Ctrl ↵</kbd></button></footer>`
    }
    const name = this.#picked === 'consensus' ? 'the consensus' : this.#one ? `${this.#one.person.name}’s answer` : ''
    return decisionBar(review, name, this.#busy, { accept: () => this.#accept(), merge: () => this.#merge(), edit: () => void this.#edit(), back: () => this.#askBack(), next: () => void this.#pass() })
  }

  /** Show what a comment is about. @param {{annotation: number | null, region: string}} about */
  async #reveal({ annotation, region }) {
    if (annotation === null) return
    this.#beside = false
    this.#pick(annotation)
    this.#select([region])
    await this.updateComplete
    const surface = /** @type {any} */ (this.querySelector('kite-surface'))
    surface?.focusRegion(region)
  }
}

customElements.define('kite-review-page', ReviewPage)

/** @param {HTMLElement} root @param {Record<string, string>} params @param {AbortSignal} signal */
export async function open(root, params, signal) {
  const page = new ReviewPage()
  page.project = params.id
  page.task = new URLSearchParams(location.search).get('task') ?? ''
  mount(root, page, signal)
}
