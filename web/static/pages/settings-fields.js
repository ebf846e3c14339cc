/**
 * The settings of a project in words: what each one does, what it usually is, and what a change means for work that is under way.
 * What may be set, and what is wrong with a value, the server says.
 */

/**
 * `name`: as the server has it, a group's member with a dot. `usual`: the default in words. `effect`: what saving a change does.
 * `when`: whether the field has a meaning, given the other values.
 * @typedef {{name: string, label: string, hint: string, usual: string, kind: 'check' | 'whole' | 'number' | 'choice' | 'text' | 'names' | 'people' | 'controls',
 *   options?: [string, string][], step?: number, most?: number, may?: string, empty?: string, effect?: string, when?: (value: (name: string) => unknown) => boolean}} Field
 * @typedef {{id: string, title: string, about: string, fields: Field[]}} Section
 */

const ANSWERS = 'Tasks that have answers are looked at again, and may change between “Agreed”, “Disagrees” and “In work”.'

/** @type {Section[]} */
export const SECTIONS = [
  {
    id: 'labeling', title: 'Labeling', about: 'Which tasks people get, and what they may do with them.',
    fields: [
      { name: 'is_paused', kind: 'check', label: 'Pause the project', hint: 'Nobody gets a new task. What people have in hand they can still finish.', usual: 'off', effect: 'From now on nobody gets a new task, until you switch this off.' },
      { name: 'maximum_annotations', kind: 'whole', label: 'People per task', hint: 'So many different people answer each task. From 2 on their answers are compared.', usual: '1', effect: `Tasks want that many answers from now on. ${ANSWERS}` },
      { name: 'queue.order', kind: 'choice', label: 'Order of the tasks', hint: 'Which of the waiting tasks comes next.', usual: 'in the order of import', effect: 'Tasks that wait are put in the new order; what people have in hand stays with them.',
        options: [['imported', 'In the order of import'], ['random', 'In random order'], ['priority', 'By priority, the highest first'], ['uncertainty', 'Least certain predictions first']] },
      { name: 'queue.assign', kind: 'choice', label: 'Who gets tasks', hint: 'A single task can be given to single people besides.', usual: 'everybody who may label', effect: 'Counts from the next task that somebody asks for; what people have in hand stays with them.',
        options: [['anyone', 'Everybody who may label'], ['people', 'Only the people ticked here'], ['groups', 'Only people of these groups'], ['field', 'Whom each task’s data names']] },
      { name: 'queue.people', kind: 'people', may: 'label', label: 'These people', hint: 'Nobody else gets a task.', usual: 'nobody ticked', empty: 'Nobody has joined yet.', when: (value) => value('queue.assign') === 'people' },
      { name: 'queue.groups', kind: 'names', label: 'These groups', hint: 'Names with commas between them. Who is in a group stands on each person’s page.', usual: 'none', when: (value) => value('queue.assign') === 'groups' },
      { name: 'queue.field', kind: 'text', label: 'Field of the data', hint: 'Its value is the name or id of a person, or the name of a group. Tasks where it is empty go to everybody.', usual: 'empty', when: (value) => value('queue.assign') === 'field' },
      { name: 'queue.lease_minutes', kind: 'whole', label: 'Minutes a task stays with one person', hint: 'Whoever has gone away longer loses the task to somebody else; their draft is kept.', usual: '30' },
      { name: 'queue.skip', kind: 'choice', label: 'When somebody skips a task', hint: 'What becomes of the task.', usual: 'somebody else gets it', effect: 'Counts for skips from now on; with “nobody gets it any more” tasks skipped before are dropped too.',
        options: [['others', 'Somebody else gets it'], ['again', 'It comes back to the same person, last'], ['drop', 'Nobody gets it any more'], ['refused', 'Skipping is not possible']] },
      { name: 'predictions.show', kind: 'choice', label: 'What predictions are for', hint: 'A suggestion counts for nothing until somebody accepts or corrects it.', usual: 'the answer starts with them', effect: 'Counts from the next task that somebody opens; drafts stay as they are.',
        options: [['start', 'The answer starts with them'], ['suggest', 'Suggestions to accept or reject'], ['hidden', 'People do not see them']] },
      { name: 'predictions.model', kind: 'text', label: 'Model version', hint: 'Whose predictions people see first. Empty, or where a task has none of it: the newest.', usual: 'empty', when: (value) => value('predictions.show') !== 'hidden' },
      { name: 'queue.show_others', kind: 'check', label: 'Show the others’ answers after submitting', hint: 'Without names. People who see answers stop being independent of each other.', usual: 'off' },
      { name: 'queue.auto_advance', kind: 'check', label: 'Go on by itself after a single choice', hint: 'Where a task asks for one choice or rating and nothing else, it is sent as soon as it is chosen, and can be taken back. People can switch it for themselves.', usual: 'off' },
    ],
  },
  {
    id: 'agreement', title: 'Agreement', about: 'From when on answers count as the same. Agreement goes from 0 (nothing in common) to 1 (equal).',
    fields: [
      { name: 'agreement_threshold', kind: 'number', step: 0.05, most: 1, label: 'Agreed from', hint: 'Tasks below this are marked “Disagrees”.', usual: '0.7', effect: ANSWERS },
      { name: 'consensus.thresholds', kind: 'controls', step: 0.05, most: 1, label: 'Agreed from, for single questions', hint: 'A task agrees only if each of these is reached too. Empty: only the line above counts.', usual: 'all empty', effect: ANSWERS },
      { name: 'consensus.weights', kind: 'controls', step: 0.5, label: 'Weight of each question', hint: '2 counts twice as much as 1 in the agreement of a task, 0 not at all. Empty: 1.', usual: 'all empty', effect: `The consensus of every task is made again. ${ANSWERS}` },
      { name: 'consensus.by_person', kind: 'check', label: 'Weigh people by their score', hint: 'Who does better on tasks with a known answer has more of a vote in the consensus.', usual: 'off', effect: 'The consensus of every task is made again.' },
    ],
  },
  {
    id: 'disagreement', title: 'Disagreement', about: 'What happens with a task whose answers differ too much.',
    fields: [
      { name: 'disagreement.ask', kind: 'whole', label: 'Ask up to so many more people', hint: 'One after the other, until the answers agree.', usual: '0, nobody more', effect: 'Tasks whose answers differ now go to more people, or no longer do.' },
      { name: 'disagreement.then', kind: 'choice', label: 'If they still differ', hint: 'After everybody has been asked.', usual: 'a reviewer decides', effect: 'Tasks whose answers differ now go to review, or leave it.', options: [['review', 'A reviewer decides'], ['keep', 'Leave the task as it is']] },
    ],
  },
  {
    id: 'review', title: 'Review', about: 'Who looks at answers and decides what is right.',
    fields: [
      { name: 'review.people', kind: 'people', may: 'review', label: 'Reviewers', hint: 'Nobody ticked: everybody whose role may review.', usual: 'nobody ticked', empty: 'Nobody may review yet. Make somebody a reviewer under People.' },
      { name: 'review.approvals', kind: 'whole', label: 'Reviewers who must agree', hint: 'A task is verified when so many have accepted the same answer.', usual: '1' },
      { name: 'review.share', kind: 'number', step: 0.05, most: 1, label: 'Share of agreed tasks to review', hint: 'Drawn at random, to see whether people who agree are right. 0.1 is one in ten.', usual: '0, none', effect: 'Agreed tasks are drawn anew: more, or fewer, wait for review.' },
    ],
  },
  {
    id: 'quality', title: 'Quality', about: 'Tasks whose answer you know show whose work can be trusted. They look like any other; nobody is told which they are.',
    fields: [
      { name: 'quality.gold_every', kind: 'whole', label: 'A known answer in every … tasks', hint: 'With 20, one of 20 tasks is one whose answer you know. It gives a score. 0: never.', usual: '0; 20 is a good start' },
      { name: 'quality.attention_every', kind: 'whole', label: 'An attention check in every … tasks', hint: 'Easy ones: passed or failed. 0: never.', usual: '0' },
      { name: 'quality.warm_up', kind: 'whole', label: 'Tasks of warm-up', hint: 'The first tasks of each person, with the right answer shown after each. 0: none.', usual: '0; 3 to 5 teach well' },
      { name: 'quality.repeat_every', kind: 'whole', label: 'A task of their own again in every … tasks', hint: 'Shows how much people agree with themselves. 0: never.', usual: '0' },
      { name: 'quality.repeat_after_days', kind: 'whole', label: 'Days until it may come again', hint: 'Long enough to have forgotten the first answer.', usual: '7', when: (value) => Number(value('quality.repeat_every')) > 0 },
      { name: 'quality.pause_under', kind: 'number', step: 0.05, most: 1, label: 'Pause people whose score is under', hint: 'Their mean on known answers and attention checks, 0 to 1. 0: nobody is paused.', usual: '0', effect: 'Looked at with the next known answer that somebody gives.' },
      { name: 'quality.pause_after', kind: 'whole', label: 'But not before … known answers', hint: 'A mean of few answers says little.', usual: '10', when: (value) => Number(value('quality.pause_under')) > 0 },
      { name: 'quality.then', kind: 'choice', label: 'The work of people who are paused', hint: 'You can change it for each person later.', usual: 'still counts', when: (value) => Number(value('quality.pause_under')) > 0,
        options: [['keep', 'Still counts'], ['discard', 'Does not count; nobody else is asked'], ['requeue', 'Does not count; others get the tasks']] },
    ],
  },
  {
    id: 'cost', title: 'Cost', about: 'What an hour of work costs, so that the report can say what an answer costs. Only owners and managers see it.',
    fields: [
      { name: 'cost.hourly_rate', kind: 'number', step: 0.5, label: 'For an hour of one person', hint: 'All in: what an hour of labeling costs you. 0: the report tells hours only.', usual: '0, not said' },
      { name: 'cost.currency', kind: 'text', label: 'Currency', hint: 'As it is shown behind amounts: EUR, $, ¥.', usual: 'empty' },
    ],
  },
]

/**
 * A member of a project by its name with a dot.
 * @param {any} project @param {string} name
 */
export const valueOf = (project, name) => name.split('.').reduce((at, part) => at?.[part], project)
