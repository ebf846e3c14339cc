/** Hand-made states of documents, tables, conversations and layout: states to look at, not an engine. */

const COLORS = ['#e69f00', '#56b4e9', '#009e73', '#cc79a7']
const EMPTY = { regions: {}, answers: {}, selection: [], active: {}, tools: {}, hidden: [], region_controls: [], counts: {}, full: {}, undo: true, redo: false, changed: true, problems: [], items: {} }

/** @param {string[]} values */
const options = (values) => values.map((value, at) => ({ value, stored: value, text: value, color: COLORS[at % COLORS.length], hotkey: String(at + 1) }))
/** @param {string} name @param {string} to @param {string[]} values @param {any} [more] */
const choices = (name, to, values, more = {}) => ({ name, tag: 'Choices', type: 'choices', to: [to], choice: 'single', layout: 'vertical', options: options(values), ...more })
/** @param {string} name @param {string} tag @param {string} to @param {string[]} values @param {any} [more] */
const labels = (name, tag, to, values, more = {}) => ({ name, tag, type: tag.toLowerCase(), to: [to], choice: 'single', options: options(values), ...more })

/** @param {any[]} tree @param {any[]} objects @param {any[]} controls @param {any} shown of the Display @param {any} [view] */
function state(tree, objects, controls, shown, view = {}) {
  let key = 0
  const keyed = (/** @type {any} */ node) => ({ key: `n${++key}`, ...node, ...(node.children ? { children: node.children.map(keyed) } : {}) })
  const active = Object.fromEntries(controls.filter((control) => control.type.endsWith('labels')).map((control) => [control.name, []]))
  return {
    plan: { plan: 1, config_sha256: '', requires: [], fields: [], tree: { node: 'view', key: 'n0', children: tree.map(keyed) }, objects, controls, hotkeys: shown.hotkeys ?? [], sample: { data: {} } },
    display: { objects: shown.objects, texts: shown.texts ?? {}, options: Object.fromEntries(controls.map((control) => [control.name, control.options ?? []])), problems: [] },
    view: { ...EMPTY, active, ...view },
  }
}

const object = (/** @type {string} */ name) => ({ node: 'object', name })
const control = (/** @type {string} */ name) => ({ node: 'control', name })
/** @param {number} n @param {any} more */
const region = (n, more) => ({ id: `r${n}`, n, labels: [], color: COLORS[(n - 1) % COLORS.length], text: '', hidden: false, locked: false, readonly: false, origin: 'manual', note: '', answers: {}, ...more })

export const PAGE = `<style>body { background: #fffdf6; color: #222 } h1 { color: #7a1f1f; position: fixed } .box { border: 1px solid #caa; padding: 6px; background: url(https://example.org/track.png) }</style>
<h1>Order 1288</h1><p onclick="alert(1)">Delivered to <b>Ada Lovelace</b> in <a href="https://example.org/berlin">Berlin</a>.</p><script>document.title = 'broken out'</script>
<div class="box" style="font-style: italic; position: fixed; top: 0">Fragile: handle with care.</div><form action="/steal"><input name="x"></form>
<table><tr><th>Item</th><th>Price</th></tr><tr><td>Kite, red</td><td>12.00</td></tr></table><img src="relative.png" alt="a picture that is not there">`

const TALK = [
  { author: 'Ana', text: 'Good morning, this is the support line. How can I help?', start: 0.4, end: 4.1 },
  { author: 'Customer', text: 'My order from last week has not arrived, and nobody answers my mails.', start: 4.6, end: 9.8 },
  { author: 'Customer', text: 'The number is 1288.', start: 9.9, end: 11.2 },
  { author: 'Ana', text: 'I am sorry to hear that. Let me look it up: it left our store on Monday.', start: 12, end: 17.4 },
  { author: 'Robot', text: 'This call is recorded.', start: 17.6, end: 19 },
]

