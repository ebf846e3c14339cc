/** Starting points for a config. Each brings a task to try it on, in its first comment. */
import { svg } from 'lit'

/** @typedef {{id: string, title: string, what: string, picture: unknown, config: string}} Template */

const photo = svg`<rect class="tp-paper" x="4" y="4" width="88" height="48" rx="2"/><path class="tp-far" d="M4 40 26 22l16 13 14-10 36 27H4Z"/><circle class="tp-far" cx="74" cy="16" r="5"/>`
const lines = svg`<path class="tp-line" d="M8 12h80M8 22h72M8 32h78M8 42h46"/>`

/** @type {Template[]} */
export const templates = [
  {
    id: 'boxes',
    title: 'Boxes on photos',
    what: 'Draw a box around each thing and name it.',
    picture: svg`${photo}<rect class="tp-mark tp-a" x="14" y="26" width="26" height="18"/><rect class="tp-mark tp-b" x="54" y="18" width="14" height="28"/>`,
    config: `<View>
  <!-- {"data": {"image": "/samples/street.svg"}} -->
  <Header value="Mark every car, person and sign"/>
  <RectangleLabels name="thing" toName="photo">
    <Label value="Car"/>
    <Label value="Person"/>
    <Label value="Sign"/>
  </RectangleLabels>
  <Image name="photo" value="$image" zoom="true"/>
</View>
`,
  },
  {
    id: 'spans',
    title: 'Spans in text',
    what: 'Mark words and phrases: names, places, dates.',
    picture: svg`<rect class="tp-span tp-a-soft" x="8" y="6" width="30" height="12"/><rect class="tp-span tp-b-soft" x="44" y="26" width="26" height="12"/>${lines}`,
    config: `<View>
  <!-- {"data": {"text": "On 3 May 1876 the ship Aurora left Bergen for Lisbon. Captain Ingrid Holm had promised the Harbour Board a quiet passage."}} -->
  <Labels name="entity" toName="text">
    <Label value="Person"/>
    <Label value="Place"/>
    <Label value="Organisation"/>
    <Label value="Date"/>
  </Labels>
  <Text name="text" value="$text" granularity="word"/>
</View>
`,
  },
  {
    id: 'classes',
    title: 'Sort texts',
    what: 'Pick the one answer that fits the whole text.',
    picture: svg`<path class="tp-line" d="M8 10h80M8 19h52"/><circle class="tp-mark tp-a" cx="14" cy="36" r="5"/><circle class="tp-dot tp-a" cx="14" cy="36" r="2.5"/><circle class="tp-mark" cx="44" cy="36" r="5"/><circle class="tp-mark" cx="74" cy="36" r="5"/>`,
    config: `<View>
  <!-- {"data": {"text": "The parcel came two days late, but the shop answered at once and sent a new lamp for free."}} -->
  <Text name="text" value="$text"/>
  <Header value="What is the writer's mood?"/>
  <Choices name="mood" toName="text" choice="single" layout="inline" required="true">
    <Choice value="Happy"/>
    <Choice value="Neutral"/>
    <Choice value="Unhappy"/>
    <Choice value="Cannot tell"/>
  </Choices>
</View>
`,
  },
  {
    id: 'rating',
    title: 'Rate and explain',
    what: 'Give stars and say why in a few words.',
    picture: svg`<path class="tp-dot tp-b" d="m16 8 2.6 5.4 5.9.8-4.3 4.1 1.1 5.9-5.3-2.8-5.3 2.8 1.1-5.9-4.3-4.1 5.9-.8Zm26 0 2.6 5.4 5.9.8-4.3 4.1 1.1 5.9-5.3-2.8-5.3 2.8 1.1-5.9-4.3-4.1 5.9-.8Z"/><path class="tp-mark" d="m68 8 2.6 5.4 5.9.8-4.3 4.1 1.1 5.9-5.3-2.8-5.3 2.8 1.1-5.9-4.3-4.1 5.9-.8Z"/><rect class="tp-paper" x="8" y="32" width="80" height="18" rx="2"/><path class="tp-line" d="M13 41h44"/>`,
    config: `<View>
  <!-- {"data": {"text": "Q: Why is the sky blue?\\nA: Air scatters blue light more than red light, so blue reaches us from everywhere."}} -->
  <Text name="answer" value="$text"/>
  <Header value="How good is this answer?"/>
  <Rating name="quality" toName="answer" maxRating="5" required="true"/>
  <TextArea name="why" toName="answer" placeholder="What is right, what is missing?" rows="3" maxSubmissions="1"/>
</View>
`,
  },
  {
    id: 'caption',
    title: 'Describe photos',
    what: 'Say what kind of photo it is and write a caption.',
    picture: svg`<g transform="translate(0 -2) scale(1 .68)">${photo}</g><path class="tp-line" d="M8 42h66M8 50h40"/>`,
    config: `<View>
  <!-- {"data": {"image": "/samples/harbour.svg"}} -->
  <Image name="photo" value="$image" zoom="true"/>
  <Choices name="kind" toName="photo" choice="multiple" layout="inline">
    <Choice value="Outdoors"/>
    <Choice value="People"/>
    <Choice value="Text in it"/>
  </Choices>
  <TextArea name="caption" toName="photo" label="Caption" placeholder="One sentence: who or what, where, doing what" maxSubmissions="1" required="true"/>
</View>
`,
  },
]
