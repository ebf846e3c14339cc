/** A project's data: what is there, and more of it. */
import { html, nothing } from 'lit'
import './data-import.js'
import { ProjectTab, may, openTab } from './project-frame.js'
import './snapshots.js'
import './sources.js'
import { counted } from './words.js'

class DataTab extends ProjectTab {
  /** @type {import('./project-frame.js').Tab} */ tab = 'data'

  body() {
    const project = this.shown
    if (!project) return nothing
    return html`
      <section class="stack ow-section" @kite-imported=${() => void this.refresh()}>
        <div>
          <h2>Add data</h2>
          <p class="muted">${project.progress.total ? `${counted(project.progress.total, 'task')} so far. New data is added to them; nothing is replaced.` : 'Nothing yet. What you add becomes tasks that people label.'}</p>
        </div>
        <kite-data-import .project=${project}></kite-data-import>
      </section>
      <section class="stack ow-section" @kite-imported=${() => void this.refresh()}>
        <div>
          <h2>Buckets and folders</h2>
          <p class="muted">Files that stay where they are. A sync takes in what has come since the one before.</p>
        </div>
        <kite-sources .project=${project}></kite-sources>
      </section>
      ${project.progress.total ? html`<section class="stack ow-section">
        <div>
          <h2>Snapshots</h2>
          <p class="muted">The tasks and answers as they are at a moment, under a name. Nothing changes a snapshot; exports and comparisons take it.</p>
        </div>
        <kite-snapshots .project=${project} ?manages=${may(project, 'manage')}></kite-snapshots>
      </section>` : nothing}`
  }
}

customElements.define('kite-project-data', DataTab)

/** @param {HTMLElement} root @param {Record<string, string>} params @param {AbortSignal} signal */
export async function open(root, params, signal) {
  openTab(root, new DataTab(), params, signal)
}
