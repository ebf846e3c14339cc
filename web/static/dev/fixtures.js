/** Hand-made plans, displays and views of the labeling surface: states to look at, not an engine. */

const COLORS = ['#e69f00', '#56b4e9', '#009e73', '#f0e442', '#0072b2', '#d55e00', '#cc79a7', '#a6761d']
const KEYS = '1234567890qwetasdfgzxcvbyiopjklnm'

/** @param {string[]} values @param {number} [firstKey] @returns {import('../elements/types.js').Option[]} */
const options = (values, firstKey = 0) =>
  values.map((value, at) => ({ value, stored: value, text: value, color: COLORS[at % COLORS.length], hotkey: KEYS[firstKey + at] }))

/** @param {string} name @param {string} to @param {string[]} values @param {number} [firstKey] */
const choices = (name, to, values, firstKey = 0, more = {}) => ({ name, tag: 'Choices', type: 'choices', to: [to], choice: 'single', layout: 'vertical', options: options(values, firstKey), ...more })

const EMPTY = { answers: {}, selection: [], hidden: [], region_controls: [], full: {}, undo: true, redo: false, changed: true, problems: [] }

/** A drawn street, so that the page needs no file. @param {number} width @param {number} height */
export function street(width = 1600, height = 1000) {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'))
  const sky = ctx.createLinearGradient(0, 0, 0, height * 0.6)
  sky.addColorStop(0, '#6fa3cf')
  sky.addColorStop(1, '#e8e2d2')
  ctx.fillStyle = sky
  ctx.fillRect(0, 0, width, height)
  const random = seeded(7)
  for (let x = -40; x < width; x += 150) {
    const tall = height * (0.25 + random() * 0.3)
    ctx.fillStyle = `hsl(${20 + random() * 25} ${15 + random() * 20}% ${35 + random() * 25}%)`
    ctx.fillRect(x, height * 0.68 - tall, 160, tall)
    ctx.fillStyle = 'rgba(30, 40, 60, 0.55)'
    for (let wy = height * 0.68 - tall + 20; wy < height * 0.64; wy += 46) for (let wx = x + 16; wx < x + 140; wx += 36) ctx.fillRect(wx, wy, 20, 28)
  }
  ctx.fillStyle = '#55585c'
  ctx.fillRect(0, height * 0.68, width, height)
  ctx.fillStyle = '#d9d4c3'
  for (let x = 40; x < width; x += 240) ctx.fillRect(x, height * 0.83, 120, 10)
  for (const [x, y, w, color] of /** @type {[number, number, number, string][]} */ ([[180, 640, 320, '#b23a35'], [700, 690, 380, '#2f5d8a'], [1250, 650, 260, '#d8d8d2']])) {
    ctx.fillStyle = color
    ctx.beginPath()
    ctx.roundRect(x, y + w * 0.12, w, w * 0.22, 18)
    ctx.roundRect(x + w * 0.2, y, w * 0.5, w * 0.18, 22)
    ctx.fill()
    ctx.fillStyle = '#16181a'
    for (const at of [0.22, 0.78]) { ctx.beginPath(); ctx.arc(x + w * at, y + w * 0.34, w * 0.08, 0, 7); ctx.fill() }
  }
  for (const x of [560, 610, 1150]) {
    ctx.fillStyle = '#2b2f3a'
    ctx.fillRect(x, 640, 26, 90)
    ctx.beginPath()
    ctx.arc(x + 13, 624, 15, 0, 7)
    ctx.fill()
  }
  return new Promise((done) => canvas.toBlob((blob) => done(URL.createObjectURL(/** @type {Blob} */ (blob))), 'image/jpeg', 0.9))
}

