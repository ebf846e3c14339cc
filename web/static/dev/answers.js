/** Hand-made plans of the controls that are answered: ?case=answers|tree|pair|rank|buckets|relations. States to look at, not an engine. */

const EMPTY = { regions: {}, answers: {}, selection: [], active: {}, tools: {}, hidden: [], region_controls: [], counts: {}, full: {}, undo: false, redo: false, changed: true, problems: [] }
const TEXT = 'The ferry left Oslo at nine. Ada Lovelace met Charles Babbage on board, and they spoke of engines until Copenhagen.'

/** @param {string[]} names @param {Record<string, any>[]} [more] */
const options = (names, more = []) => names.map((name, at) => ({ value: name, stored: name, text: name, ...more[at] }))

/** @param {string} type @param {string} name @param {Record<string, any>} [more] @returns {any} */
const control = (type, name, more = {}) => ({ name, tag: type[0].toUpperCase() + type.slice(1), type, to: ['t'], ...more })

/** @param {any[]} controls @param {any[]} objects @param {Record<string, any>} shown of the Display @param {Record<string, any>} view @param {Record<string, string>} titles @param {any[]} [tree] @param {Record<string, any>} [more] of the plan */
function state(controls, objects, shown, view, titles, tree, more = {}) {
  const nodes = tree ?? [...objects.map((object) => ({ node: 'object', name: object.name })), ...controls.flatMap((one) => [{ node: 'header', title: one.name, size: 4 }, { node: 'control', name: one.name }])]
  const keyed = nodes.map((node, at) => ({ key: `n${at + 1}`, ...node }))
  const texts = Object.fromEntries([...keyed.flatMap((node) => (node.node === 'header' ? [[node.key, titles[node.title] ?? node.title]] : [])), ...Object.entries(titles).map(([name, title]) => [`${name}/title`, title])])
  const plan = { plan: 1, config_sha256: '', requires: [], fields: [], tree: { node: 'view', key: 'n0', children: keyed }, objects, controls, hotkeys: [], sample: { data: {} }, ...more }
  return { plan, display: { objects: shown, texts, options: Object.fromEntries(controls.map((one) => [one.name, one.options ?? []])), relations: more.relations?.options }, view: { ...EMPTY, ...view } }
}

const TOPICS = [
  { ...options(['Travel'])[0], children: options(['Sea', 'Air', 'Land']) },
  { ...options(['Science'])[0], children: [{ ...options(['Computing'])[0], children: options(['Engines', 'Programs']) }, ...options(['Physics'])] },
  ...options(['Other']),
]

/** @param {number} count @returns {any[]} */
const forest = (count) => Array.from({ length: Math.ceil(count / 101) }, (_, at) => ({ ...options([`Family ${at + 1}`])[0], color: at % 3 ? '' : '#0072b2', children: options(Array.from({ length: 100 }, (_, leaf) => `Species ${at + 1}.${leaf + 1}`)) }))

const ITEMS = [
  { id: 'a', title: 'A walk by the harbour', body: 'Two hours along the water, past the fish market and the old customs house.' },
  { id: 'b', title: 'The museum of ships', body: 'Three ships a thousand years old, and the story of how they were found.' },
  { id: 'c', title: 'Tea with a view', html: 'From the <b>hill</b> one sees the fjord and all its islands.' },
  { id: 'd', title: 'A concert', body: 'Chamber music in the town hall.' },
]

