/** Commands of the labeling page itself: what becomes of the task in hand. */

/** @typedef {import('../elements/commands.js').Command} Command */

/**
 * @param {{submit: () => void, skip: () => void, later: () => void, back: () => void, comments: () => void, instructions: () => void, mine: () => void, waiting: () => void,
 *   may: {skip: () => boolean, later: () => boolean, back: () => boolean, comments: () => boolean, instructions: () => boolean}}} acts may: whether it can be done now
 * @returns {Command[]}
 */
export const pageCommands = ({ may, ...acts }) => [
  { id: 'task.submit', does: 'Submit', keys: 'ctrl+enter', group: 'Page', typing: true, icon: 'check', run: acts.submit },
  { id: 'task.skip', does: 'Skip', keys: 'ctrl+space,alt+enter', group: 'Page', typing: true, fits: may.skip, run: acts.skip }, // where it is not allowed its key says so
  { id: 'task.later', does: 'Later: it comes back after the others', keys: 'ctrl+shift+space,alt+shift+enter', group: 'Page', typing: true, when: may.later, run: acts.later },
  { id: 'task.back', does: 'Open the task you finished last', keys: '', group: 'Page', when: may.back, run: acts.back },
  { id: 'task.comments', does: 'Comments', keys: 'alt+c', group: 'Page', typing: true, looks: true, icon: 'comment', when: may.comments, run: acts.comments },
  { id: 'task.instructions', does: 'Instructions', keys: 'alt+i', group: 'Page', typing: true, looks: true, icon: 'info', fits: may.instructions, when: may.instructions, run: acts.instructions },
  { id: 'task.mine', does: 'Your finished tasks', keys: '', group: 'Page', looks: true, run: acts.mine },
  { id: 'task.waiting', does: 'What is not on the server yet', keys: '', group: 'Page', looks: true, icon: 'save', run: acts.waiting },
]
