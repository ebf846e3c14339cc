/** The PDF library, fetched when a task first has a PDF. Its worker and decoders are files of our own site (build.mjs). */
import { GlobalWorkerOptions, getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'

const files = typeof __PDF__ === 'string' ? JSON.parse(__PDF__) : { worker: '', decoders: '' }

/** @param {Uint8Array} data @returns {{promise: Promise<import('pdfjs-dist').PDFDocumentProxy>, destroy: () => Promise<void>}} */
export function openPdf(data) {
  GlobalWorkerOptions.workerSrc = files.worker
  return getDocument({ data, wasmUrl: files.decoders, enableXfa: false, stopAtErrors: false })
}
