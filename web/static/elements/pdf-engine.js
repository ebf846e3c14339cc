/** The PDF library, fetched when a task first has a PDF. Its worker and decoders are files of our own site (build.mjs). */
import { GlobalWorkerOptions, TextLayer, getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'

const files = typeof __PDF__ === 'string' ? JSON.parse(__PDF__) : { worker: '', decoders: '' }

/** @param {Uint8Array} data @returns {{promise: Promise<import('pdfjs-dist').PDFDocumentProxy>, destroy: () => Promise<void>}} */
export function openPdf(data) {
  GlobalWorkerOptions.workerSrc = files.worker
  return getDocument({ data, wasmUrl: files.decoders, enableXfa: false, stopAtErrors: false })
}

/** Lays the text of a page into an element, as transparent letters where the page has them.
 * @param {import('pdfjs-dist').PDFPageProxy} page @param {HTMLElement} container @param {import('pdfjs-dist').PageViewport} viewport */
export async function layText(page, container, viewport) {
  await new TextLayer({ textContentSource: page.streamTextContent(), container, viewport }).render()
}
