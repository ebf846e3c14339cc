import { text } from '../app/texts.js'
import { addCommands } from './commands.js'

/** Keys of a PDF that work wherever the keyboard is: a label that was just clicked has it, and the next drag is meant for the page. */

/** The PDF that a key is about: the one with the keyboard; else the first in sight, where no other object has it.
 * @param {import('./kite-surface.js').KiteSurface} surface @returns {import('./kite-pdf.js').KitePdf | undefined} */
function pdfOf(surface) {
  const pdfs = /** @type {import('./kite-pdf.js').KitePdf[]} */ ([...surface.querySelectorAll('kite-pdf')]).filter((pdf) => pdf.state.kind === 'shown' && pdf.checkVisibility())
  const frame = document.activeElement?.closest('.frame')
  const own = pdfs.find((pdf) => pdf.closest('.frame') === frame)
  return own ?? (frame ? undefined : pdfs[0])
}

/** @param {import('./types.js').Plan} plan */
const fits = (plan) => plan.objects.some(({ type }) => type === 'pdf')

addCommands([
  { id: 'pdf.text', does: text('Drags select text'), keys: 't', group: 'Text', icon: 'text', fits, when: (surface) => !!pdfOf(surface)?.marks, run: (surface) => pdfOf(surface)?.use('text') },
  { id: 'pdf.box', does: text('Drags draw boxes'), keys: 'b', group: 'Text', icon: 'box', fits, when: (surface) => !!pdfOf(surface)?.marks, run: (surface) => pdfOf(surface)?.use('box') },
  { id: 'pdf.pages', does: text('Small pages'), keys: 'o', group: 'Text', icon: 'panel', fits, looks: true, when: (surface) => (pdfOf(surface)?.pages.length ?? 0) > 1, run: (surface) => {
    const pdf = pdfOf(surface)
    pdf?.showStrip(!pdf.strip, true)
  } },
])