/** mulberry32. @param {number} seed */
function seeded(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const LABELS = ['Car', 'Person', 'Sign', 'Bicycle', 'Window']

/** @param {any} controls @param {any[]} tree @param {any[]} objects */
function plan(controls, tree, objects) {
  const hotkeys = controls.flatMap((/** @type {any} */ control) =>
    (control.options ?? []).filter((/** @type {any} */ option) => option.hotkey).map((/** @type {any} */ option) => ({
      key: option.hotkey, scope: 'main', does: option.text,
      intent: control.type.endsWith('labels') ? { type: 'pick_label', control: control.name, label: option.stored } : { type: 'choose', control: control.name, choice: option.stored },
    })))
  return { plan: 1, config_sha256: '', requires: [], fields: [], tree: { node: 'view', key: 'n0', children: tree }, objects, controls, hotkeys, sample: { data: {} } }
}

/** @param {any[]} controls @param {any} objects @param {Record<string, string>} texts */
const display = (controls, objects, texts) => ({ objects, texts, options: Object.fromEntries(controls.map((control) => [control.name, control.options ?? []])), problems: [] })

/** @param {number} n @param {string} label @param {number[]} box @param {any} [more] */
function box(n, label, [x, y, width, height, rotation = 0], more = {}) {
  return { id: `r${n}`, n, object: 'img', control: 'box', kind: 'rectangle', shape: { x, y, width, height, rotation }, labels: [label], color: COLORS[LABELS.indexOf(label)], text: '', hidden: false, locked: false, readonly: false, origin: 'manual', note: '', answers: {}, ...more }
}

function imageControls() {
  return [
    { name: 'box', tag: 'RectangleLabels', type: 'rectanglelabels', to: ['img'], choice: 'single', opacity: 0.2, stroke_width: 2, can_rotate: true, snap: 'none', options: options(LABELS) },
    choices('quality', 'img', ['Sharp', 'Blurred', 'Cut off'], 10, { per_region: true, required: true }),
    choices('weather', 'img', ['Sunny', 'Rain', 'Snow'], 13),
    { name: 'notes', tag: 'TextArea', type: 'textarea', to: ['img'], rows: 1, max_submissions: 3 },
    { name: 'stars', tag: 'Rating', type: 'rating', to: ['img'], max_rating: 5, icon: 'star', size: 'medium' },
  ]
}

/** @param {string} url @param {any} [object] */
export function image(url, object = {}) {
  const controls = imageControls()
  const tree = [
    { node: 'object', key: 'n1', name: 'img' }, { node: 'control', key: 'n2', name: 'box' }, { node: 'header', key: 'n3', size: 4 }, { node: 'control', key: 'n4', name: 'quality' },
    { node: 'header', key: 'n5', size: 4 }, { node: 'control', key: 'n6', name: 'weather' }, { node: 'header', key: 'n7', size: 4 }, { node: 'control', key: 'n8', name: 'notes' },
    { node: 'header', key: 'n9', size: 4 }, { node: 'control', key: 'n10', name: 'stars' },
  ]
  const regions = Object.fromEntries([
    box(1, 'Car', [11, 62, 21, 16]), box(2, 'Car', [43, 68, 25, 17]), box(3, 'Car', [77.5, 64, 17.5, 13], { score: 0.93, origin: 'prediction' }), box(4, 'Person', [34.4, 60.5, 3, 13]),
    box(5, 'Person', [37.6, 60.5, 3, 13], { note: 'half hidden' }), box(6, 'Sign', [70, 40, 8, 10, 20]), box(7, 'Person', [71.3, 60.5, 3, 13]), box(8, 'Window', [2, 30, 6, 8], { locked: true }), box(9, 'Window', [12, 33, 6, 8], { hidden: true }),
  ].map((region) => [region.id, region]))
  const view = {
    ...EMPTY, regions, selection: ['r6'], active: { box: [] }, tools: { img: { tool: 'select' } }, region_controls: ['quality'],
    counts: { box: { Car: 3, Person: 3, Sign: 1, Window: 2 } }, full: { box: ['Window'] }, answers: { weather: { choices: ['Sunny'] }, notes: { text: ['Two people wait at the kerb'], typing: '' }, stars: { rating: 3 } },
  }
  return {
    plan: plan(controls, tree, [{ name: 'img', type: 'image', crosshair: false, brightness_control: true, contrast_control: true, rotate_control: true, ...object }]),
    display: display(controls, { img: { url } }, { n3: 'Quality of the box', n5: 'Weather', n7: 'Notes', n9: 'How hard was it?' }), view,
  }
}

/** @param {string} url @param {number} count */
export function manyBoxes(url, count) {
  const state = image(url)
  const random = seeded(11)
  /** @type {Record<string, any>} */
  const regions = {}
  for (let n = 1; n <= count; n++) {
    const size = 0.6 + random() * 3
    regions[`r${n}`] = box(n, LABELS[Math.floor(random() * LABELS.length)], [random() * 96, random() * 96, size, size])
  }
  return { ...state, view: { ...state.view, regions, selection: [], region_controls: [], full: {}, active: { box: ['Car'] }, tools: { img: { tool: 'rectangle', control: 'box', color: COLORS[0] } }, counts: { box: { Car: Math.round(count / 5) } } } }
}

const STORY = `Ada Lovelace was born in London on 10 December 1815. Her mother, Anne Isabella Milbanke, had her taught mathematics from the age of four. In 1833 she met Charles Babbage, whose Difference Engine stood in his house in Dorset Street.

Between 1842 and 1843 she translated an article by Luigi Menabrea about the Analytical Engine and added notes that were three times as long as the article itself. Note G describes how the machine could compute Bernoulli numbers: it is often called the first published program. 😀

“The Analytical Engine weaves algebraic patterns,” she wrote, “just as the Jacquard loom weaves flowers and leaves.” She died in Marylebone in 1852, at the age of 36.`
const ENTITIES = ['Person', 'Place', 'Date', 'Work']

/** @param {string} text @param {[string, string][]} marks words and their labels */
function spans(text, marks) {
  /** @type {Record<string, any>} */
  const regions = {}
  let n = 0
  for (const [words, label] of marks) {
    const start16 = text.indexOf(words)
    n++
    regions[`s${n}`] = { id: `s${n}`, n, object: 't', control: 'ner', kind: 'span', shape: { start: start16, end: start16 + words.length, start16, end16: start16 + words.length }, labels: [label], color: COLORS[ENTITIES.indexOf(label)], text: words, hidden: false, locked: false, readonly: false, origin: 'manual', note: '', answers: {} }
  }
  return regions
}

export function text(shown = STORY, regions = spans(STORY, [['Ada Lovelace', 'Person'], ['London', 'Place'], ['10 December 1815', 'Date'], ['Anne Isabella Milbanke', 'Person'], ['Charles Babbage', 'Person'], ['Difference Engine', 'Work'], ['Dorset Street', 'Place'],
  ['an article by Luigi Menabrea', 'Work'], ['Luigi Menabrea', 'Person'], ['Analytical Engine and', 'Work'], ['Marylebone', 'Place'], ['1852', 'Date']])) {
  const controls = [
    { name: 'ner', tag: 'Labels', type: 'labels', to: ['t'], choice: 'single', opacity: 0.2, stroke_width: 1, options: options(ENTITIES) },
    choices('tone', 't', ['Neutral', 'Admiring', 'Critical'], 4, { required: true }),
    { name: 'summary', tag: 'TextArea', type: 'textarea', to: ['t'], rows: 3, editable: true },
  ]
  const tree = [
    { node: 'header', key: 'n1', size: 3 }, { node: 'control', key: 'n2', name: 'ner' }, { node: 'object', key: 'n3', name: 't' }, { node: 'header', key: 'n4', size: 4 }, { node: 'control', key: 'n5', name: 'tone' }, { node: 'control', key: 'n6', name: 'summary' },
  ]
  const counts = /** @type {Record<string, number>} */ ({})
  for (const region of Object.values(regions)) counts[region.labels[0]] = (counts[region.labels[0]] ?? 0) + 1
  const view = { ...EMPTY, regions, selection: Object.keys(regions).slice(8, 9), active: { ner: ['Person'] }, tools: { t: { tool: 'span', control: 'ner', color: COLORS[0] } }, counts: { ner: counts }, answers: { tone: { choices: ['Admiring'] }, summary: { text: ['A short life of Ada Lovelace.'], typing: '' } } }
  return { plan: plan(controls, tree, [{ name: 't', type: 'text', granularity: 'symbol', selection_enabled: true }]), display: display(controls, { t: { text: shown } }, { n1: 'Mark people, places, dates and works', n4: 'How does the text speak of her?', 'summary/label': 'Summary', 'summary/placeholder': 'One sentence' }), view }
}

/** Spans inside spans, and what they have to do with each other. */
export function relatedText() {
  const words = /** @type {[string, string][]} */ ([['Ada Lovelace was born in London', 'Work'], ['Ada Lovelace', 'Person'], ['Lovelace', 'Person'], ['London', 'Place'], ['London on 10 December 1815', 'Date'], ['10 December 1815', 'Date'], ['Anne Isabella Milbanke', 'Person'],
    ['Charles Babbage', 'Person'], ['Difference Engine', 'Work'], ['Dorset Street', 'Place'], ['Luigi Menabrea', 'Person'], ['Marylebone', 'Place'], ['1852', 'Date']])
  const state = text(STORY, spans(STORY, words))
  const relation = (/** @type {number} */ from, /** @type {number} */ to, /** @type {string} */ label, direction = 'right') => ({ from: `s${from}`, to: `s${to}`, direction, labels: label ? [label] : [] })
  const relations = [relation(2, 4, 'born in'), relation(2, 6, 'born on'), relation(7, 2, 'mother of'), relation(2, 8, 'met', 'bi'), relation(8, 9, 'built'), relation(9, 10, 'stood in'), relation(2, 12, 'died in'), relation(2, 13, ''), relation(11, 8, 'wrote about', 'left')]
  const labels = options(['born in', 'born on', 'mother of', 'met', 'built', 'stood in', 'died in', 'wrote about'])
  return { ...state, plan: { ...state.plan, relations: { choice: 'multiple', options: labels } }, display: { ...state.display, relations: labels }, view: { ...state.view, relations, selection: ['s2'] } }
}

/** @param {number} size characters @param {number} count spans @param {number} related relations @param {boolean} unbroken one line */
export function longText(size, count, related = 0, unbroken = false) {
  const random = seeded(3)
  const words = STORY.split(/\s+/)
  let made = ''
  while (made.length < size) {
    const length = 8 + Math.floor(random() * 60)
    for (let at = 0; at < length; at++) made += `${words[Math.floor(random() * words.length)]} `
    if (!unbroken) made += '\n'
  }
  /** @type {Record<string, any>} */
  const regions = {}
  for (let n = 1; n <= count; n++) {
    const start16 = Math.floor(random() * (made.length - 60))
    const end16 = start16 + 4 + Math.floor(random() * 40)
    const label = ENTITIES[Math.floor(random() * 4)]
    regions[`s${n}`] = { id: `s${n}`, n, object: 't', control: 'ner', kind: 'span', shape: { start: start16, end: end16, start16, end16 }, labels: [label], color: COLORS[ENTITIES.indexOf(label)], text: made.slice(start16, end16), hidden: false, locked: false, readonly: false, origin: 'manual', note: '', answers: {} }
  }
  const state = text(made, regions)
  const sorted = Object.values(regions).sort((a, b) => a.shape.start16 - b.shape.start16)
  const relations = Array.from({ length: related }, (_, at) => {
    const one = Math.floor((at / related) * (sorted.length - 4))
    const other = at % 20 ? one + 1 + Math.floor(random() * 3) : Math.floor(random() * sorted.length)
    return { from: sorted[one].id, to: sorted[other].id, direction: 'right', labels: at % 3 ? ['met'] : [] }
  }).filter(({ from, to }) => from !== to)
  return { ...state, view: { ...state.view, selection: [], relations } }
}

/** Forty labels in groups, a style of the config, markup in a label. @param {string} url */
export function manyLabels(url) {
  const state = image(url)
  const [box, ...rest] = state.plan.controls
  const many = options(Array.from({ length: 40 }, (_, at) => `${['Signal', 'Vehicle', 'Street sign', 'Plant'][at % 4]} ${at + 1}`)).map((option, at) => ({ ...option, group: at < 12 ? 'Moving' : 'Standing', ...(at === 1 ? { html: '<b>Bold</b> <i>name</i><img src=x onerror=alert(1)>' } : {}), ...(at === 2 ? { hint: 'Anything with an engine' } : {}) }))
  const controls = [{ ...box, options: many }, ...rest]
  const tree = [{ node: 'style', key: 's0', css: '.note { color: #a00; position: fixed; background: url(https://example.invalid/x.png) } body { display: none }' }, { node: 'view', key: 'v0', class_name: 'note', style: { 'border-left': '4px solid #a00', padding: '4px 12px' }, children: [{ node: 'header', key: 'n3', size: 5 }] }, ...state.plan.tree.children.filter((/** @type {any} */ node) => node.key !== 'n3')]
  return { ...state, plan: plan(controls, tree, state.plan.objects), display: { ...state.display, options: { ...state.display.options, box: many } } }
}

/** Sentiment of a short text, no regions. */
export function sentiment() {
  const controls = [choices('mood', 't', ['Positive', 'Neutral', 'Negative'], 0, { required: true, layout: 'inline' }), choices('topics', 't', ['Price', 'Service', 'Food', 'Room', 'Noise', 'Location'], 3, { choice: 'multiple' }), { name: 'sure', tag: 'Rating', type: 'rating', to: ['t'], max_rating: 5, icon: 'heart', size: 'medium' }]
  const tree = [{ node: 'object', key: 'n1', name: 't' }, { node: 'header', key: 'n2', size: 4 }, { node: 'control', key: 'n3', name: 'mood' }, { node: 'header', key: 'n4', size: 4 }, { node: 'control', key: 'n5', name: 'topics' }, { node: 'header', key: 'n6', size: 4 }, { node: 'control', key: 'n7', name: 'sure' }]
  return {
    plan: plan(controls, tree, [{ name: 't', type: 'text', granularity: 'symbol' }]),
    display: display(controls, { t: { text: 'The room was small but spotless, and the breakfast alone is worth the trip. At night the tram goes right past the window: ask for the courtyard side.' } }, { n2: 'What is the overall mood?', n4: 'What is it about?', n6: 'How sure are you?' }),
    view: { ...EMPTY, regions: {}, active: {}, tools: { t: { tool: 'select' } }, counts: {}, undo: false, answers: { topics: { choices: ['Food', 'Room'] } }, problems: [{ code: 'required', message: 'Choose one.', control: 'mood' }] },
  }
}