/** @type {Record<string, (ask: URLSearchParams) => any>} */
export const DOCUMENTS = {
  hypertext: (ask) => state([control('ner'), object('page'), control('kind')], [{ name: 'page', tag: 'HyperText', type: 'hypertext', inline: ask.has('inline'), clickable_links: ask.has('links') }],
    [labels('ner', 'HyperTextLabels', 'page', ['Person', 'Place'], { shape: 'hyperspan' }), choices('kind', 'page', ['Order', 'Complaint'])],
    { objects: { page: ask.has('url') ? { url: ask.get('url') } : { text: PAGE } } },
    { regions: {
      r1: region(1, { object: 'page', control: 'ner', kind: 'hyperspan', labels: ['Person'], text: 'Ada Lovelace', shape: { start: '/p[1]/b[1]/text()[1]', end: '/p[1]/b[1]/text()[1]', startOffset: 0, endOffset: 12 } }),
      r2: region(2, { object: 'page', control: 'ner', kind: 'hyperspan', labels: ['Place'], text: 'Berlin', shape: { start: '/p[9]/text()[1]', end: '/p[9]/text()[1]', startOffset: 0, endOffset: 6, globalOffsets: { start: 40, end: 46 } } }),
    }, counts: { ner: { Person: 1, Place: 1 } } }),
  paragraphs: (ask) => state([control('act'), object('talk'), control('mood')], [{ name: 'talk', tag: 'Paragraphs', type: 'paragraphs', layout: ask.get('layout') ?? 'dialogue' }],
    [labels('act', 'ParagraphLabels', 'talk', ['Question', 'Complaint'], { shape: 'phrase' }), choices('mood', 'talk', ['Calm', 'Angry'])],
    { objects: { talk: ask.has('url') ? { url: ask.get('url') } : { phrases: ask.has('empty') ? [] : TALK } } },
    { regions: { r1: region(1, { object: 'talk', control: 'act', kind: 'phrase', labels: ['Complaint'], color: COLORS[1], text: 'nobody answers my mails', shape: { start: '1', end: '1', startOffset: 45, endOffset: 68 } }) }, counts: { act: { Complaint: 1 } } }),
  chat: () => state([object('chat'), control('good')], [{ name: 'chat', tag: 'Chat', type: 'chat' }], [{ name: 'chat', tag: 'Chat', type: 'chatmessage', to: ['chat'], shape: 'message', roles: ['user', 'assistant'] }, choices('good', 'chat', ['Yes', 'No'])],
    { objects: { chat: { messages: [{ role: 'system', content: 'Answer in one sentence.' }, { role: 'user', content: 'Why is the sky blue?' }, { role: 'assistant', content: 'Because air scatters **blue** light most.\n<b>Not bold.</b>', createdAt: 1735689600000 }] } }, texts: { 'good/title': 'Is the answer good?' } },
    { regions: { r1: region(1, { object: 'chat', control: 'chat', kind: 'message', text: 'And at dusk?', shape: { role: 'user', content: 'And at dusk?', createdAt: 1735689700000 } }) } }),
  table: (ask) => state([object('rows'), control('fine')], [{ name: 'rows', tag: 'Table', type: 'table' }], [choices('fine', 'rows', ['Plausible', 'Not plausible'])],
    { objects: { rows: { columns: ['City', 'Country', 'People', 'What the register says about it'], rows: Array.from({ length: Number(ask.get('count') ?? 450) }, (_, at) => [`City ${at + 1}`, at % 2 ? 'Peru' : 'Japan', ((at + 1) * 1371).toLocaleString('en'), 'Founded before the records begin; its harbour was enlarged twice.']) } } }),
  list: () => state([object('results'), control('ok')], [{ name: 'results', tag: 'List', type: 'list', title: 'Search results' }], [choices('ok', 'results', ['Useful', 'Useless'])],
    { objects: { results: { items: [{ id: '1', title: 'Kites', body: 'A kite is a tethered craft.\nIt is heavier than air.' }, { id: '2', title: 'Red kite', html: 'A <b>bird</b> of prey<script>alert(1)</script> of the <i style="color: #8a1f1f">Milvus</i> family.' }, { id: '3', title: '', body: 'No title here.' }] } } }),
  pdf: (ask) => state([object('doc'), control('kind')], [{ name: 'doc', tag: 'Pdf', type: 'pdf' }], [choices('kind', 'doc', ['Invoice', 'Letter'], { layout: 'inline' }), labels('ocr', 'OcrLabels', 'doc', ['Sum'], { shape: 'ocrbox' })].slice(0, ask.has('ocr') ? 2 : 1),
    { objects: { doc: { url: ask.get('url') ?? 'sample.pdf' } } }),
  layout: () => state([
    { node: 'markdown', style: {} },
    { node: 'object', name: 't' },
    { node: 'filter', to: 'topic', placeholder: 'Find a topic', min_length: 2, hotkey: 'shift+f' }, control('topic'),
    { node: 'collapse', accordion: true, bordered: true, open: false, children: [
      { node: 'panel', open: true, children: [control('tone')] }, { node: 'panel', children: [control('quality')] }] },
  ], [{ name: 't', tag: 'Text', type: 'text' }],
    [choices('topic', 't', ['Weather', 'Sports', 'Politics', 'Sailing']), choices('tone', 't', ['Neutral', 'Heated']), choices('quality', 't', ['Good', 'Bad'])],
    { objects: { t: { text: 'The regatta was called off at noon: no wind.' } }, texts: { n1: '\n   ## How to label\n\n   Read the text, then answer **both** questions.\n\n   1. Pick a topic\n   2. See [the guide](https://example.org/guide) <script>alert(1)</script>\n', n6: 'Tone', n8: 'Quality' } }),
  question: () => state([object('t'), { node: 'question', name: 'q1', children: [control('q1'), control('q1_none')] }, { node: 'question', name: 'q2', children: [control('q2')] }],
    [{ name: 't', tag: 'Text', type: 'text', granularity: 'symbol', selection_enabled: true }],
    [labels('q1', 'Labels', 't', ['Answer']), choices('q1_none', 't', ['The text does not say']), labels('q2', 'Labels', 't', ['Answer'])],
    { objects: { t: { text: 'The regatta was called off at noon, because there was no wind. It will be held on Sunday.' } }, texts: { n2: 'Why was the regatta called off?', n5: 'When will it be held?' } },
    { regions: { r1: region(1, { object: 't', control: 'q1', kind: 'span', labels: ['Answer'], text: 'there was no wind', shape: { start: 44, end: 61, start16: 44, end16: 61 } }) }, counts: { q1: { Answer: 1 } } }),
  repeater: (ask) => {
    const pages = [0, 1, 2]
    const copies = pages.map((at) => ({ node: 'view', key: `n1.${at}`, style: {}, children: [{ node: 'header', key: `n2.${at}`, size: 4 }, { node: 'object', key: `n3.${at}`, name: `t${at}` }, { node: 'control', key: `n4.${at}`, name: `c${at}` }] }))
    return state([{ node: 'repeater', key: 'n1', mode: ask.get('mode') ?? 'pagination', children: copies }], pages.map((at) => ({ name: `t${at}`, tag: 'Text', type: 'text' })), pages.map((at) => choices(`c${at}`, `t${at}`, ['Relevant', 'Not relevant'])),
      { objects: Object.fromEntries(pages.map((at) => [`t${at}`, { text: `Paragraph ${at + 1}: kites were flown over the harbour.` }])), texts: Object.fromEntries(pages.map((at) => [`n2.${at}`, `Part ${at + 1}`])),
        hotkeys: pages.map((at) => ({ key: '1', scope: 'main', does: 'Relevant', intent: { type: 'choose', control: `c${at}`, choice: 'Relevant' }, repeat: { node: 'n1', item: at } })) })
  },
  unknown: () => state([object('x'), control('y'), { node: 'hologram' }], [{ name: 'x', tag: 'Hologram', type: 'hologram' }], [{ name: 'y', tag: 'Smell', type: 'smell', to: ['x'] }], { objects: { x: { url: 'x' } } }),
}