/** @type {Record<string, (ask: URLSearchParams) => any>} */
export const ANSWERS = {
  answers: () => state([
    control('choices', 'kind', { choice: 'multiple', layout: 'select', options: options(['News', 'Story', 'Letter', 'Report', 'Diary']) }),
    control('choices', 'topics', { choice: 'multiple', layout: 'vertical', allow_nested: true, options: TOPICS }),
    control('taxonomy', 'tree', { options: TOPICS, max_usages: 3, placeholder: 'Pick topics', show_full_path: true }),
    control('number', 'people', { min: 0, max: 10, step: 1, default_value: 2 }),
    control('number', 'sure', { min: 0, max: 100, slider: true }),
    control('number', 'tone', { min: -5, max: 5, slider: true }),
    control('datetime', 'when', { format: '%d.%m.%Y %H:%M' }),
    control('datetime', 'month', { only: ['month', 'year'], min: '1990', max: '2030' }),
    control('textarea', 'notes', { rows: 2, editable: true, shortcuts: [{ value: 'I agree.', text: 'Agree', hotkey: 'alt+a', color: '#009e73' }, { value: 'I do not know.', text: 'Unsure', color: '#d55e00' }] }),
    control('rating', 'stars', { max_rating: 5 }),
  ], [{ name: 't', type: 'text' }], { t: { text: TEXT } }, {
    answers: { kind: { choices: ['News', 'Letter'] }, topics: { choices: [['Science', 'Computing']] }, tree: { taxonomy: [['Travel', 'Sea'], ['Science', 'Computing', 'Engines']] }, tone: { number: 2 }, when: { datetime: '01.05.2024 09:30', iso: '2024-05-01T09:30' }, notes: { text: ['First thought'], typing: '' } },
  }, { kind: 'Kind of text', topics: 'Topics', tree: 'Topics, as a tree', people: 'People', sure: 'How sure', tone: 'Tone', when: 'When', month: 'Month', notes: 'Notes', stars: 'Stars' }),
  tree: (ask) => state([control('taxonomy', 'tree', { options: forest(Number(ask.get('count') ?? 10_000)), leafs_only: ask.has('leafs') })], [{ name: 't', type: 'text' }], { t: { text: TEXT } }, {}, { tree: 'Species' }),
  many: (ask) => state([control('choices', 'street', { choice: ask.get('choice') ?? 'single', options: options(Array.from({ length: Number(ask.get('count') ?? 10_000) }, (_, at) => `Street ${at + 1} of ${at % 97}`)) })], [{ name: 't', type: 'text' }], { t: { text: TEXT } }, {}, { street: 'Which street?' }),
  kinds: () => state([
    control('choices', 'mood', { required: true, options: options(['Calm', 'Sad', 'Glad'], [{ hotkey: '1', hint: 'No strong feeling' }, { hotkey: '2' }, { hotkey: '3', html: '<b>Glad</b> and <i>more</i>' }]) }),
    control('choices', 'inline', { choice: 'multiple', layout: 'inline', options: options(['One', 'Two', 'Three', 'Four']) }),
    control('choices', 'drop', { layout: 'select', options: options(['Calm', 'Sad']) }),
    control('rating', 'hearts', { max_rating: 7, icon: 'heart', hotkey: 'r' }),
    control('number', 'far', { min: 0, max: 10, slider: true, default_value: 3 }),
    control('datetime', 'day', { only: ['date'], min: '2024-01-01', max: '2024-12-31' }),
    control('textarea', 'wrong', { rows: 3 }),
    control('taxonomy', 'one', { options: TOPICS, leafs_only: true }),
  ], [{ name: 't', type: 'text' }], { t: { text: TEXT } }, { answers: { mood: { choices: ['Sad'] }, hearts: { rating: 3 } }, problems: [{ code: 'number', message: 'At most 5.', control: 'far' }, { code: 'rule', message: 'A sentence ends with a full stop.', control: 'wrong' }] },
  { mood: 'Mood', inline: 'Some', drop: 'Tone', hearts: 'Hearts', far: 'How far', day: 'Day', wrong: 'Say it', one: 'Topic' }),
  pair: (ask) => state([control('pairwise', 'better', { to: ['a', 'b'] })], [{ name: 'a', type: 'text' }, { name: 'b', type: 'text' }], { a: { text: 'Ferries are slow, and that is their charm: a day at sea is a day without hurry.' }, b: { text: 'Ferries take long.' } }, ask.has('chosen') ? { answers: { better: { selected: 'left' } } } : {}, { better: 'Which answer is better?' },
    [{ node: 'header', title: 'better', size: 3 }, { node: 'control', name: 'better' }, { node: 'object', name: 'a' }, { node: 'object', name: 'b' }]),
  rank: () => state([control('ranker', 'order', { to: ['l'] })], [{ name: 'l', type: 'list', title: 'What to do in Oslo' }], { l: { items: ITEMS } }, {}, { order: 'Best first' }),
  buckets: () => state([control('ranker', 'order', { to: ['l'], buckets: [{ name: 'good', title: 'Worth it' }, { name: 'bad', title: 'Skip it' }] })], [{ name: 'l', type: 'list', title: 'What to do in Oslo' }], { l: { items: ITEMS } }, { answers: { order: { ranker: { good: ['b'], bad: [], _: ['a', 'c', 'd'] } } } }, { order: 'Sort them' }),
  relations: () => state([
    control('labels', 'ner', { tag: 'Labels', choice: 'single', options: options(['Person', 'Place'], [{ color: '#e69f00', hotkey: '1' }, { color: '#56b4e9', hotkey: '2' }]) }),
    control('textarea', 'said', { per_region: true, display_mode: 'region-list' }), control('rating', 'sure', { per_region: true }),
  ], [{ name: 't', type: 'text' }], { t: { text: TEXT } }, {
    regions: Object.fromEntries([['r1', 15, 19, 'Place', '#56b4e9'], ['r2', 29, 41, 'Person', '#e69f00'], ['r3', 46, 61, 'Person', '#e69f00']].map(([id, from, to, label, color], at) =>
      [id, { id, n: at + 1, object: 't', control: 'ner', kind: 'span', shape: { start: from, end: to, start16: from, end16: to }, labels: [label], color, text: TEXT.slice(Number(from), Number(to)), answers: id === 'r3' ? { said: { text: ['of engines'] } } : {} }])),
    relations: [{ from: 'r2', to: 'r3', direction: 'bi', labels: ['knows'] }, { from: 'r2', to: 'r1', direction: 'right', labels: [] }], selection: ['r2'], region_controls: ['said', 'sure'], active: { ner: [] }, counts: { ner: {} }, full: { ner: [] }, tools: { t: { tool: 'select' } },
  }, { said: 'Said', sure: 'How sure' }, [{ node: 'control', name: 'ner' }, { node: 'object', name: 't' }, { node: 'control', name: 'said' }, { node: 'control', name: 'sure' }],
  { relations: { choice: 'multiple', options: options(['knows', 'comes from', 'works with'], [{ color: '#009e73' }, { color: '#0072b2' }, {}]) } }),
}
